/* SPDX-License-Identifier: MIT */
/* A row of a test: text as it was written, and what becomes of it. */
#ifndef PARAM_CASE_H
#define PARAM_CASE_H

#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "params/params.h"
#include "params/types.h"

struct param_case {
	unsigned row;
	const char *text;
	const char *canon; /* NULL: it is refused */
	const char *words; /* in the sentence of the refusal; NULL: EAGAIN */
	const struct ack_table *table; /* NULL: that of clusters */
};

static inline const struct ack_param *case_param(const struct param_case *c)
{
	return &(c->table ? c->table : &ack_cluster_table)->rows[c->row];
}

/* Copied to its exact size, so that a sanitizer sees a read beyond it. */
static inline int parse_param(const struct ack_param *p, const char *text,
	size_t len, struct ack_buf *out, struct ack_error *e)
{
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	ack_error_clear(e);
	int ret = ack_param_parse(p, copy, len, out, e);
	free(copy);
	return ret;
}

static inline int parse_bytes(unsigned row, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	return parse_param(&ack_cluster_table.rows[row], text, len, out, e);
}

/* What is read can be written back: canonical text, request, and back. */
static inline void check_round_trip(
	const struct ack_param *p, const char *canon)
{
	struct ack_buf text = ACK_BUF_INIT(1u << 20);
	struct ack_buf again = ACK_BUF_INIT(1u << 20);
	struct ack_error e;

	assert_int_equal(parse_param(p, canon, strlen(canon), &again, &e), 0);
	assert_string_equal(ack_buf_text(&again), canon);
	ack_buf_clear(&again);

	struct ack_json *n = p->type->wire(p, canon);
	assert_non_null(n);
	assert_int_equal(p->type->unwire(p, n, &text, &e), 0);
	assert_int_equal(parse_param(p, text.data, text.len, &again, &e), 0);
	assert_string_equal(ack_buf_text(&again), canon);
	ack_json_free(n);
	ack_buf_release(&text);
	ack_buf_release(&again);
}

static inline void check_case(const struct param_case *c)
{
	struct ack_buf out = ACK_BUF_INIT(1u << 20);
	struct ack_error e;
	const char *name = case_param(c)->name;
	int ret = parse_param(
		case_param(c), c->text, strlen(c->text), &out, &e);

	if (c->canon && (ret || strcmp(ack_buf_text(&out), c->canon) != 0))
		fail_msg("%s: \"%s\" gave %d \"%s\" \"%s\", not \"%s\"", name,
			c->text, ret, ack_buf_text(&out), e.message, c->canon);
	if (!c->canon && ret != (c->words ? -EINVAL : -EAGAIN))
		fail_msg("%s: \"%s\" gave %d \"%s\"", name, c->text, ret,
			ack_buf_text(&out));
	if (!c->canon && c->words && !strstr(e.message, c->words))
		fail_msg("%s: \"%s\" is refused with \"%s\", not \"%s\"", name,
			c->text, e.message, c->words);
	if (!c->canon && c->words)
		assert_string_equal(e.param, name);
	if (!c->canon)
		assert_int_equal(out.len, 0);
	ack_buf_release(&out);
	if (c->canon && *c->canon)
		check_round_trip(case_param(c), c->canon);
}

#endif
