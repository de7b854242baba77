/* SPDX-License-Identifier: MIT */
#include "cloud/live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/span.h"
#include "client/client.h"
#include "cloud/follow.h"
#include "cloud/renamed.h"
#include "cloud/rest.h"
#include "cloud/story.h"
#include "cloud/twin.h"
#include "model/bases.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/log.h"
#include "model/object.h"
#include "model/regions.h"
#include "model/scale.h"
#include "model/tags.h"
#include "model/word.h"
#include "params/body.h"
#include "params/types.h"
#include "params/values.h"
#include "state/dirname.h"
#include "state/saved.h"

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

/* A list may still say what was before a change that was made here. */
#define LAG_MS 60000

void live_changed_here(struct object *o, unsigned row)
{
	o->unheard[row / 64] |= 1ull << row % 64;
}

static bool can_change(const struct ack_param *p)
{
	return p->change != ACK_FIXED && p->change < ACK_REMOVE &&
	       !(p->flags & ACK_SECRET);
}

/* The row of the count of all nodes, which the service does not give as such.
 */
static bool is_count(const struct object *o, unsigned row)
{
	return !o->parent && row == o->kind->table->nodes;
}

/*
 * While something is under way, what was asked for stays: the service shows
 * what is there so far, and of a cluster that is being made that is nothing.
 */
static int keep_wanted(const struct object *o, struct ack_values *v)
{
	const struct ack_table *t = o->kind->table;
	bool rests = story_resting(o);
	int row = ack_values_next(&o->values, 0), ret = 0;

	for (; !ret && row >= 0;
		row = ack_values_next(&o->values, (unsigned)row + 1)) {
		unsigned r = (unsigned)row;
		size_t len = 0;
		const char *text = ack_values_get(&o->values, r, &len);
		bool keep = r >= t->count ? false
			    : is_count(o, r)
				    ? !rests || story_ended_badly(o)
				    : !rests && can_change(&t->rows[r]) &&
					      object_unheard(o, r);

		if (keep)
			ret = ack_values_set(v, r, text, len,
				ack_values_time(&o->values, r));
	}
	return ret;
}

/* Where the node pools are known, all nodes are those that they want. */
static int count_nodes(const struct object *o, struct ack_values *v)
{
	unsigned row = o->kind->table->nodes;
	long sum = o->parent ? -1 : scale_sum(o);
	const char *old = ack_values_get(&o->values, row, NULL);
	char text[24];
	int64_t time = ack_values_time(&o->values, row);

	if (sum < 0)
		return 0;
	snprintf(text, sizeof(text), "%ld", sum);
	return ack_values_set(v, row, text, strlen(text),
		old && !strcmp(old, text) ? time : time_now_ns());
}

static bool is_same(
	const struct object *o, const struct ack_values *v, unsigned row)
{
	const char *old = ack_values_get(&o->values, row, NULL);
	const char *new = ack_values_get(v, row, NULL);

	return !strcmp(old ? old : "", new ? new : "");
}

/* What was never known, or was changed here, is no news. */
static bool is_drift(
	const struct object *o, const struct ack_values *v, unsigned row)
{
	bool known = ack_values_get(&o->values, row, NULL) ||
		     (!o->parent && row == ACK_P_tags);

	return can_change(&o->kind->table->rows[row]) && known &&
	       !object_unheard(o, row) && !is_same(o, v, row);
}

/* What somebody else has changed. */
static void tell_drift(struct object *o, const struct ack_values *v)
{
	const struct ack_table *t = o->kind->table;

	for (unsigned row = 0; row < t->count; row++) {
		struct ack_buf text = ACK_BUF_INIT(ACK_VALUE_MAX);

		if (!is_drift(o, v, row))
			continue;
		ack_param_line(&t->rows[row],
			ack_values_get(&o->values, row, NULL), &text);
		ack_buf_puts(&text, " -> ");
		ack_param_line(
			&t->rows[row], ack_values_get(v, row, NULL), &text);
		ack_buf_puts(&text, ", not from here");
		if (row == o->kind->name_row)
			renamed_note(o, ack_values_get(&o->values, row, NULL),
				ack_values_get(v, row, NULL));
		story_tell(o, 0, "info", ack_param_file(&t->rows[row]),
			ack_buf_text(&text));
		ack_buf_release(&text);
	}
}

/* Rows of which another value is somebody else's from here on. `n`: the answer,
 * or NULL: the count of nodes alone. */
static void hear(struct object *o, const struct ack_json *n,
	const struct ack_values *v, uint64_t still[])
{
	const struct ack_table *t = o->kind->table;
	bool late = !o->since || ack_now_ms() - o->since > LAG_MS;

	memcpy(still, o->unheard, sizeof(o->unheard));
	if (!story_resting(o))
		return;
	for (unsigned row = 0; row < t->count; row++)
		if (object_unheard(o, row) && can_change(&t->rows[row]) &&
			(late || is_same(o, v, row)) &&
			(is_count(o, row) || ack_body_tells(t, row, n)))
			still[row / 64] &= ~(1ull << row % 64);
}

/* Takes those values over if they are new; they are empty then. */
static bool adopt(
	struct object *o, const struct ack_json *n, struct ack_values *v)
{
	uint64_t still[sizeof(o->unheard) / sizeof(o->unheard[0])];

	hear(o, n, v, still);
	if (v->len == o->values.len &&
		(!v->len || !memcmp(v->block, o->values.block, v->len))) {
		memcpy(o->unheard, still, sizeof(still));
		bases_pin(o);
		return false;
	}
	/* without memory the next list shows it */
	if (tags_rebase(o, v))
		return false;
	if (story_resting(o))
		tell_drift(o, v);
	memcpy(o->unheard, still, sizeof(still));
	ack_values_release(&o->values);
	o->values = *v;
	*v = (struct ack_values)ACK_VALUES_INIT;
	bases_settle(o);
	bases_pin(o);
	return true;
}

static bool take_values(struct object *o, const struct ack_json *n)
{
	struct ack_values v = ACK_VALUES_INIT;
	bool changed = false;

	if (!ack_values_copy(&v, &o->values) &&
		!ack_body_read(o->kind->table, n, time_now_ns(), &v) &&
		!keep_wanted(o, &v) && !count_nodes(o, &v))
		changed = adopt(o, n, &v);
	ack_values_release(&v);
	return changed;
}

static void save(struct object *o)
{
	ACK_UNSET struct ack_error unsaved;

	if (o->kept && saved_put(o, &unsaved))
		log_line(LOG_WARNING, "%s: %s", o->name, unsaved.message);
}

/*
 * What is being made here, and what could not be, says what was sent: a network
 * that the service has made along goes with it, and must not be in a copy.
 */
static bool keeps_sent(const struct object *o)
{
	return o->receipt &&
	       (word_of_state(o->word) == MEANS_MAKING || o->receipt->failed);
}

void live_count(struct object *o)
{
	struct ack_values v = ACK_VALUES_INIT;

	if (!keeps_sent(o) && !ack_values_copy(&v, &o->values) &&
		!count_nodes(o, &v) && adopt(o, NULL, &v)) {
		object_touch_params(o);
		save(o);
	}
	ack_values_release(&v);
	bases_follow(o);
}

void live_own_change(struct object *cluster)
{
	if (!cluster)
		return;
	cluster->since = ack_now_ms();
	live_changed_here(cluster, cluster->kind->table->nodes);
	live_count(cluster);
}

/* How many there are is not how many are wanted; that it is another number
 * than before means that others may be wanted. */
static void take_count(struct object *o, const struct ack_json *n)
{
	struct identity i = {NULL};
	bool moved;

	o->kind->identify(n, &i);
	o->is_default |= i.is_default;
	/* a commit asks for the pools itself, or the next answer is seen */
	if (i.nodes < 0 || (!o->parent && (!story_resting(o) || o->change)))
		return;
	moved = o->nodes >= 0 && o->nodes != i.nodes;
	o->nodes = i.nodes;
	if (moved && !o->parent && o->pools_seen)
		live_ask_nodepools(o);
}

/* Whether it was another before. */
static bool take_state(struct object *o, const struct ack_json *n)
{
	struct identity i = {NULL};
	char said[sizeof(o->word)];
	bool known = *o->word, rested = story_at_rest(o);

	o->kind->identify(n, &i);
	if (!is_word(i.state) || !strcmp(i.state, o->word))
		return false;
	snprintf(said, sizeof(said), "%s", i.state);
	object_enter(o, COURSE_EXISTS, said);
	if (known || o->kept)
		story_tell(o, 0, story_ended_badly(o) ? "error" : "info",
			"state", said);
	if (rested && !story_at_rest(o) && o->story && known)
		story_begin(o, "");
	if (!story_at_rest(o))
		follow_soon(o->fleet);
	else if (known && !o->parent)
		live_ask_nodepools(o);
	return true;
}

void live_take(struct object *o, const struct ack_json *n, int64_t asked)
{
	bool changed;

	/* an answer may be older than what was done since it was asked for */
	if (asked < o->since)
		return;
	changed = take_state(o, n);
	take_count(o, n);
	story_failure(o);
	if (!keeps_sent(o) && take_values(o, n)) {
		object_touch_params(o);
		changed = true;
	}
	story_rest(o, asked);
	if (changed)
		save(o);
}

static void described(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct object *o = arg, *parent = o->parent;
	ACK_UNSET struct ack_error failure;

	ack_error_copy(&failure, e);
	o->story->look = NULL;
	if (!failure.err)
		kind_check(o->kind, o->id, answer->json, &failure);
	if (kind_absent(o, e)) {
		live_gone(o);
	} else if (failure.err) {
		follow_failed(o, &failure);
	} else {
		follow_known(o);
		live_take(o, answer->json, o->story->asked);
	}
	if (parent)
		live_count(parent);
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

static void forget_record(struct object *o, void *arg)
{
	ACK_UNSET struct ack_error e;

	(void)arg;
	if (saved_remove(o, &e))
		log_line(LOG_WARNING, "%s: %s", o->name, e.message);
}

/* What could not be made is a draft again when it has been deleted. */
static void back_to_draft(struct object *o)
{
	objects_walk(&o->pools, forget_record, NULL);
	fleet_discard_pools(o);
	object_unmade(o);
	save(o);
	saved_sync(o, NULL);
}

void live_gone(struct object *o)
{
	struct object *parent = o->parent;
	bool lost = o->story && o->story->making;
	char name[DIRNAME_MAX];

	if (ack_values_next_touched(&o->edits, 0) >= 0)
		log_line(LOG_NOTICE,
			"%s is gone, and with it edits that were not committed",
			o->name);
	story_tell(o, 0, "info", "state", "deleted");
	story_deleted(o);
	twin_gone(o);
	object_enter(o, COURSE_EXISTS, "deleted");
	snprintf(name, sizeof(name), "%s", o->name);
	if (o->receipt && o->receipt->failed) {
		back_to_draft(o);
	} else {
		forget_record(o, NULL);
		fleet_discard(o->fleet, o);
	}
	if (parent)
		tell_parent(parent, name, lost);
}

struct absent {
	struct object *found;
	unsigned seen;
	int64_t asked;
};

/* One that was made since the list was asked for is not absent. */
static void find_absent(struct object *o, void *arg)
{
	struct absent *a = arg;

	if (object_exists(o) && o->seen != a->seen && o->since <= a->asked)
		a->found = o;
}

void live_nodepools(
	struct object *o, const struct ack_json *list, int64_t asked)
{
	struct absent a = {NULL, ++o->pools_seen, asked};
	struct object *p;

	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n)) {
		p = live_find(o->fleet, o, n);
		if (!p)
			continue;
		p->seen = a.seen;
		live_take(p, n, asked);
	}
	for (;;) {
		a.found = NULL;
		objects_walk(&o->pools, find_absent, &a);
		if (!a.found)
			break;
		a.found->seen = a.seen;
		live_absent(a.found, true);
	}
	o->pools_listed = asked;
	o->pools_old = false;
	/* what they want together may be another number than was there */
	if (a.seen == 1)
		live_changed_here(o, o->kind->table->nodes);
	live_count(o);
	rest_changed(o);
}

int live_pools_check(const struct ack_json *list, struct ack_error *e)
{
	if (!ack_json_is_array(list))
		return ack_error_set(e, EPROTO, NULL,
			"the answer of the service has no node pools");
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n)) {
		struct identity i = {NULL};

		kind_nodepool.identify(n, &i);
		if (!i.id || !ack_nodepool_id_valid(i.id))
			return ack_error_set(e, EPROTO, NULL,
				"the list holds a node pool without an ID of "
				"the right form");
	}
	return 0;
}

bool live_pools_fresh(const struct object *o)
{
	int64_t most = o->fleet->refresh.max_age_ms;

	if (o->parent || !object_exists(o) || !most)
		return true;
	return o->pools_listed && !o->pools_old &&
	       ack_now_ms() - o->pools_listed < most;
}

/* In the service's own words. */
static bool is_refusal(const struct ack_error *e)
{
	return *e->code && (e->err == EACCES || e->err == ENOENT);
}

static void pools_listed(void *arg, const struct ack_json *page, bool more,
	const struct ack_error *e)
{
	struct object *o = arg;

	if (more) {
		live_nodepools(o, page, o->story->pools_asked);
		return;
	}
	o->story->pools = NULL;
	if (!e->err)
		return;
	follow_failed(o, e);
	object_fail_live(o, e);
	/* what may not be known holds nothing up; the rest may be, later */
	if (is_refusal(e)) {
		o->pools_listed = o->story->pools_asked;
		rest_changed(o);
	} else {
		follow_soon(o->fleet);
	}
}

void live_ask_nodepools(struct object *o)
{
	struct story *s = story_of(o);
	struct ack_error e;

	if (!s || s->pools)
		return;
	s->pools_asked = ack_now_ms();
	s->pools = ack_list_nodepools(o->fleet->client, regions_of(o), o->id,
		NULL, true, pools_listed, o, &e);
	if (!s->pools)
		follow_failed(o, &e);
}
