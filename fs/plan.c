/* SPDX-License-Identifier: MIT */
/* What a commit would do, for a person to read before: steps_plan(). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "kind.h"
#include "object.h"
#include "params.h"
#include "steps.h"
#include "values.h"

/* A list on one line. */
static void put_value(
	const struct ack_param *p, const char *text, struct ack_buf *out)
{
	if (!text) {
		ack_buf_puts(out, "unset");
		return;
	}
	if (p->flags & ACK_SECRET) {
		ack_buf_puts(out, "(not shown)");
		return;
	}
	for (; *text; text++)
		ack_buf_putc(out, *text == '\n' ? ',' : *text);
}

static void put_changes(
	const struct object *o, const struct step *step, struct ack_buf *out)
{
	const char *before = ": ";
	int row = ack_values_next_touched(&o->edits, 0);

	for (; row >= 0;
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1)) {
		const struct ack_param *p = &o->kind->table->rows[row];

		if (!step->covers(o, (unsigned)row))
			continue;
		ack_buf_printf(out, "%s%s: ", before, p->name);
		put_value(p, ack_values_get(&o->values, (unsigned)row, NULL),
			out);
		ack_buf_puts(out, " -> ");
		put_value(
			p, ack_values_get(&o->edits, (unsigned)row, NULL), out);
		before = ", ";
	}
}

static long number(const struct ack_values *v, int row)
{
	const char *text = row < 0 ? NULL
				   : ack_values_get(v, (unsigned)row, NULL);

	return text ? strtol(text, NULL, 10) : -1;
}

static bool is_prepaid(const struct object *o)
{
	const char *name = o->parent ? "instance_charge_type"
				     : "worker_instance_charge_type";
	int row = ack_table_find(o->kind->table, name);
	const char *text = ack_values_get(&o->values, (unsigned)row, NULL);

	return text && !strcmp(text, "PrePaid");
}

static void put_warnings(const struct object *o, struct ack_buf *out)
{
	const struct ack_table *t = o->kind->table;
	int row = (int)t->nodes;
	long is = number(&o->values, row), will = number(&o->edits, row);
	bool counted = object_edited(o, t->nodes) && is >= 0 && will >= 0;

	if (counted && will < is)
		ack_buf_printf(out,
			"warning: %s: %ld node%s taken away, with all that "
			"runs on them\n",
			t->rows[row].name, is - will,
			is - will == 1 ? " is" : "s are");
	if (counted && is_prepaid(o))
		ack_buf_printf(out,
			"warning: %s: the nodes are PrePaid: new ones are paid "
			"for the whole period, and those taken away stay "
			"rented\n",
			t->rows[row].name);
}

static void find_pool(struct object *o, void *arg)
{
	struct step_request *s = arg;

	snprintf(s->pool, sizeof(s->pool), "%s", o->id);
}

/* Which pool it will be is asked for at the commit; the only one it must be. */
static void name_pool(const struct object *o, struct step_request *s)
{
	if (o->pools.count == 1)
		objects_walk(&o->pools, find_pool, s);
	if (!*s->pool)
		snprintf(s->pool, sizeof(s->pool), "POOL");
}

void steps_plan(const struct object *o, struct ack_buf *out)
{
	struct step_request s;

	for (unsigned i = 0; i < nsteps; i++) {
		if (!steps[i].wanted(o))
			continue;
		step_request_init(&s);
		if (steps[i].needs_pool)
			name_pool(o, &s);
		if (steps[i].compose(o, &s)) {
			out->failed = true;
		} else {
			ack_request_text(&s.r, out);
			put_changes(o, &steps[i], out);
			ack_buf_putc(out, '\n');
		}
		step_request_release(&s);
	}
	put_warnings(o, out);
}
