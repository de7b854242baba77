/* SPDX-License-Identifier: MIT */
/* The grammar of JSON (RFC 8259), strictly, before a library sees the text. */
#ifndef ACK_JSON_SCAN_H
#define ACK_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * True when `len` bytes are exactly one value that json.h accepts; else
 * *where is the offset of the fault, len when the text ends too early.
 */
bool ack_json_scan(const char *text, size_t len, size_t *where);

/*
 * The next number in a text that ack_json_scan() accepted, starting at
 * *pos, which moves behind it; its length, or 0 when there is none left.
 */
size_t ack_json_scan_number(const char *text, size_t len, size_t *pos);

#endif
