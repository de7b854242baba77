/* SPDX-License-Identifier: MIT */
/* What a commit would do, for a person to read before: steps_plan(). */
#include <string.h>

#include "actions/steps.h"
#include "base/buf.h"
#include "base/error.h"
#include "model/bases.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/scale.h"
#include "params/params.h"
#include "params/types.h"
#include "params/values.h"

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
		ack_param_line(p,
			ack_values_get(&o->values, (unsigned)row, NULL), out);
		ack_buf_puts(out, " -> ");
		ack_param_line(
			p, ack_values_get(&o->edits, (unsigned)row, NULL), out);
		before = ", ";
	}
}

/* Of num_of_nodes: the pool that changes, and both numbers of it. */
static void put_pool(const struct object *o, struct ack_buf *out)
{
	struct scale s;

	if (scale_find(o, &s))
		ack_buf_printf(out, ", desired_size of %s: %ld -> %ld",
			object_name(s.pool), s.from, s.to);
}

unsigned steps_losses(const struct object *o, struct ack_buf *out)
{
	unsigned row = ACK_P_endpoint_public_access;
	const char *now = ack_values_get(&o->values, row, NULL);
	const char *will = ack_values_get(&o->edits, row, NULL);
	unsigned count = scale_losses(o, out);

	if (o->parent || !now || !will || strcmp(now, "true") ||
		strcmp(will, "false"))
		return count;
	ack_buf_printf(out,
		"loses: %s: the public address of the API server; another one "
		"may come of a later true\n",
		o->kind->table->rows[row].name);
	return count + 1;
}

/* Edits that others have overtaken. */
static void put_stale(const struct object *o, struct ack_buf *out)
{
	struct ack_error e;

	if (bases_compare(o, steps_cover, &e))
		ack_buf_printf(out,
			"warning: %s; a commit sends nothing and makes the "
			"plan anew\n",
			e.message);
}

void steps_plan(const struct object *o, struct ack_buf *out)
{
	struct step_request s;
	bool any = false;

	for (unsigned i = 0; i < nsteps; i++) {
		if (!steps[i].wanted(o))
			continue;
		any = true;
		step_request_init(&s);
		if (steps[i].compose(o, &s)) {
			out->failed = true;
		} else {
			ack_request_text(&s.r, out);
			put_changes(o, &steps[i], out);
			if (*s.pool)
				put_pool(o, out);
			ack_buf_putc(out, '\n');
		}
		step_request_release(&s);
	}
	if (!any)
		return;
	steps_losses(o, out);
	scale_warnings(o, out);
	put_stale(o, out);
}
