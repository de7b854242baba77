/* SPDX-License-Identifier: MIT */
#include "actions/whole.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/span.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/scale.h"
#include "params/body.h"
#include "params/body_drop.h"
#include "params/params.h"
#include "params/values.h"

#define POOL "nodepools[0]."

static int set(struct ack_values *v, unsigned row, const char *text)
{
	return ack_values_set(v, row, text, strlen(text), time_now_ns());
}

int whole_note(struct object *o, const struct ack_values *v)
{
	const struct ack_table *t = o->kind->table;
	struct ack_buf names = ACK_BUF_INIT(4096);
	int ret;

	for (unsigned row = 0; row < t->count; row++)
		if (t->rows[row].flags & ACK_MADE &&
			!ack_values_get(v, row, NULL))
			ack_buf_printf(&names, "%s%s", names.len ? "\n" : "",
				t->rows[row].name);
	ret = ack_buf_status(&names);
	if (!ret)
		ret = set(
			&o->values, ack_body_made_row(t), ack_buf_text(&names));
	ack_buf_release(&names);
	return ret;
}

/* Leaves out what the service made along. */
static void leave_out(const struct object *o, struct ack_values *v)
{
	const struct ack_table *t = o->kind->table;
	struct ack_span rest = ack_span_of(
		ack_values_get(&o->values, ack_body_made_row(t), NULL));

	while (rest.len > 0) {
		struct ack_span name = ack_span_cut(&rest, "\n");

		for (unsigned row = 0; row < t->count; row++)
			if (ack_span_is(name, t->rows[row].name))
				ack_values_drop(v, row);
	}
}

static bool is_made(const struct object *o, unsigned row)
{
	const char *text = ack_values_get(
		&o->values, ack_body_made_row(o->kind->table), NULL);

	return text && strstr(text, o->kind->table->rows[row].name);
}

/* What a cluster's own parameters do not say of its first pool. */
static int add_first(const struct object *pool, struct ack_values *v)
{
	const struct ack_table *t = &ack_cluster_table;
	int ret = 0;

	for (unsigned row = 0; row < t->count && !ret; row++) {
		const char *place = t->rows[row].place[ACK_NODEPOOLS];

		if (!place || strncmp(place, POOL, strlen(POOL)) != 0 ||
			strchr(place, '=') || ack_values_get(v, row, NULL))
			continue;
		for (unsigned i = 0; i < ack_pool_table.count && !ret; i++) {
			const char *own =
				ack_pool_table.rows[i].place[ACK_NODEPOOLS];
			const char *text = ack_values_get(
				&pool->values, i, NULL);

			if (text && own && !strcmp(place + strlen(POOL), own))
				ret = set(v, row, text);
		}
	}
	return ret;
}

struct gathering {
	const struct object *cluster;
	const struct object *first; /* the pool of num_of_nodes */
	struct ack_values *v;
	struct ack_buf lines; /* the others */
	unsigned count;
	int ret;
};

static bool counts(const struct object *p)
{
	return object_exists(p) && strcmp(p->word, "deleting") != 0;
}

static void choose(struct object *p, void *arg)
{
	struct gathering *g = arg;

	if (!counts(p))
		return;
	if (p->is_default || (!g->count && !g->first))
		g->first = p;
	g->count++;
}

static void gather(struct object *p, void *arg)
{
	struct gathering *g = arg;
	struct ack_values v = ACK_VALUES_INIT;

	if (!counts(p) || p == g->first || g->ret)
		return;
	g->ret = ack_values_copy(&v, &p->values);
	if (!g->ret && is_made(g->cluster, ACK_P_vswitch_ids)) {
		ack_values_drop(&v, ACK_POOL_P_vswitch_ids);
		ack_values_drop(&v, ACK_POOL_P_security_group_ids);
	}
	if (!g->ret && g->lines.len)
		ack_buf_putc(&g->lines, '\n');
	if (!g->ret)
		g->ret = ack_body_build(&ack_pool_table, &v, ACK_NODEPOOLS,
			false, false, &g->lines);
	ack_values_release(&v);
}

/* What only the classic form has says nothing of node pools, and has no effect
 * any more; with it they could not be said. */
static void drop_classic(struct ack_values *v)
{
	for (unsigned row = 0; row < ack_cluster_table.count; row++) {
		const struct ack_param *p = &ack_cluster_table.rows[row];

		if (p->place[ACK_CLASSIC] && !p->place[ACK_NODEPOOLS])
			ack_values_drop(v, row);
	}
}

static int add_pools(struct gathering *g)
{
	char number[24];
	long nodes = g->first ? scale_nodes(g->first) : -1;

	if (g->count < 2 || nodes < 0)
		return 0;
	objects_walk((struct objects *)&g->cluster->pools, gather, g);
	if (!g->ret)
		g->ret = ack_buf_status(&g->lines);
	if (!g->ret)
		g->ret = set(
			g->v, ACK_P_extra_nodepools, ack_buf_text(&g->lines));
	snprintf(number, sizeof(number), "%ld", nodes);
	if (!g->ret)
		g->ret = set(g->v, ACK_P_num_of_nodes, number);
	if (!g->ret)
		drop_classic(g->v);
	return g->ret;
}

int whole_cluster(const struct object *o, struct ack_values *v)
{
	struct gathering g = {.cluster = o, .v = v};

	if (!object_exists(o) || o->parent)
		return 0;
	leave_out(o, v);
	if (!o->pools_seen)
		return 0;
	ack_buf_init(&g.lines, 1u << 20);
	objects_walk((struct objects *)&o->pools, choose, &g);
	if (g.first)
		g.ret = add_first(g.first, v);
	if (!g.ret)
		g.ret = add_pools(&g);
	ack_buf_release(&g.lines);
	return g.ret;
}
