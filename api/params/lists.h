/* SPDX-License-Identifier: MIT */
/* What all lists have in common: lines, JSON, limits, duplicates. */
#ifndef ACK_LISTS_H
#define ACK_LISTS_H

#include <stdbool.h>

#include "base/span.h"

struct ack_buf;
struct ack_error;
struct ack_json;
struct ack_param;

struct ack_list {
	bool words;  /* commas and blanks part items, not only line ends */
	bool single; /* not a list: exactly one item */
	/*
	 * One item, from its written form or from JSON: its canonical line,
	 * without the line end, goes to `line`; what no other item of the
	 * list may have, too, to `identity` (nothing: anything goes).
	 */
	int (*item)(const struct ack_list *l, const struct ack_param *p,
		struct ack_span text, struct ack_buf *line,
		struct ack_buf *identity, struct ack_error *e);
	int (*object)(const struct ack_list *l, const struct ack_param *p,
		const struct ack_json *n, struct ack_buf *line,
		struct ack_buf *identity, struct ack_error *e);
};

/* The parse() and the read() of the types that have items (types.h). */
int ack_list_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e);
int ack_list_read(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e);

/* The unwire() of all of them: parse() reads the JSON itself. */
int ack_list_unwire(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e);

/* The sentence about JSON that is wrong at this offset; -EINVAL. */
int ack_list_refuse_json(const struct ack_param *p, const char *text,
	size_t where, struct ack_error *e);

/* True for a text that is JSON, not lines: it begins with [ or {. */
bool ack_list_is_json(struct ack_span s);

#endif
