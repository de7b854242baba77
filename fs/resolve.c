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

#define LOOK_FIRST_MS 1000
#define LOOK_MOST_MS  30000
/* between the two complete lists that prove absence */
#define APART_MS 5000
/* A list may lag by 10 s (ack-api.md 1.9), also behind what a process did
 * that has died since. */
#define LAG_MS 15000

struct resolve {
	struct object *object;
	struct ack_timer timer;
	struct ack_call *call;
	int64_t delay_ms;
	int64_t began;  /* ack_now_ms() */
	unsigned found; /* in the list under way */
	unsigned doubtful;
	unsigned told; /* how many the user was told of */
	char id[64];
	unsigned empty; /* complete lists without it, after the window */
	bool late;      /* the list under way was begun after the window */
	struct waiters waiters; /* who wrote an ID into `adopt` */
	bool adopting;
	struct audit_caller who;
};

struct audit_caller resolve_caller(const struct object *o)
{
	return o->resolve ? o->resolve->who : (struct audit_caller){0};
}

static void later(struct resolve *r, int64_t ms)
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
			"%u of the name %s may be what this commit made; "
			"one of them is %s",
			count, name, r->id);
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
		later(r, r->object->fleet->settle_ms < APART_MS
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
		kin = intent_compare(o->intent, &i);
		if (kin == INTENT_STRANGE || fleet_by_id(o->fleet, i.id))
			continue;
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
	if (!e->err) {
		judge(r);
		return;
	}
	again(r); /* an incomplete list proves nothing */
}

static void look(void *arg)
{
	struct resolve *r = arg;
	struct object *o = r->object;
	struct ack_error e;

	if (r->call) {
		later(r, LOOK_FIRST_MS);
		return;
	}
	r->found = r->doubtful = 0;
	r->late = settled(r);
	r->call = o->kind->list(o, o->intent->name, listed, r, &e);
	if (!r->call)
		later(r, LOOK_MOST_MS);
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
		r->delay_ms = LOOK_FIRST_MS;
		r->began = ack_now_ms();
		o->resolve = r;
	}
	later(r, r->delay_ms);
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

static void described(
	void *arg, const struct ack_json *answer, const struct ack_error *e)
{
	struct resolve *r = arg;
	struct object *o = r->object;
	struct waiters waiters = r->waiters;
	struct identity i = {NULL};
	struct ack_error told = *e;
	struct ids ids = {r->id, "", ""};

	r->call = NULL;
	r->adopting = false;
	/* r may be gone before they are told */
	r->waiters.first = NULL;
	if (waiters.first)
		waiters.first->link = &waiters.first;
	o->kind->identify(answer, &i);
	if (!told.err && (!i.name || strcmp(i.name, o->intent->name)))
		ack_error_set(&told, EINVAL, "adopt",
			"the %s %s is named %s, not %s", o->kind->noun, r->id,
			i.name ? i.name : "nothing", o->intent->name);
	if (told.err) {
		r->who = (struct audit_caller){0};
		object_fail(o, &told);
		later(r, LOOK_FIRST_MS);
	} else {
		commit_happen(o, EVENT_ADOPT, &ids, NULL);
	}
	waiters_wake(&waiters, -told.err);
}

int resolve_open(const struct object *o, struct ack_error *e)
{
	if (o->resolve && o->resolve->adopting)
		return ack_error_set(e, EBUSY, "adopt",
			"an ID is being looked at; wait for the answer");
	return 0;
}

int resolve_adopt(struct object *o, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	struct resolve *r = o->resolve;
	struct audit_caller who = {w ? w->uid : 0, w ? w->pid : 0};
	struct object *other;
	struct ack_error given_up;
	char word[64];
	struct ack_request ask = kind_request(o, o->kind->describe);

	while (len && strchr(" \t\r\n", text[len - 1]))
		len--;
	snprintf(word, sizeof(word), "%.*s",
		(int)(len < sizeof(word) ? len : sizeof(word) - 1), text);
	if (o->state != COURSE_UNKNOWN || !r)
		return ack_error_set(e, EPERM, "adopt",
			"it is known what became of this commit");
	if (r->adopting)
		return resolve_open(o, e);
	if (!strcmp(word, "none")) {
		r->who = who;
		ack_error_set(&given_up, ECANCELED, NULL,
			"given up by hand: no %s was made. This is a "
			"draft again",
			o->kind->noun);
		commit_happen(o, EVENT_GIVE_UP, NULL, &given_up);
		return 0;
	}
	if (!o->kind->id_valid(word))
		return ack_error_set(e, EINVAL, "adopt",
			"write the ID of the %s (%s), or none when you are "
			"sure that there is none",
			o->kind->noun, o->kind->id_form);
	other = fleet_by_id(o->fleet, word);
	if (other && other->kept)
		return ack_error_set(e, EEXIST, "adopt",
			"the %s %s is that of the directory %s", o->kind->noun,
			word, other->name);
	ack_timer_cancel(o->fleet->events, &r->timer);
	ack_call_drop(r->call);
	snprintf(r->id, sizeof(r->id), "%s", word);
	r->who = who;
	r->empty = 0; /* the two lists would stand too close */
	ask.ids[o->parent ? 1 : 0] = r->id;
	r->call = ack_ask(o->fleet->client, &ask, described, r, e);
	if (!r->call) {
		r->who = (struct audit_caller){0};
		later(r, LOOK_FIRST_MS);
		return -e->err;
	}
	r->adopting = true;
	waiter_wait(w, &r->waiters);
	return NODE_LATER;
}
