/* SPDX-License-Identifier: MIT */
/*
 * request.json of a cluster or a node pool, as the first line says. What is
 * built of a request that is taken is a request that gives the same again.
 */
#include "fuzz.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "params/body.h"
#include "params/rules.h"
#include "params/values.h"

#define BODY_MAX (1u << 20)

static const struct ack_table *const tables[] = {
	&ack_cluster_table, &ack_pool_table};

static const char *name(unsigned i)
{
	return tables[i]->name;
}

void fuzz_begin(void)
{
}

struct findings {
	const struct ack_table *table;
	/* Of the pools of a cluster: it is not sent, and where there is no
	 * first pool, another that reads it takes this for the first. */
	bool nameless;
};

static void found(void *arg, const struct ack_finding *f)
{
	struct findings *all = arg;

	MUST(ack_table_find(all->table, f->param) >= 0);
	MUST(*f->text && fuzz_plain(f->text));
	all->nameless |= !!strstr(f->text, "a pool without name: name: ");
}

static void there_and_back(const struct ack_table *t,
	const struct ack_values *v, enum ack_form form, bool pretty)
{
	struct ack_buf text = ACK_BUF_INIT(BODY_MAX);
	struct ack_buf again = ACK_BUF_INIT(BODY_MAX);
	struct ack_values back = ACK_VALUES_INIT;
	struct findings all = {.table = t};
	struct ack_error e;

	ack_rules_check(t, v, form, found, &all);
	MUST(!ack_body_build(t, v, form, true, pretty, &text));
	MUST(!ack_body_parse(t, text.data, text.len, 1, &back, &e));
	MUST(!ack_body_build(t, &back, form, true, pretty, &again));
	MUST(all.nameless ||
		!strcmp(ack_buf_text(&text), ack_buf_text(&again)));
	ack_values_release(&back);
	ack_buf_release(&text);
	ack_buf_release(&again);
}

void fuzz_one(struct ack_span input)
{
	const struct ack_table *t = tables[fuzz_choose(&input, name, 2)];
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_error e;
	int ret = ack_body_parse(t, input.text, input.len, 1, &v, &e);

	if (ret && ret != -EAGAIN)
		fuzz_failure(ret, &e);
	if (ret) {
		MUST(!v.block);
		return;
	}
	there_and_back(t, &v, ACK_CLASSIC, false);
	there_and_back(t, &v, ACK_NODEPOOLS, true);
	ack_values_release(&v);
}
