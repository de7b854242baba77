/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "intent.h"
#include "json.h"
#include "kind.h"
#include "node.h"
#include "object.h"
#include "story.h"

#define FORMAT "ackfs-1"

static int add_integer(struct ack_json *to, const char *key, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, value);
	return ack_json_add(to, key, ack_json_new_number(digits));
}

static int add_text(struct ack_json *to, const char *key, const char *text)
{
	return text && *text ? ack_json_add_string(to, key, text) : 0;
}

static int add_value(struct ack_json *values, const struct object *o,
	const struct ack_values *v, unsigned row)
{
	const char *text = ack_values_get(v, row, NULL);
	int64_t time = ack_values_time(v, row);
	/* an edit is taken back by rm, not hidden */
	bool removed = v == &o->values && object_hidden(o, NODE_PARAMS + row);
	struct ack_json *one;
	int ret;

	if ((!text && !removed && !time) ||
		o->kind->table->rows[row].flags & ACK_SECRET)
		return 0;
	one = ack_json_object();
	ret = one ? add_text(one, "text", text) : -ENOMEM;
	if (!ret)
		ret = add_integer(one, "time", time);
	if (!ret && removed)
		ret = ack_json_add(one, "removed", ack_json_new_boolean(true));
	if (ret) {
		ack_json_free(one);
		return ret;
	}
	return ack_json_add(values, o->kind->table->rows[row].name, one);
}

static int add_values(struct ack_json *to, const char *key,
	const struct object *o, const struct ack_values *v)
{
	struct ack_json *values = ack_json_object();
	int ret = values ? 0 : -ENOMEM;

	for (unsigned i = 0; !ret && i < o->kind->table->count; i++)
		ret = add_value(values, o, v, i);
	if (ret) {
		ack_json_free(values);
		return ret;
	}
	return ack_json_add(to, key, values);
}

static int add_intent(struct ack_json *to, const struct intent *i)
{
	struct ack_json *one = ack_json_object();
	int ret = one ? add_text(one, "commit", i->commit) : -ENOMEM;

	if (!ret)
		ret = add_text(one, "name", i->name);
	if (!ret)
		ret = add_integer(one, "date", i->date);
	if (!ret && i->tagged)
		ret = ack_json_add(one, "tagged", ack_json_new_boolean(true));
	if (ret) {
		ack_json_free(one);
		return ret;
	}
	return ack_json_add(to, "intent", one);
}

static const char *kind(const struct object *o)
{
	if (o->state == COURSE_EXISTS || o->state == COURSE_KEEPING)
		return "exists";
	return o->intent ? "intent" : "draft";
}

static struct ack_json *whole(const struct object *o);

struct below {
	struct ack_json *array;
	int ret;
};

static void add_pool(struct object *o, void *arg)
{
	struct below *b = arg;

	if (o->kept && !b->ret)
		b->ret = ack_json_add(b->array, NULL, whole(o));
}

/* The node pools of which more than a view is kept. */
static int add_pools(struct ack_json *to, const struct object *o)
{
	struct below b = {ack_json_array(), 0};

	if (!b.array)
		return -ENOMEM;
	objects_walk(&o->pools, add_pool, &b);
	if (!b.ret && ack_json_first(b.array))
		return ack_json_add(to, "nodepools", b.array);
	ack_json_free(b.array);
	return b.ret;
}

/* NULL: no memory. */
static struct ack_json *whole(const struct object *o)
{
	struct ack_json *j = ack_json_object();
	int ret = j ? ack_json_add_string(j, "directory", o->name) : -ENOMEM;

	if (!ret)
		ret = ack_json_add_string(j, "record", kind(o));
	if (!ret)
		ret = add_integer(j, "created", o->created);
	if (!ret)
		ret = add_integer(j, "changed", o->changed);
	if (!ret)
		ret = add_values(j, "values", o, &o->values);
	if (!ret && ack_values_next_touched(&o->edits, 0) >= 0)
		ret = add_values(j, "edits", o, &o->edits);
	if (!ret && o->intent)
		ret = add_intent(j, o->intent);
	if (!ret)
		ret = add_text(j, "cluster_id", o->id);
	if (!ret)
		ret = add_text(j, "request_id", o->request_id);
	if (!ret)
		ret = add_text(j, "task_id", o->task_id);
	if (!ret && o->story && !o->story->over)
		ret = add_text(j, "following", o->story->task);
	if (!ret)
		ret = add_text(j, "state", o->word);
	if (!ret)
		ret = add_text(j, "error", o->error);
	if (!ret)
		ret = add_pools(j, o);
	if (!ret)
		return j;
	ack_json_free(j);
	return NULL;
}

int record_write(const struct object *o, struct ack_buf *out)
{
	struct ack_json *j = whole(o);
	int ret = j ? ack_json_add_string(j, "format", FORMAT) : -ENOMEM;

	if (!ret)
		ret = add_integer(j, "line", (int64_t)o->line);
	if (!ret) {
		ack_json_print(j, false, out);
		ret = ack_buf_status(out);
	}
	ack_json_free(j);
	return ret;
}

/* By hand: this is what every write(2) of a value costs. */
int record_write_value(
	const struct object *o, unsigned row, struct ack_buf *out)
{
	const struct ack_values *v = object_exists(o) ? &o->edits : &o->values;
	const char *text = ack_values_get(v, row, NULL);

	ack_json_quote(o->kind->table->rows[row].name, out);
	ack_buf_puts(out, ":{");
	if (text) {
		ack_buf_puts(out, "\"text\":");
		ack_json_quote(text, out);
		ack_buf_putc(out, ',');
	}
	ack_buf_puts(out, "\"time\":");
	ack_buf_decimal(out, (uint64_t)ack_values_time(v, row));
	if (object_hidden(o, NODE_PARAMS + row))
		ack_buf_puts(out, ",\"removed\":true");
	ack_buf_putc(out, '}');
	return ack_buf_status(out);
}
