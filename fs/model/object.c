/* SPDX-License-Identifier: MIT */
#include "model/object.h"

#include <search.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/error.h"
#include "model/address.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/moved.h"
#include "model/part.h"
#include "model/scratch.h"

int64_t time_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static bool bit(const uint64_t *set, unsigned n)
{
	return set[n / 64] >> n % 64 & 1;
}

const char *object_name(const struct object *o)
{
	const char *name = ack_values_get(&o->values, o->kind->name_row, NULL);

	return name ? name : o->name;
}

bool object_exists(const struct object *o)
{
	return o->state == COURSE_EXISTS;
}

struct receipt *object_receipt(struct object *o)
{
	if (!o->receipt)
		o->receipt = calloc(1, sizeof(*o->receipt));
	return o->receipt;
}

const char *object_request_id(const struct object *o)
{
	return o->receipt ? o->receipt->request_id : "";
}

const char *object_task_id(const struct object *o)
{
	return o->receipt ? o->receipt->task_id : "";
}

const char *object_state_word(const struct object *o)
{
	return object_exists(o) ? o->word : course_state_name(o->state);
}

bool object_committing(const struct object *o)
{
	return o->state > COURSE_DRAFT && o->state < COURSE_UNKNOWN;
}

bool object_edited(const struct object *o, unsigned row)
{
	return ack_values_time(&o->edits, row);
}

bool object_unheard(const struct object *o, unsigned row)
{
	return bit(o->unheard, row);
}

const char *object_value(const struct object *o, unsigned row, size_t *len)
{
	return ack_values_get(
		object_edited(o, row) ? &o->edits : &o->values, row, len);
}

bool object_hidden(const struct object *o, unsigned row)
{
	return bit(o->hidden, row);
}

void object_hide(struct object *o, unsigned row, bool hide)
{
	o->hidden[row / 64] &= ~(1ull << row % 64);
	o->hidden[row / 64] |= (uint64_t)hide << row % 64;
}

void object_show_fixed(struct object *o)
{
	o->hidden[0] = 0;
}

void object_touch_row(struct object *o, unsigned row)
{
	if (!bit(o->sent, row))
		return;
	o->sent[row / 64] &= ~(1ull << row % 64);
	o->fleet->forget(o->fleet->session, node_ino(o->serial, row));
}

void object_touch(struct object *o)
{
	o->changed = time_now_ns();
	o->fleet->changes++;
	for (unsigned row = 0; o->sent[0] && row < NODE_PARAMS; row++)
		object_touch_row(o, row);
}

void object_touch_params(struct object *o)
{
	object_touch(o);
	for (unsigned row = NODE_PARAMS; row < OBJECT_ROWS; row++)
		object_touch_row(o, row);
}

/* Something of its name is being made, or may be. */
static bool is_making(enum course_state state)
{
	return state > COURSE_DRAFT && state < COURSE_EXISTS;
}

void object_become(struct object *o, enum course_state state)
{
	o->fleet->making += is_making(state);
	o->fleet->making -= is_making(o->state);
	o->state = state;
}

void object_news(struct object *o, unsigned row)
{
	PARTS_EACH (p, o->fleet, changed)
		p->changed(o, row);
}

void object_enter(struct object *o, enum course_state state, const char *word)
{
	/* what rm hid of a draft is wanted again from here on */
	if (state == COURSE_EXISTS)
		memset(o->hidden, 0, sizeof(o->hidden));
	else if (state != COURSE_DRAFT)
		object_show_fixed(o);
	object_become(o, state);
	snprintf(o->word, sizeof(o->word), "%s", word);
	object_touch_params(o);
	object_news(o, ROW_STATE);
	PARTS_EACH (p, o->fleet, entered)
		p->entered(o);
}

void object_fail(struct object *o, const struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(32768);
	ACK_UNSET struct ack_error failure;

	if (e && e->err) {
		ack_error_copy(&failure, e);
		/* no later refusal may hide what there is to do */
		if (o->state == COURSE_UNKNOWN && o->intent && !*failure.hint)
			PARTS_EACH (p, o->fleet, advise)
				p->advise(o, &failure);
		ack_error_text(&failure, &text);
	} else if (!o->error) {
		return;
	}
	free(o->error);
	o->error = text.len ? ack_buf_steal(&text) : NULL;
	if (o->error)
		object_hide(o, ROW_ERROR, false);
	ack_buf_release(&text);
	object_touch(o);
}

void object_fail_live(struct object *o, const struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(32768);
	struct object *of = o->parent ? o->parent : o;

	if (e)
		ack_error_text(e, &text);
	free(of->live_error);
	of->live_error = text.len ? ack_buf_steal(&text) : NULL;
	of->live_failed = NULL;
	ack_buf_release(&text);
	object_touch(of);
}

/* What goes on, and what is known of what is there. */
static void let_go(struct object *o)
{
	if (o->fleet)
		PARTS_EACH (p, o->fleet, drop)
			p->drop(o);
	free(o->receipt);
	o->receipt = NULL;
	free(o->upgrades);
	o->upgrades = NULL;
	ack_values_release(&o->edits);
	ack_values_release(&o->bases);
}

void object_unmade(struct object *o)
{
	/* who has a file of it open hears of its end */
	PARTS_EACH (p, o->fleet, gone)
		p->gone(o);
	let_go(o);
	fleet_set_id(o, "");
	object_fail_live(o, NULL);
	memset(o->unheard, 0xff, sizeof(o->unheard));
	o->nodes = -1;
	o->seen = o->pools_seen = 0;
	o->since = o->pools_listed = 0;
	o->is_default = o->pools_old = false;
	object_enter(o, COURSE_DRAFT, "");
}

void object_free(struct object *o)
{
	if (!o)
		return;
	objects_free(&o->pools);
	if (o->fleet)
		object_become(o, COURSE_DRAFT);
	let_go(o);
	intent_free(o->intent);
	scratch_free_all(o);
	moved_free(o);
	ack_values_release(&o->values);
	free(o->error);
	free(o->live_error);
	free(o->name);
	free(o->renamed);
	free(o);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct object *)a)->name,
		((const struct object *)b)->name);
}

struct object *objects_find(const struct objects *list, const char *name)
{
	struct object key = {.name = (char *)(uintptr_t)name};
	void *node = tfind(&key, (void *const *)&list->by_name, compare);

	return node ? *(struct object **)node : NULL;
}

bool objects_add(struct objects *list, struct object *o)
{
	bool added = tsearch(o, &list->by_name, compare);

	list->count += added;
	return added;
}

void objects_remove(struct objects *list, struct object *o)
{
	tdelete(o, &list->by_name, compare);
	list->count--;
}

struct walk {
	void (*visit)(struct object *o, void *arg);
	void *arg;
};

/* twalk(3) hands nothing on, and twalk_r(3) is the GNU library's alone. */
static const struct walk *walking;

static void walk_node(const void *node, VISIT which, int depth)
{
	(void)depth;
	if (which == postorder || which == leaf)
		walking->visit(*(struct object *const *)node, walking->arg);
}

void objects_walk(const struct objects *list,
	void (*visit)(struct object *o, void *arg), void *arg)
{
	const struct walk w = {visit, arg}, *around = walking;

	walking = &w;
	twalk(list->by_name, walk_node);
	walking = around;
}

static void free_node(void *node)
{
	object_free(node);
}

void objects_free(struct objects *list)
{
	tdestroy(list->by_name, free_node);
	*list = (struct objects){NULL, 0, 0};
}
