/* SPDX-License-Identifier: MIT */
#include "model/bases.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/text.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/scale.h"
#include "params/types.h"

/* Behind the rows of the table: the pool of num_of_nodes, and its number. */
static unsigned pool_row(const struct object *o)
{
	return o->kind->table->count;
}

static bool has_base(const struct object *o, unsigned row)
{
	return ack_values_time(&o->bases, row);
}

const char *bases_get(const struct object *o, unsigned row)
{
	return ack_values_get(
		has_base(o, row) ? &o->bases : &o->values, row, NULL);
}

static int set(struct ack_values *bases, unsigned row, const char *text)
{
	return ack_values_set(bases, row, text ? text : "",
		text ? strlen(text) : 0, time_now_ns());
}

/* Nobody has said what is there; every answer about a node pool is a whole one,
 * and leaves out what is unset. */
static bool is_unknown(const struct object *o, unsigned row)
{
	bool asked = o->parent && *o->word;

	return !ack_values_get(&o->values, row, NULL) && !asked &&
	       object_unheard(o, row);
}

int bases_begin(const struct object *o, unsigned row, struct ack_values *bases)
{
	const char *is = ack_values_get(&o->values, row, NULL);

	if (row == o->kind->table->nodes)
		ack_values_drop(bases, pool_row(o));
	if (o->kind->table->rows[row].flags & ACK_SECRET || is_unknown(o, row))
		return 0;
	return set(bases, row, is);
}

void bases_pin(struct object *o)
{
	int row = ack_values_next_touched(&o->edits, 0);

	for (; row >= 0;
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1))
		/* without memory it is as if the edit began later */
		if (!has_base(o, (unsigned)row))
			bases_begin(o, (unsigned)row, &o->bases);
}

static bool is_same(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/* A commit is reading what the node pools want; how many nodes there are does
 * not make an edit come true. */
static bool is_asked_for(const struct object *o, unsigned row)
{
	return o->change && !o->parent && row == o->kind->table->nodes &&
	       scale_sum(o) < 0;
}

void bases_settle(struct object *o)
{
	int row = ack_values_next_touched(&o->edits, 0);

	while (row >= 0) {
		unsigned r = (unsigned)row;

		row = ack_values_next_touched(&o->edits, r + 1);
		if (is_asked_for(o, r) ||
			!is_same(ack_values_get(&o->edits, r, NULL),
				ack_values_get(&o->values, r, NULL)))
			continue;
		ack_values_drop(&o->edits, r);
		ack_values_drop(&o->bases, r);
	}
}

/* "np0123… 3" */
static bool pool_text(const struct object *o, char *out, size_t size)
{
	struct scale s;

	if (!scale_find(o, &s))
		return false;
	snprintf(out, size, "%s %ld", s.pool->id, s.from);
	return true;
}

void bases_follow(struct object *o)
{
	char text[96];

	/* without memory it is as if the pool were not known yet */
	if (!has_base(o, pool_row(o)) && pool_text(o, text, sizeof(text)))
		set(&o->bases, pool_row(o), text);
}

static void compare_row(
	const struct object *o, unsigned row, struct ack_error *e)
{
	const struct ack_param *p = &o->kind->table->rows[row];
	const char *is = ack_values_get(&o->values, row, NULL);
	struct ack_buf text = ACK_BUF_INIT(ACK_VALUE_MAX);

	if (is_same(bases_get(o, row), is))
		return;
	ack_buf_puts(&text, ack_text("it was "));
	ack_param_line(p, bases_get(o, row), &text);
	ack_buf_puts(&text, ack_text(" when it was edited, is "));
	ack_param_line(p, is, &text);
	ack_buf_puts(&text, ack_text(" now, and "));
	ack_param_line(p, ack_values_get(&o->edits, row, NULL), &text);
	ack_buf_puts(&text, ack_text(" is wanted"));
	ack_error_about(
		e, ESTALE, ack_param_file(p), "%s", ack_buf_text(&text));
	ack_buf_release(&text);
}

/* All pools together may want as many as before, and this one does not. */
static void compare_pool(const struct object *o, struct ack_error *e)
{
	const char *was = ack_values_get(&o->bases, pool_row(o), NULL);
	char now[96];
	struct scale s;

	if (!was || !pool_text(o, now, sizeof(now)) || !strcmp(was, now))
		return;
	scale_find(o, &s);
	ack_error_about(e, ESTALE,
		o->kind->table->rows[o->kind->table->nodes].name,
		"the node pool that changes, and its size, was %s when it was "
		"edited, is %s now (%.200s), and %ld is wanted",
		was, now, object_name(s.pool), s.to);
}

int bases_compare(const struct object *o,
	bool (*covers)(const struct object *o, unsigned row),
	struct ack_error *e)
{
	int row = ack_values_next_touched(&o->edits, 0);

	ack_error_clear(e);
	for (; row >= 0;
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1))
		if (covers(o, (unsigned)row))
			compare_row(o, (unsigned)row, e);
	if (!e->err)
		compare_pool(o, e);
	if (e->err)
		ack_error_hint(e,
			"somebody else has changed it; nothing was sent. Read "
			"plan, which is made anew, then commit again");
	return -e->err;
}

void bases_renew(struct object *o)
{
	int row = ack_values_next_touched(&o->edits, 0);

	ack_values_drop(&o->bases, pool_row(o));
	for (; row >= 0;
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1))
		/* without memory the next commit says the same again */
		bases_begin(o, (unsigned)row, &o->bases);
	bases_follow(o);
}
