/* SPDX-License-Identifier: MIT */
/*
 * The text of one parameter, which the first line names: `cluster tags`. What
 * is taken reads back as itself, and goes to JSON and back unchanged.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "params/params.h"
#include "params/types.h"

static unsigned count;
static const struct ack_param **params;
static char (*names)[80];

static const char *name(unsigned i)
{
	return names[i];
}

static void add(const struct ack_table *t)
{
	for (unsigned i = 0; i < t->count; i++, count++) {
		params[count] = &t->rows[i];
		snprintf(names[count], sizeof(names[count]), "%s %s", t->name,
			t->rows[i].name);
	}
}

void fuzz_begin(void)
{
	unsigned most = ack_cluster_table.count + ack_pool_table.count;

	params = calloc(most, sizeof(*params));
	names = calloc(most, sizeof(*names));
	MUST(params && names);
	add(&ack_cluster_table);
	add(&ack_pool_table);
}

static void same(const struct ack_buf *a, const struct ack_buf *b)
{
	MUST(a->len == b->len);
	MUST(!strcmp(ack_buf_text(a), ack_buf_text(b)));
}

static void to_json_and_back(
	const struct ack_param *p, const struct ack_buf *canon)
{
	struct ack_buf back = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	struct ack_json *n = p->type->wire(p, ack_buf_text(canon));
	struct ack_error e;

	MUST(n);
	MUST(!ack_param_read(p, n, &back, &e));
	same(canon, &back);
	ack_json_free(n);
	ack_buf_release(&back);
}

void fuzz_one(struct ack_span input)
{
	const struct ack_param *p = params[fuzz_choose(&input, name, count)];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	struct ack_buf again = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	struct ack_error e;
	int ret = ack_param_parse(p, input.text, input.len, &canon, &e);

	if (ret && ret != -EAGAIN) {
		fuzz_failure(ret, &e);
		MUST(!strcmp(e.param, p->name));
	}
	if (!ret && canon.len) {
		MUST(strlen(canon.data) == canon.len);
		MUST(!ack_param_parse(p, canon.data, canon.len, &again, &e));
		same(&canon, &again);
		to_json_and_back(p, &canon);
	}
	ack_buf_release(&canon);
	ack_buf_release(&again);
}
