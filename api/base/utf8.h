/* SPDX-License-Identifier: MIT */
/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms. */
#ifndef ACK_UTF8_H
#define ACK_UTF8_H

#include <stddef.h>

#define ACK_UTF8_SHORT ((size_t)-1)

/*
 * The bytes of the character at `text`, 1 to 4. 0: malformed.
 * ACK_UTF8_SHORT: right so far, but `len` ends within it (len 0 too).
 */
size_t ack_utf8_next(const char *text, size_t len);

#endif
