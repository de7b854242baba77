/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "buf.h"
#include "object.h"
#include "bases.h"
#include "draft.h"
#include "error.h"
#include "fleet.h"
#include "kind.h"
#include "node.h"
#include "saved.h"
#include "types.h"

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

int object_row_editable(
	const struct object *o, unsigned row, struct ack_error *e)
{
	const char *name = o->kind->table->rows[row].name;
	int ret = object_editable(o, name, e);

	if (ret || !object_exists(o) || object_row_changes(o, row))
		return ret;
	return ack_error_set(e, EPERM, name,
		"the %s exists, and its %s cannot be changed any more",
		o->kind->noun, name);
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

int object_write(struct object *o, unsigned row, const char *text, size_t len,
	struct ack_error *e)
{
	const struct ack_param *p = &o->kind->table->rows[row];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	int ret = object_row_editable(o, row, e);

	canon.secret = p->flags & ACK_SECRET;
	if (!ret)
		ret = ack_param_parse(p, text, len, &canon, e);
	if (!ret)
		ret = object_put(o, row, ack_buf_text(&canon), e);
	ack_buf_release(&canon);
	return ret;
}

/*
 * What a body leaves out on purpose is kept: secrets, which request.json
 * never shows. A name that another directory has already is not taken over,
 * so that `cp a/request.json b/request.json` makes b, not a second a.
 */
static int import_adjust(struct object *o, struct ack_values *v)
{
	const struct ack_table *table = o->kind->table;
	unsigned name_row = o->kind->name_row;
	const char *name = ack_values_get(v, name_row, NULL);
	const struct object *other =
		name ? objects_find(fleet_below(o->fleet, o->parent), name)
		     : NULL;
	int ret = 0;

	if (name && (!strcmp(name, o->name) || (other && other != o)))
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

int object_import(
	struct object *o, const char *text, size_t len, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	uint64_t hidden[sizeof(o->hidden) / sizeof(o->hidden[0])];
	int ret = object_editable(o, "request.json", e);

	if (!ret && object_exists(o))
		ret = ack_error_set(e, EPERM, "request.json",
			"the %s exists; edit the files of what is to change",
			o->kind->noun);
	if (!ret)
		ret = ack_body_parse(
			o->kind->table, text, len, time_now_ns(), &v, e);
	if (ret == -EINVAL)
		ret = name_fault(e);
	if (!ret && (import_adjust(o, &v) || guard(o, &v)))
		ret = ack_error_set(e, ENOMEM, NULL, "out of memory");
	/* what rm took away is back, on disk, too */
	memcpy(hidden, o->hidden, sizeof(hidden));
	memset(o->hidden, 0, sizeof(o->hidden));
	if (!ret)
		ret = replace(o, &v, NULL, -1, e);
	ack_values_release(&v);
	if (ret) {
		memcpy(o->hidden, hidden, sizeof(hidden));
		return ret;
	}
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
