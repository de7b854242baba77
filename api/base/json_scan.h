/* SPDX-License-Identifier: MIT */
/* The grammar of JSON (RFC 8259), strictly, before a library sees the text. */
#ifndef ACK_JSON_SCAN_H
#define ACK_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct ack_buf;

/* A number in the text. */
struct ack_json_digits {
	size_t at, len;
};

/*
 * True when `len` bytes are exactly one value that json.h accepts, with all
 * that is in it at most `most` values, and every number of it, in the order of
 * the text, is a struct ack_json_digits of `numbers`, which may have failed;
 * else *where is the offset of the fault, len when the text ends too early.
 */
bool ack_json_scan(const char *text, size_t len, size_t most, size_t *where,
	struct ack_buf *numbers);

#endif
