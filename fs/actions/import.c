/* SPDX-License-Identifier: MIT */
#include "actions/import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/bases.h"
#include "actions/draft.h"
#include "base/buf.h"
#include "base/error.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "params/body.h"
#include "params/body_drop.h"
#include "params/types.h"
#include "params/values.h"

/* The other directory that has a name, or NULL. */
static const struct object *whose(const struct object *o, const char *name)
{
	const struct object *other =
		name ? objects_find(fleet_below(o->fleet, o->parent), name)
		     : NULL;

	return other != o ? other : NULL;
}

/* Whether all that it says, but for the name, is what that directory says. */
static bool is_copy(const struct object *of, const struct ack_values *v)
{
	struct ack_values other = ACK_VALUES_INIT;
	bool same = !object_effective(of, &other);

	for (unsigned row = 0; same && row < of->kind->table->count; row++) {
		const char *a = ack_values_get(v, row, NULL);
		const char *b = ack_values_get(&other, row, NULL);

		same = row == of->kind->name_row || !a || (b && !strcmp(a, b));
	}
	ack_values_release(&other);
	return same;
}

/*
 * A name that another directory has already is not taken over, so that
 * `cp a/request.json b/request.json` makes b, not a second a. But that of
 * something that exists stays in a body that is no copy of it: the commit says
 * that it is taken.
 */
static bool is_taken(const struct object *o, const struct ack_values *v)
{
	const struct object *other = whose(
		o, ack_values_get(v, o->kind->name_row, NULL));

	return other && (!object_exists(other) || is_copy(other, v));
}

/* What a body leaves out on purpose is kept: secrets, which request.json never
 * shows. */
static int import_adjust(struct object *o, struct ack_values *v)
{
	const struct ack_table *table = o->kind->table;
	unsigned name_row = o->kind->name_row;
	int ret = ack_body_no_nodes(table, v, time_now_ns());
	const char *name = ack_values_get(v, name_row, NULL);

	if (!ret && name && (!strcmp(name, o->name) || is_taken(o, v)))
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
	ACK_UNSET struct ack_error failure;

	ack_error_copy(&failure, e);
	if (!*failure.param || strstr(failure.message, failure.param))
		return -e->err;
	snprintf(e->message, sizeof(e->message), "%s: %.*s", failure.param,
		(int)(sizeof(e->message) - sizeof(failure.param) - 3),
		failure.message);
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
	bool same = !object_compare(
		p, ack_values_get(&o->values, row, NULL), text);

	for (int i = 0; i < SAID && !same; i++)
		same = !object_compare(
			p, ack_values_get(&said[i], row, NULL), text);
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
	ack_param_line(p, ack_values_get(&o->values, row, NULL), &line);
	ack_buf_puts(&line, ack_text(", and cannot be changed to "));
	ack_param_line(p, text, &line);
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

	if (!same && object_fixed(o, row)) {
		if (!object_idle(o, row))
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

		if ((unsigned)row != o->kind->name_row || !whose(o, text))
			ret = edit_row(&n, (unsigned)row, text, e);
	}
	if (!ret && object_guard(o, &n.edits))
		ret = -ENOMEM;
	if (ret)
		ack_error_memory(e, NULL);
	if (!e->err && !object_replace(o, &n.edits, &n.bases, -1, e)) {
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

	if (import_adjust(o, v) || object_guard(o, v))
		ret = ack_error_memory(e, NULL);
	/* what rm took away is back, on disk, too */
	memcpy(hidden, o->hidden, sizeof(hidden));
	memset(o->hidden, 0, sizeof(o->hidden));
	if (!ret)
		ret = object_replace(o, v, NULL, -1, e);
	if (ret)
		memcpy(o->hidden, hidden, sizeof(hidden));
	return ret;
}

/* No number of nodes comes of pools that a body does not have. */
static void drop_no_nodes(const struct object *o, const char *text, size_t len,
	struct ack_values *v)
{
	unsigned row = o->kind->table->nodes;
	const char *nodes = ack_values_get(v, row, NULL);

	if (!o->parent && nodes && !strcmp(nodes, "0") &&
		!ack_body_says_none(o->kind->table, text, len))
		ack_values_drop(v, row);
}

int import_body(
	struct object *o, const char *text, size_t len, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	int ret = object_editable(o, "request.json", e);

	if (!ret)
		ret = ack_body_parse(
			o->kind->table, text, len, time_now_ns(), &v, e);
	if (ret == -EINVAL)
		ret = name_fault(e);
	if (!ret && object_exists(o)) {
		ack_values_drop(&v, ack_body_dropped_row(o->kind->table));
		drop_no_nodes(o, text, len, &v);
	}
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
