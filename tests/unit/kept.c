/* SPDX-License-Identifier: MIT */
#include "kept.h"

#include <inttypes.h>

#include "base/buf.h"
#include "cloud/story.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/object.h"
#include "tree/node.h"

static void put_values(const struct object *o, const struct ack_values *v,
	const char *what, struct ack_buf *out)
{
	for (unsigned row = 0; row < o->kind->table->count; row++) {
		const struct ack_param *p = &o->kind->table->rows[row];
		const char *text = ack_values_get(v, row, NULL);
		bool hidden = v == &o->values &&
			      object_hidden(o, NODE_PARAMS + row);

		if (p->flags & ACK_SECRET ||
			(!ack_values_time(v, row) && !text && !hidden))
			continue;
		if (v == &o->edits && ack_values_time(&o->bases, row))
			ack_buf_printf(out, "  base of %s: %s\n", p->name,
				ack_values_get(&o->bases, row, NULL)
					? ack_values_get(&o->bases, row, NULL)
					: "");
		ack_buf_printf(out, "  %s %s %" PRId64 "%s: %s\n", what,
			p->name, ack_values_time(v, row),
			hidden ? " hidden" : "", text ? text : "");
	}
}

static void put(struct object *o, void *arg)
{
	struct ack_buf *out = arg;
	const struct intent *i = o->intent;

	/* what is only shown is found again by the next list */
	if (!o->kept)
		return;
	/* what only asks for its name has sent nothing, and is a draft again */
	ack_buf_printf(out, "%s%s %s %s %s\n", o->parent ? "pool " : "",
		o->name,
		i                           ? "intent"
		: o->state == COURSE_ASKING ? "draft"
					    : course_state_name(o->state),
		o->id, o->word);
	if (i)
		ack_buf_printf(out,
			"  intent %s %s %" PRId64 " %" PRId64 " %d\n",
			i->commit, i->name, i->date, i->signed_at, i->tagged);
	ack_buf_printf(out, "  answered %s %s\n", object_request_id(o),
		object_task_id(o));
	if (o->story && !o->story->over && *o->story->task)
		ack_buf_printf(out, "  following %s\n", o->story->task);
	put_values(o, &o->values, "value", out);
	put_values(o, &o->edits, "edit", out);
	objects_walk(&o->pools, put, out);
}

void kept_text(const struct fleet *f, struct ack_buf *out)
{
	objects_walk(&f->clusters, put, out);
}
