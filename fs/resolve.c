/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client.h"
#include "object.h"
#include "commit.h"
#include "error.h"
#include "fleet.h"
#include "intent.h"
#include "json.h"
#include "kind.h"
#include "node.h"
#include "outcome.h"
#include "resolve.h"
#include "waiter.h"

#define LOOK_MOST_MS 30000
/* between the two complete lists that prove absence */
#define APART_MS 5000
/* A list may lag by 10 s (ack-api.md 1.9), also behind what a process did
 * that has died since. */
#define LAG_MS 15000

struct audit_caller resolve_caller(const struct object *o)
{
	return o->resolve ? o->resolve->who : (struct audit_caller){0};
}

void resolve_later(struct resolve *r, int64_t ms)
{
	ack_timer_set(r->object->fleet->events, &r->timer, ms);
}

time_t resolve_window_end(const struct object *o)
{
	return o->intent->date +
	       (o->fleet->settle_ms + o->fleet->tries_ms + 999) / 1000;
}

/* Whether a cluster of this attempt would be in a list that begins now. */
static bool settled(const struct resolve *r)
{
	const struct object *o = r->object;
	int64_t lag = o->fleet->settle_ms < LAG_MS ? o->fleet->settle_ms
						   : LAG_MS;

	return fleet_service_time(o->fleet) >= resolve_window_end(o) &&
	       ack_now_ms() >= r->began + lag;
}

static void again(struct resolve *r)
{
	r->empty = 0;
	r->delay_ms += r->delay_ms / 2;
	if (r->delay_ms > LOOK_MOST_MS)
		r->delay_ms = LOOK_MOST_MS;
	commit_happen(r->object, EVENT_UNDECIDED, NULL, NULL);
}

/* The evidence does not decide, so the user has to. */
static void tell(struct resolve *r)
{
	const char *name = r->object->intent->name;
	unsigned count = r->found + r->doubtful;
	struct ack_error e;

	if (count == r->told)
		return;
	r->told = count;
	if (count > 1)
		ack_error_set(&e, EEXIST, "adopt",
			"%u %ss named %s may be what this commit made; "
			"one of them is %s",
			count, r->object->kind->noun, name, r->id);
	else
		ack_error_set(&e, EEXIST, "adopt",
			"the %s %s is named %s, but by its date it may "
			"be of another origin than this commit",
			r->object->kind->noun, r->id, name);
	ack_error_hint(
		&e, "write the ID of the one that is, or none, into adopt");
	object_fail(r->object, &e);
}

/* What a complete list has shown. r may be gone afterwards. */
static void judge(struct resolve *r)
{
	struct ids ids = {r->id, "", ""};
	struct ack_error e;

	if (r->found == 1) {
		commit_happen(r->object, EVENT_FOUND, &ids, NULL);
	} else if (r->found || (r->late && r->doubtful)) {
		tell(r);
		again(r);
	} else if (!r->late) {
		again(r);
	} else if (++r->empty < 2) {
		resolve_later(r, r->object->fleet->settle_ms < APART_MS
					 ? r->object->fleet->settle_ms
					 : APART_MS);
	} else {
		ack_error_set(&e, ETIMEDOUT, NULL,
			"the answer was lost, and no %s was made: none is "
			"listed after the time in which it could have been. "
			"This is a draft again",
			r->object->kind->noun);
		commit_happen(r->object, EVENT_ABSENT, NULL, &e);
	}
}

static void listed(void *arg, const struct ack_json *page, bool more,
	const struct ack_error *e)
{
	struct resolve *r = arg;
	const struct object *o = r->object;

	for (const struct ack_json *n = ack_json_first(page); n;
		n = ack_json_next(n)) {
		struct identity i = {NULL};
		enum intent_kin kin;

		o->kind->identify(n, &i);
		r->unclear |= !i.name || !i.id;
		kin = intent_compare(o->intent, &i);
		if (kin == INTENT_STRANGE || fleet_by_id(o->fleet, i.id))
			continue;
		/* no proof of absence, but nothing to adopt either */
		if (!o->kind->id_valid(i.id))
			kin = INTENT_DOUBTFUL;
		if (kin == INTENT_OURS)
			r->found++;
		else
			r->doubtful++;
		if (kin == INTENT_OURS || !r->found)
			snprintf(r->id, sizeof(r->id), "%s", i.id);
	}
	if (more)
		return;
	r->call = NULL;
	if (!e->err && (r->found || !r->unclear)) {
		judge(r);
		return;
	}
	again(r); /* a list that is incomplete or unclear proves nothing */
}

static void look(void *arg)
{
	struct resolve *r = arg;
	struct object *o = r->object;
	struct ack_error e;

	if (r->call) {
		resolve_later(r, RESOLVE_FIRST_MS);
		return;
	}
	r->found = r->doubtful = 0;
	r->unclear = false;
	r->late = settled(r);
	r->call = o->kind->list(o, o->intent->name, listed, r, &e);
	if (!r->call)
		resolve_later(r, LOOK_MOST_MS);
}

void resolve_look(struct object *o)
{
	struct resolve *r = o->resolve;

	if (!r) {
		/* without memory it stays unknown until the next mount */
		r = calloc(1, sizeof(*r));
		if (!r)
			return;
		r->object = o;
		r->timer.fire = look;
		r->timer.arg = r;
		r->delay_ms = RESOLVE_FIRST_MS;
		r->began = ack_now_ms();
		o->resolve = r;
	}
	resolve_later(r, r->delay_ms);
}

void resolve_stop(struct object *o)
{
	struct resolve *r = o->resolve;

	if (!r)
		return;
	o->resolve = NULL;
	ack_timer_cancel(o->fleet->events, &r->timer);
	ack_call_drop(r->call);
	waiters_wake(&r->waiters, -EINTR);
	free(r);
}
