/* SPDX-License-Identifier: MIT */
/* Written by hand, not as a tree: this is part of what every commit costs, and
 * a value of what every write(2) does. */
#include "record.h"

#include <string.h>

#include "buf.h"
#include "intent.h"
#include "json.h"
#include "kind.h"
#include "node.h"
#include "object.h"
#include "story.h"

#define FORMAT "ackfs-1"

/* Each of these puts a member, and the comma that the next one needs. */
static void put_key(struct ack_buf *out, const char *key)
{
	ack_buf_putc(out, '"');
	ack_buf_puts(out, key);
	ack_buf_puts(out, "\":");
}

static void put_text(struct ack_buf *out, const char *key, const char *text)
{
	if (!text || !*text)
		return;
	put_key(out, key);
	ack_json_quote(text, out);
	ack_buf_putc(out, ',');
}

/* None of them is negative. */
static void put_integer(struct ack_buf *out, const char *key, int64_t value)
{
	put_key(out, key);
	ack_buf_decimal(out, value > 0 ? (uint64_t)value : 0);
	ack_buf_putc(out, ',');
}

static void put_true(struct ack_buf *out, const char *key)
{
	put_key(out, key);
	ack_buf_puts(out, "true,");
}

/* Takes the last comma back. */
static void close_with(struct ack_buf *out, char end)
{
	if (out->len && out->data[out->len - 1] == ',')
		out->data[out->len - 1] = end;
	else
		ack_buf_putc(out, end);
}

static void put_value(struct ack_buf *out, const struct object *o,
	const struct ack_values *v, unsigned row)
{
	const char *base;

	put_key(out, o->kind->table->rows[row].name);
	ack_buf_putc(out, '{');
	put_text(out, "text", ack_values_get(v, row, NULL));
	put_integer(out, "time", ack_values_time(v, row));
	/* that it was unset is a base, too */
	if (v == &o->edits && ack_values_time(&o->bases, row)) {
		base = ack_values_get(&o->bases, row, NULL);
		put_key(out, "base");
		ack_json_quote(base ? base : "", out);
		ack_buf_putc(out, ',');
	}
	/* an edit is taken back by rm, not hidden */
	if (v == &o->values && object_hidden(o, NODE_PARAMS + row))
		put_true(out, "removed");
	close_with(out, '}');
}

static void put_values(struct ack_buf *out, const char *key,
	const struct object *o, const struct ack_values *v)
{
	int touched = ack_values_next_touched(v, 0);

	put_key(out, key);
	ack_buf_putc(out, '{');
	for (unsigned row = 0; row < o->kind->table->count; row++) {
		bool there = touched == (int)row ||
			     (v == &o->values &&
				     object_hidden(o, NODE_PARAMS + row));

		if (touched == (int)row)
			touched = ack_values_next_touched(v, row + 1);
		if (!there || o->kind->table->rows[row].flags & ACK_SECRET)
			continue;
		put_value(out, o, v, row);
		ack_buf_putc(out, ',');
	}
	close_with(out, '}');
	ack_buf_putc(out, ',');
}

static void put_intent(struct ack_buf *out, const struct intent *i)
{
	put_key(out, "intent");
	ack_buf_putc(out, '{');
	put_text(out, "commit", i->commit);
	put_text(out, "name", i->name);
	put_integer(out, "date", i->date);
	if (i->signed_at)
		put_integer(out, "signed", i->signed_at);
	if (i->tagged)
		put_true(out, "tagged");
	close_with(out, '}');
	ack_buf_putc(out, ',');
}

static const char *kind(const struct object *o)
{
	if (o->state == COURSE_EXISTS || o->state == COURSE_KEEPING)
		return "exists";
	return o->intent ? "intent" : "draft";
}

static void put_whole(struct ack_buf *out, const struct object *o);

/* The node pools of which more than a view is kept. */
static void put_pool(struct object *o, void *arg)
{
	struct ack_buf *out = arg;

	if (!o->kept)
		return;
	put_whole(out, o);
	ack_buf_putc(out, ',');
}

static void put_pools(struct ack_buf *out, const struct object *o)
{
	if (!o->pools.count)
		return;
	put_key(out, "nodepools");
	ack_buf_putc(out, '[');
	objects_walk(&o->pools, put_pool, out);
	close_with(out, ']');
	ack_buf_putc(out, ',');
}

static void put_whole(struct ack_buf *out, const struct object *o)
{
	ack_buf_putc(out, '{');
	if (!o->parent) {
		put_text(out, "format", FORMAT);
		put_integer(out, "line", (int64_t)o->line);
	}
	put_text(out, "directory", o->name);
	put_text(out, "record", kind(o));
	put_integer(out, "created", o->created);
	put_integer(out, "changed", o->changed);
	put_values(out, "values", o, &o->values);
	if (ack_values_next_touched(&o->edits, 0) >= 0)
		put_values(out, "edits", o, &o->edits);
	if (o->intent)
		put_intent(out, o->intent);
	put_text(out, "cluster_id", o->id);
	put_text(out, "request_id", object_request_id(o));
	put_text(out, "task_id", object_task_id(o));
	if (o->story && !o->story->over)
		put_text(out, "following", o->story->task);
	put_text(out, "state", o->word);
	put_text(out, "error", o->error);
	put_pools(out, o);
	close_with(out, '}');
}

int record_write(const struct object *o, struct ack_buf *out)
{
	put_whole(out, o);
	return ack_buf_status(out);
}

int record_write_value(
	const struct object *o, unsigned row, struct ack_buf *out)
{
	put_value(out, o, object_exists(o) ? &o->edits : &o->values, row);
	return ack_buf_status(out);
}
