/* SPDX-License-Identifier: MIT */
#include "live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "body.h"
#include "client.h"
#include "dirname.h"
#include "error.h"
#include "fleet.h"
#include "follow.h"
#include "json.h"
#include "kind.h"
#include "log.h"
#include "object.h"
#include "regions.h"
#include "rest.h"
#include "saved.h"
#include "span.h"
#include "story.h"
#include "tags.h"
#include "twin.h"
#include "values.h"

/* The first of that name has the plain directory name, for as long as the
 * mount lasts. */
static struct object *make(
	struct fleet *f, struct object *parent, const struct identity *i)
{
	char name[DIRNAME_MAX];
	struct object *o = NULL;

	dirname_encode(name, i->name, NULL);
	if (!dirname_too_long(i->name) &&
		!objects_find(fleet_below(f, parent), name)) {
		o = fleet_restore(f, parent, name);
	} else {
		dirname_encode(name, i->name, i->id);
		o = fleet_restore(f, parent, name);
	}
	if (o && !fleet_set_id(o, i->id)) {
		fleet_discard(f, o);
		return NULL;
	}
	if (o)
		object_become(o, COURSE_EXISTS);
	return o;
}

struct object *live_find(
	struct fleet *f, struct object *parent, const struct ack_json *n)
{
	const struct kind *kind = parent ? &kind_nodepool : &kind_cluster;
	struct identity i = {NULL};
	struct object *o;

	kind->identify(n, &i);
	if (!i.id || !i.name || !kind->id_valid(i.id))
		return NULL;
	o = fleet_by_id(f, i.id);
	if (o)
		return o->parent == parent ? o : NULL;
	return fleet_making(f, parent, i.name) ? NULL : make(f, parent, &i);
}

/* One that is not known is shown as it came. */
static bool is_word(const char *word)
{
	return word && *word &&
	       strlen(word) < sizeof(((struct object *)0)->word) &&
	       ack_span_only(ack_span_of(word), "._-");
}

/* An edit that has come true, by whomever, is none any more. */
static void settle_edits(struct object *o)
{
	int row = ack_values_next_touched(&o->edits, 0);

	for (; row >= 0;
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1)) {
		const char *edit = ack_values_get(
			&o->edits, (unsigned)row, NULL);
		const char *is = ack_values_get(
			&o->values, (unsigned)row, NULL);

		if (!strcmp(edit ? edit : "", is ? is : ""))
			ack_values_drop(&o->edits, (unsigned)row);
	}
}

/*
 * How many nodes there are is how many there are to be only while nothing is
 * under way: one that is being made has none yet.
 */
static int keep_wanted(const struct object *o, struct ack_values *v)
{
	unsigned row = o->kind->table->nodes;
	size_t len = 0;
	const char *text = ack_values_get(&o->values, row, &len);

	if (!text || (kind_at_rest(o) && !kind_ended_badly(o)))
		return 0;
	return ack_values_set(
		v, row, text, len, ack_values_time(&o->values, row));
}

static bool take_values(struct object *o, const struct ack_json *n)
{
	struct ack_values v = ACK_VALUES_INIT;
	bool changed = false;

	if (!ack_values_copy(&v, &o->values) &&
		!ack_body_read(o->kind->table, n, time_now_ns(), &v) &&
		!keep_wanted(o, &v))
		changed = v.len != o->values.len ||
			  (v.len && memcmp(v.block, o->values.block, v.len));
	/* without memory the next list tells */
	if (changed && !tags_rebase(o, &v)) {
		ack_values_release(&o->values);
		o->values = v;
		settle_edits(o);
		return true;
	}
	ack_values_release(&v);
	return false;
}

/* Whether it was another before. */
static bool take_state(struct object *o, const struct ack_json *n)
{
	struct identity i = {NULL};
	char said[sizeof(o->word)];
	bool known = *o->word, rested = kind_at_rest(o);

	o->kind->identify(n, &i);
	if (!is_word(i.state) || !strcmp(i.state, o->word))
		return false;
	snprintf(said, sizeof(said), "%s", i.state);
	object_enter(o, COURSE_EXISTS, said);
	if (known || o->kept)
		story_tell(o, 0, kind_ended_badly(o) ? "error" : "info",
			"state", said);
	if (rested && !kind_at_rest(o) && o->story && known)
		story_begin(o, "");
	if (!kind_at_rest(o))
		follow_soon(o->fleet);
	else if (known && !o->parent)
		live_ask_nodepools(o);
	return true;
}

void live_take(struct object *o, const struct ack_json *n, int64_t asked)
{
	ACK_UNSET struct ack_error unsaved;
	bool changed;

	/* an answer may be older than what was done since it was asked for */
	if (asked < o->since)
		return;
	changed = take_state(o, n);
	if (take_values(o, n)) {
		object_touch_params(o);
		changed = true;
	}
	story_rest(o, asked);
	if (changed && o->kept && saved_put(o, &unsaved))
		log_line(LOG_WARNING, "%s: %s", o->name, unsaved.message);
}

static void described(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct object *o = arg;
	ACK_UNSET struct ack_error told;

	ack_error_copy(&told, e);
	o->story->look = NULL;
	if (!told.err)
		kind_check(o->kind, o->id, answer->json, &told);
	if (kind_absent(o, e))
		live_gone(o);
	else if (told.err)
		follow_failed(o, &told);
	else
		live_take(o, answer->json, o->story->asked);
}

void live_ask(struct object *o)
{
	struct ack_request r = kind_request(o, o->kind->describe);
	struct story *s = story_of(o);
	ACK_UNSET struct ack_error e;

	if (!s || s->look)
		return;
	r.paced = r.patient = true;
	s->asked = ack_now_ms();
	s->look = ack_ask(o->fleet->client, &r, described, o, &e);
	if (!s->look)
		follow_failed(o, &e);
}

void live_ask_again(struct object *o)
{
	struct story *s = story_of(o);

	if (!s)
		return;
	ack_call_drop(s->look);
	ack_call_drop(s->pools);
	s->look = s->pools = NULL;
	live_ask(o);
	if (!o->parent)
		live_ask_nodepools(o);
}

void live_absent(struct object *o, bool sure)
{
	if (!sure || o->kept || o->story)
		live_ask(o);
	else
		live_gone(o);
}

/* Who waits for its cluster hears of a node pool that never came to be. */
static void tell_parent(struct object *o, const char *name, bool lost)
{
	struct story *s = lost ? story_of(o) : NULL;

	if (s && !s->lost && asprintf(&s->lost, "nodepools/%s", name) < 0)
		s->lost = NULL;
	rest_changed(o);
}

void live_gone(struct object *o)
{
	ACK_UNSET struct ack_error e;
	struct object *parent = o->parent;
	bool lost = o->story && o->story->making;
	char name[DIRNAME_MAX];

	if (ack_values_next_touched(&o->edits, 0) >= 0)
		log_line(LOG_NOTICE,
			"%s is gone, and with it edits that were not committed",
			o->name);
	if (saved_remove(o, &e))
		log_line(LOG_WARNING, "%s: %s", o->name, e.message);
	story_tell(o, 0, "info", "state", "deleted");
	story_deleted(o);
	twin_gone(o);
	object_enter(o, COURSE_EXISTS, "deleted");
	snprintf(name, sizeof(name), "%s", o->name);
	fleet_discard(o->fleet, o);
	if (parent)
		tell_parent(parent, name, lost);
}
