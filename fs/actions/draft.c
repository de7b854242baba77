/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/bases.h"
#include "actions/draft.h"
#include "actions/steps.h"
#include "base/buf.h"
#include "base/error.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "params/body.h"
#include "params/types.h"
#include "params/values.h"
#include "state/saved.h"
#include "tree/node.h"

/* What `check` says of a text that is not whole. */
#define CUT_TEXT                                                              \
	"what was written last ends too early, so the old value stands, and " \
	"nothing is committed; write it whole, or take it back with rm"

int object_editable(
	const struct object *o, const char *param, struct ack_error *e)
{
	if (object_committing(o) || o->change)
		return ack_error_set(e, EBUSY, param,
			"a commit is under way; wait for it to end");
	if (o->state == COURSE_UNKNOWN)
		return ack_error_set(e, EPERM, param,
			"%s may have been made from this draft, so it must "
			"stay as it was sent",
			o->kind->a_noun);
	return 0;
}

bool object_row_changes(const struct object *o, unsigned row)
{
	return o->kind->table->rows[row].change != ACK_FIXED;
}

static int set_fixed(const struct object *o, unsigned row, struct ack_error *e)
{
	const char *name = o->kind->table->rows[row].name;

	return ack_error_set(e, EPERM, name,
		"the %s exists, and its %s cannot be changed any more",
		o->kind->noun, name);
}

int object_row_editable(
	const struct object *o, unsigned row, struct ack_error *e)
{
	int ret = object_editable(o, o->kind->table->rows[row].name, e);

	if (ret || !object_exists(o) || object_row_changes(o, row))
		return ret;
	return set_fixed(o, row, e);
}

struct ack_values *object_written(struct object *o)
{
	return object_exists(o) ? &o->edits : &o->values;
}

static void swap(struct ack_values *a, struct ack_values *b)
{
	struct ack_values c = *a;

	*a = *b;
	*b = c;
}

/* Replaces what was written by `v`, and its bases by `bases` unless that is
 * NULL, saved, or leaves it as it was. `row`: the only one that is another; -1:
 * all may be. */
static int replace(struct object *o, struct ack_values *v,
	struct ack_values *bases, int row, struct ack_error *e)
{
	char *error = o->error;
	int ret;

	swap(object_written(o), v);
	if (bases)
		swap(&o->bases, bases);
	o->error = NULL;
	ret = row < 0 ? saved_put(o, e) : saved_put_value(o, (unsigned)row, e);
	if (ret) {
		swap(object_written(o), v);
		if (bases)
			swap(&o->bases, bases);
		o->error = error;
		return ret;
	}
	free(error);
	object_touch(o);
	return 0;
}

/* An edit that says what is there already is none. */
static bool is_same(const struct object *o, unsigned row, const char *text)
{
	const char *is = ack_values_get(&o->values, row, NULL);

	return object_exists(o) && !strcmp(is ? is : "", text ? text : "");
}

/* Their memory is as safe as what is in them needs. */
static int guard(const struct object *o, struct ack_values *v)
{
	const struct ack_table *table = o->kind->table;
	bool secret = false;

	for (unsigned row = 0; row < table->count && !secret; row++)
		secret = table->rows[row].flags & ACK_SECRET &&
			 ack_values_get(v, row, NULL);
	return ack_values_guard(v, secret);
}

static bool is_cut(const struct object *o, unsigned inode_row)
{
	return o->cut[inode_row / 64] >> inode_row % 64 & 1;
}

void object_cut(struct object *o, unsigned inode_row, bool cut)
{
	uint64_t *bits = &o->cut[inode_row / 64], bit = 1ull << inode_row % 64;

	if (!(*bits & bit) == !cut)
		return;
	*bits ^= bit;
	object_touch(o);
}

int object_whole(const struct object *o, struct ack_error *e)
{
	struct node n;

	ack_error_clear(e);
	for (unsigned row = 0; row < OBJECT_ROWS; row++) {
		if (!is_cut(o, row) ||
			node_get(o->fleet, node_ino(o->serial, row), &n))
			continue;
		if (e->err)
			ack_error_more(e, "%s: " CUT_TEXT, node_name(&n));
		else
			ack_error_set(e, EINVAL, node_name(&n), "%s: " CUT_TEXT,
				node_name(&n));
	}
	return -e->err;
}

static int set_value(struct object *o, unsigned row, const char *text,
	bool hide, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT, bases = ACK_VALUES_INIT;
	bool hidden = object_hidden(o, NODE_PARAMS + row);
	int ret = ack_values_copy(&v, object_written(o));

	if (!ret)
		ret = ack_values_copy(&bases, &o->bases);
	if (!ret && object_exists(o) && !object_edited(o, row))
		ret = bases_begin(o, row, &bases);
	if (!ret && is_same(o, row, text)) {
		ack_values_drop(&v, row);
		ack_values_drop(&bases, row);
	} else if (!ret) {
		ret = ack_values_set(&v, row, text ? text : "",
			text ? strlen(text) : 0, time_now_ns());
	}
	if (!ret && o->kind->table->rows[row].flags & ACK_SECRET)
		ret = guard(o, &v);
	object_hide(o, NODE_PARAMS + row, hide);
	ret = ret ? ack_error_set(e, ENOMEM, NULL, "out of memory")
		  : replace(o, &v, &bases, (int)row, e);
	if (ret)
		object_hide(o, NODE_PARAMS + row, hidden);
	else
		object_touch_row(o, NODE_PARAMS + row);
	if (!ret)
		object_cut(o, NODE_PARAMS + row, false);
	if (!ret && !o->parent && object_exists(o))
		bases_follow(o);
	ack_values_release(&bases);
	ack_values_release(&v);
	return ret;
}

int object_put(
	struct object *o, unsigned row, const char *text, struct ack_error *e)
{
	return set_value(o, row, text, false, e);
}

int object_param_remove(struct object *o, unsigned row, struct ack_error *e)
{
	if (!object_exists(o))
		return set_value(o, row, NULL, true, e);
	if (is_cut(o, NODE_PARAMS + row) && !object_edited(o, row)) {
		object_cut(o, NODE_PARAMS + row, false);
		return 0;
	}
	if (!object_edited(o, row))
		return ack_error_set(e, EPERM, o->kind->table->rows[row].name,
			"nothing of it was edited, and rm deletes nothing in "
			"the cloud");
	return set_value(
		o, row, ack_values_get(&o->values, row, NULL), false, e);
}

static size_t count_items(const char *text)
{
	size_t count = *text != '\0';

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static bool has_item(const char *list, const char *item, size_t len)
{
	while (*list) {
		size_t at = strcspn(list, "\n");

		if (at == len && !memcmp(list, item, len))
			return true;
		list += at + (list[at] == '\n');
	}
	return false;
}

/* 0: the text says what is there; the service may list it in another order.
 * -EAGAIN: it may do so when more lines have come. */
static int compare(const struct ack_param *p, const char *is, const char *text)
{
	const char *item = text;

	if (!strcmp(is ? is : "", text))
		return 0;
	if (!is || !*text || !p->type->list)
		return -EPERM;
	while (*item) {
		size_t len = strcspn(item, "\n");

		if (!has_item(is, item, len))
			return -EPERM;
		item += len + (item[len] == '\n');
	}
	if (count_items(text) > count_items(is))
		return -EPERM;
	return count_items(text) == count_items(is) ? 0 : -EAGAIN;
}

/* What was not made here may be anything where the service does not say. */
static bool is_untold(const struct object *o, unsigned row)
{
	return !o->kind->table->rows[row].place[ACK_LIVE] &&
	       !*object_request_id(o) && !ack_values_get(&o->values, row, NULL);
}

/* True of what is taken without effect. */
static bool is_idle(const struct object *o, unsigned row)
{
	return o->kind->table->rows[row].flags & ACK_SECRET ||
	       is_untold(o, row);
}

static void note_idle(struct object *o, unsigned row)
{
	o->idle[row / 64] |= 1ull << row % 64;
	object_touch(o);
}

void object_idle_text(const struct object *o, struct ack_buf *out)
{
	for (unsigned row = 0; row < o->kind->table->count; row++)
		if (o->idle[row / 64] >> row % 64 & 1)
			ack_buf_printf(out,
				"warning: %s: the %s exists, %sso what was "
				"written has no effect\n",
				o->kind->table->rows[row].name, o->kind->noun,
				is_untold(o, row)
					? "and the service does not say what "
					  "it has there, "
					: "");
}

void object_idle_over(struct object *o)
{
	memset(o->idle, 0, sizeof(o->idle));
	object_touch(o);
}

/* What cannot change may be written if it says what is there: a script that
 * makes something can be run again. */
static int confirm(
	struct object *o, unsigned row, const char *text, struct ack_error *e)
{
	const struct ack_param *p = &o->kind->table->rows[row];
	int ret = compare(p, ack_values_get(&o->values, row, NULL), text);

	if (ret && is_idle(o, row)) {
		note_idle(o, row);
		ret = 0;
	}
	if (ret == -EPERM)
		return set_fixed(o, row, e);
	if (ret)
		return ret;
	object_cut(o, NODE_PARAMS + row, false);
	object_fail(o, NULL);
	return 0;
}

static bool is_fixed(const struct object *o, unsigned row)
{
	return object_exists(o) && !object_row_changes(o, row);
}

int object_write(struct object *o, unsigned row, const char *text, size_t len,
	struct ack_error *e)
{
	const struct ack_param *p = &o->kind->table->rows[row];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	int ret = object_editable(o, p->name, e);

	canon.secret = p->flags & ACK_SECRET;
	if (!ret)
		ret = ack_param_parse(p, text, len, &canon, e);
	if (ret == -EINVAL && is_fixed(o, row))
		ret = set_fixed(o, row, e);
	if (!ret && is_fixed(o, row))
		ret = confirm(o, row, ack_buf_text(&canon), e);
	else if (!ret)
		ret = object_put(o, row, ack_buf_text(&canon), e);
	ack_buf_release(&canon);
	return ret;
}

/* A name that another directory has already is not taken over, so that
 * `cp a/request.json b/request.json` makes b, not a second a. */
static bool is_taken(const struct object *o, const char *name)
{
	const struct object *other =
		name ? objects_find(fleet_below(o->fleet, o->parent), name)
		     : NULL;

	return other && other != o;
}

/* What a body leaves out on purpose is kept: secrets, which request.json never
 * shows. */
static int import_adjust(struct object *o, struct ack_values *v)
{
	const struct ack_table *table = o->kind->table;
	unsigned name_row = o->kind->name_row;
	const char *name = ack_values_get(v, name_row, NULL);
	int ret = 0;

	if (name && (!strcmp(name, o->name) || is_taken(o, name)))
		ret = ack_values_set(v, name_row, "", 0, time_now_ns());
	for (unsigned row = 0; !ret && row < table->count; row++) {
		const char *old = ack_values_get(&o->values, row, NULL);

		if (!old || !(table->rows[row].flags & ACK_SECRET) ||
			ack_values_get(v, row, NULL))
			continue;
		ret = ack_values_set(v, row, old, strlen(old),
			ack_values_time(&o->values, row));
	}
	return ret;
}

/* A body has many parameters, so the sentence has to say which. */
static int name_fault(struct ack_error *e)
{
	ACK_UNSET struct ack_error told;

	ack_error_copy(&told, e);
	if (!*told.param || strstr(told.message, told.param))
		return -e->err;
	snprintf(e->message, sizeof(e->message), "%s: %.*s", told.param,
		(int)(sizeof(e->message) - sizeof(told.param) - 3),
		told.message);
	return -e->err;
}

/* The ways to say what is there: as request.json does, and as it is read back
 * from both forms, where some parameters share a place. */
enum { SAID_SHOWN, SAID_CLASSIC, SAID_NODEPOOLS, SAID };

static int say(const struct object *o, struct ack_values said[SAID])
{
	const struct ack_table *t = o->kind->table;
	ACK_UNSET struct ack_error e;
	int ret = object_effective(o, &said[SAID_SHOWN]);

	for (int i = SAID_CLASSIC; !ret && i < SAID; i++) {
		struct ack_buf body = ACK_BUF_INIT(1u << 20);

		ret = ack_body_build(t, &said[SAID_SHOWN],
			i == SAID_CLASSIC ? ACK_CLASSIC : ACK_NODEPOOLS, false,
			false, &body);
		/* what the service says may be nothing that can be sent */
		if (!ret && ack_body_parse(t, ack_buf_text(&body), body.len, 1,
				    &said[i], &e) == -ENOMEM)
			ret = -ENOMEM;
		ack_buf_release(&body);
	}
	return ret;
}

static bool is_said(const struct object *o, unsigned row, const char *text,
	const struct ack_values said[SAID])
{
	const struct ack_param *p = &o->kind->table->rows[row];
	bool same = !compare(p, ack_values_get(&o->values, row, NULL), text);

	for (int i = 0; i < SAID && !same; i++)
		same = !compare(p, ack_values_get(&said[i], row, NULL), text);
	return same;
}

struct edition {
	struct object *object;
	struct ack_values said[SAID];
	struct ack_values edits, bases; /* those that there will be */
	uint64_t idle[sizeof(((struct object *)0)->idle) / sizeof(uint64_t)];
};

static void differs(const struct object *o, unsigned row, const char *text,
	struct ack_error *e)
{
	const struct ack_param *p = &o->kind->table->rows[row];
	struct ack_buf line = ACK_BUF_INIT(ACK_VALUE_MAX);

	ack_buf_printf(&line, "%s: it is ", p->name);
	plan_value(p, ack_values_get(&o->values, row, NULL), &line);
	ack_buf_puts(&line, ", and cannot be changed to ");
	plan_value(p, text, &line);
	if (e->err)
		ack_error_more(e, "%s", ack_buf_text(&line));
	else
		ack_error_set(e, EPERM, p->name, "%s", ack_buf_text(&line));
	ack_buf_release(&line);
}

/* Nodes of one pool, in a body that has others beside it, are not all. */
static const char *count_all(const struct edition *n, unsigned row,
	const char *text, char *out, size_t size)
{
	const struct object *o = n->object;
	const char *all = ack_values_get(&o->values, row, NULL);
	const char *shown = ack_values_get(&n->said[SAID_SHOWN], row, NULL);

	if (o->parent || row != o->kind->table->nodes || !all || !shown)
		return text;
	snprintf(out, size, "%ld",
		strtol(all, NULL, 10) + strtol(text, NULL, 10) -
			strtol(shown, NULL, 10));
	return out;
}

/* 0, -EPERM (in *e with the others), or -ENOMEM. */
static int edit_row(
	struct edition *n, unsigned row, const char *text, struct ack_error *e)
{
	const struct object *o = n->object;
	bool same = is_said(o, row, text, n->said);
	char number[24];

	if (!same && is_fixed(o, row)) {
		if (!is_idle(o, row))
			differs(o, row, text, e);
		else
			n->idle[row / 64] |= 1ull << row % 64;
		return 0;
	}
	if (same) {
		ack_values_drop(&n->edits, row);
		ack_values_drop(&n->bases, row);
		return 0;
	}
	text = count_all(n, row, text, number, sizeof(number));
	if (!object_edited(o, row) && bases_begin(o, row, &n->bases))
		return -ENOMEM;
	return ack_values_set(
		&n->edits, row, text, strlen(text), time_now_ns());
}

/* What a body says of something that exists: what differs from what is there
 * becomes an edit, what it leaves out stays. */
static int import_edits(
	struct object *o, const struct ack_values *v, struct ack_error *e)
{
	struct edition n = {.object = o};
	int ret = say(o, n.said), row = ack_values_next(v, 0);

	ack_error_clear(e);
	if (!ret)
		ret = ack_values_copy(&n.edits, &o->edits);
	if (!ret)
		ret = ack_values_copy(&n.bases, &o->bases);
	for (; !ret && row >= 0; row = ack_values_next(v, (unsigned)row + 1)) {
		const char *text = ack_values_get(v, (unsigned)row, NULL);

		if ((unsigned)row != o->kind->name_row || !is_taken(o, text))
			ret = edit_row(&n, (unsigned)row, text, e);
	}
	if (!ret && guard(o, &n.edits))
		ret = -ENOMEM;
	if (ret)
		ack_error_set(e, ENOMEM, NULL, "out of memory");
	if (!e->err && !replace(o, &n.edits, &n.bases, -1, e)) {
		for (size_t i = 0; i < sizeof(n.idle) / sizeof(*n.idle); i++)
			o->idle[i] |= n.idle[i];
		if (!o->parent)
			bases_follow(o);
	}
	for (int i = 0; i < SAID; i++)
		ack_values_release(&n.said[i]);
	ack_values_release(&n.edits);
	ack_values_release(&n.bases);
	return -e->err;
}

static int import_draft(
	struct object *o, struct ack_values *v, struct ack_error *e)
{
	uint64_t hidden[sizeof(o->hidden) / sizeof(o->hidden[0])];
	int ret = 0;

	if (import_adjust(o, v) || guard(o, v))
		ret = ack_error_set(e, ENOMEM, NULL, "out of memory");
	/* what rm took away is back, on disk, too */
	memcpy(hidden, o->hidden, sizeof(hidden));
	memset(o->hidden, 0, sizeof(o->hidden));
	if (!ret)
		ret = replace(o, v, NULL, -1, e);
	if (ret)
		memcpy(o->hidden, hidden, sizeof(hidden));
	return ret;
}

int object_import(
	struct object *o, const char *text, size_t len, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	int ret = object_editable(o, "request.json", e);

	if (!ret)
		ret = ack_body_parse(
			o->kind->table, text, len, time_now_ns(), &v, e);
	if (ret == -EINVAL)
		ret = name_fault(e);
	if (!ret)
		ret = object_exists(o) ? import_edits(o, &v, e)
				       : import_draft(o, &v, e);
	ack_values_release(&v);
	if (ret)
		return ret;
	memset(o->cut, 0, sizeof(o->cut));
	object_touch_params(o);
	return 0;
}

int object_restore(
	struct object *o, const struct ack_values *values, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	int ret = ack_values_copy(&v, values);

	ret = ret ? ack_error_set(e, ENOMEM, NULL, "out of memory")
		  : replace(o, &v, NULL, -1, e);
	ack_values_release(&v);
	if (!ret)
		object_touch_params(o);
	return ret;
}

int object_effective(const struct object *o, struct ack_values *out)
{
	int ret = ack_values_copy(out, &o->values);

	return ret ? ret : o->kind->fill_in(o, out);
}
