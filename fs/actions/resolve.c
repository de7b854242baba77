/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "actions/commit.h"
#include "actions/resolve.h"
#include "base/error.h"
#include "base/text.h"
#include "client/client.h"
#include "cloud/follow.h"
#include "cloud/story.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/object.h"
#include "params/body.h"
#include "params/values.h"

#define LOOK_MOST_MS 30000
/* between the two complete lists that prove absence */
#define APART_MS 5000
/* A list may lag by 10 s (SERVICE.md, Lists), also behind what a process did
 * that has died since. */
#define LAG_MS 15000

struct audit_caller resolve_caller(const struct object *o)
{
	return o->resolve ? o->resolve->a.who : (struct audit_caller){0};
}

void resolve_later(struct resolve *r, int64_t ms)
{
	ack_timer_set(r->a.object->fleet->events, &r->timer, ms);
}

/* Nobody remembers when it was last signed: until now, if the clocks agree. */
static int64_t last_signed(const struct object *o)
{
	int64_t now = fleet_service_time(o->fleet), here = time(NULL);

	if (o->intent->signed_at)
		return o->intent->signed_at;
	return now > here ? now : here;
}

time_t resolve_window_end(const struct object *o)
{
	return last_signed(o) + (o->fleet->settle_ms + 999) / 1000;
}

/* Whether a cluster of this attempt would be in a list that begins now. */
static bool settled(const struct resolve *r)
{
	const struct object *o = r->a.object;
	int64_t lag = o->fleet->settle_ms < LAG_MS ? o->fleet->settle_ms
						   : LAG_MS;

	return o->intent->signed_at &&
	       fleet_service_time(o->fleet) >= resolve_window_end(o) &&
	       ack_now_ms() >= r->began + lag;
}

static void again(struct resolve *r)
{
	r->empty = 0;
	r->delay_ms += r->delay_ms / 2;
	if (r->delay_ms > LOOK_MOST_MS)
		r->delay_ms = LOOK_MOST_MS;
	commit_happen(r->a.object, EVENT_UNDECIDED, NULL, NULL);
}

/* The evidence does not decide, so the user has to. */
static void tell(struct resolve *r)
{
	struct object *o = r->a.object;
	unsigned count = r->found + r->doubtful;

	if (count == r->shown && !strcmp(r->id, r->shown_id))
		return;
	r->shown = count;
	strcpy(r->shown_id, r->id);
	if (count == 1)
		ack_error_set(&r->report, EEXIST, "adopt",
			"the %s %s is named %s, but %s", kind_noun(o->kind),
			r->id, o->intent->name, ack_text(r->why));
	else
		snprintf(r->report.message, sizeof(r->report.message),
			ack_text("%u %ss are named %s, and which of them this "
				 "commit "
				 "made is not known"),
			count, kind_noun(o->kind), o->intent->name);
	ack_error_hint(&r->report,
		"write the ID of what this commit made, or none, into adopt");
	object_fail(o, &r->report);
}

/* What a complete list has shown. r may be gone afterwards. */
static void judge(struct resolve *r)
{
	struct ids ids = {.id = r->id, .found = true};
	struct ack_error e;

	if (r->found == 1) {
		commit_happen(r->a.object, EVENT_FOUND, &ids, NULL);
	} else if (r->found || r->doubtful) {
		tell(r);
		again(r);
	} else if (!r->late) {
		again(r);
	} else if (++r->empty < 2) {
		resolve_later(r, r->a.object->fleet->settle_ms < APART_MS
					 ? r->a.object->fleet->settle_ms
					 : APART_MS);
	} else {
		ack_error_set(&e, ETIMEDOUT, NULL,
			"the answer was lost, and no %s was made: the lists do "
			"not show one after the time in which it could be "
			"made. This is a draft again",
			kind_noun(r->a.object->kind));
		commit_happen(r->a.object, EVENT_ABSENT, NULL, &e);
	}
}

static void begin(void *arg)
{
	struct resolve *r = arg;

	r->found = r->doubtful = 0;
	r->unclear = false;
	ack_error_set(&r->report, EEXIST, "adopt", "%s", "");
}

static void one(void *arg, const struct ack_json *n, const struct identity *i)
{
	struct resolve *r = arg;
	const struct object *o = r->a.object;
	struct ack_values in_list = ACK_VALUES_INIT;
	struct candidate c = {o->kind, i, &in_list, &o->values};
	char why[INTENT_WHY];
	enum intent_kin kin;

	if (fleet_by_id(o->fleet, i->id))
		return;
	r->unclear |= ack_body_read(o->kind->table, n, 0, &in_list) < 0;
	kin = intent_compare(o->intent, &c, why);
	ack_values_release(&in_list);
	/* no proof of absence, but nothing to adopt either */
	if (!o->kind->id_valid(i->id)) {
		kin = INTENT_DOUBTFUL;
		strcpy(why,
			"its ID does not have the form of the service's IDs");
	}
	if (kin == INTENT_OURS)
		r->found++;
	else
		r->doubtful++;
	ack_error_more(&r->report, "%s: %s", i->id,
		ack_text(*why ? why : "it agrees with the request"));
	if (kin != INTENT_OURS && r->found)
		return;
	snprintf(r->id, sizeof(r->id), "%s", i->id);
	strcpy(r->why, why);
}

/* The clock that counts is the service's, which its answer has shown. */
static void listed(void *arg, const struct ack_error *e)
{
	struct resolve *r = arg;
	struct intent *i = r->a.object->intent;

	r->late = r->late && settled(r);
	if (!e->err && !i->signed_at) {
		i->signed_at = last_signed(r->a.object);
		commit_save(r->a.object);
	}
	commit_retell(r->a.object, e->err ? e : NULL);
	if (e->err || r->unclear)
		again(r); /* what is not complete proves nothing */
	else
		judge(r);
}

static void look(void *arg)
{
	struct resolve *r = arg;
	struct object *o = r->a.object;
	struct ack_error e;

	if (r->a.call || r->list.call) {
		resolve_later(r, RESOLVE_FIRST_MS);
		return;
	}
	r->late = settled(r);
	r->list = (struct named){.object = o,
		.name = o->intent->name,
		.begin = begin,
		.one = one,
		.end = listed,
		.arg = r};
	if (!named_ask(&r->list, &e))
		return;
	commit_retell(o, &e);
	resolve_later(r, LOOK_MOST_MS);
}

void resolve_look(struct object *o)
{
	struct resolve *r = o->resolve;
	int64_t left;

	if (!r) {
		/* without memory it stays unknown until the next mount */
		r = calloc(1, sizeof(*r));
		if (!r)
			return;
		activity_begin(&r->a, o, NULL);
		r->timer.fire = look;
		r->timer.arg = r;
		r->delay_ms = RESOLVE_FIRST_MS;
		r->began = ack_now_ms();
		o->resolve = r;
	}
	/* and when the time is over that `error` names */
	left = (resolve_window_end(o) - fleet_service_time(o->fleet)) * 1000;
	resolve_later(r, left > 0 && left < r->delay_ms ? left : r->delay_ms);
}

void resolve_stop(struct object *o)
{
	struct resolve *r = o->resolve;

	if (!r)
		return;
	o->resolve = NULL;
	ack_timer_cancel(o->fleet->events, &r->timer);
	named_drop(&r->list);
	activity_end(&r->a, -EINTR);
	free(r);
}

static void look_into(struct object *o, void *arg)
{
	struct ack_error lost;

	objects_walk(&o->pools, look_into, arg);
	if (o->state == COURSE_UNKNOWN) {
		ack_error_set(&lost, EINTR, NULL,
			"ackfs ended before it knew what became of this "
			"commit");
		commit_unknown(o, &lost);
		resolve_look(o);
	} else if (object_exists(o) && !story_at_rest(o)) {
		follow_soon(o->fleet);
	}
}

void resolve_resume(struct fleet *f)
{
	objects_walk(&f->clusters, look_into, NULL);
}
