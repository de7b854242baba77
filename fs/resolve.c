/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client.h"
#include "cluster.h"
#include "commit.h"
#include "error.h"
#include "fleet.h"
#include "intent.h"
#include "json.h"
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
	struct cluster *cluster;
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
	struct waiter *waiter; /* who wrote an ID into `adopt` */
	struct audit_caller who;
};

struct audit_caller resolve_caller(const struct cluster *c)
{
	return c->resolve ? c->resolve->who : (struct audit_caller){0};
}

static void later(struct resolve *r, int64_t ms)
{
	ack_timer_set(r->cluster->fleet->events, &r->timer, ms);
}

time_t resolve_window_end(const struct cluster *c)
{
	return c->intent->date +
	       (c->fleet->settle_ms + c->fleet->tries_ms + 999) / 1000;
}

/* Whether a cluster of this attempt would be in a list that begins now. */
static bool settled(const struct resolve *r)
{
	const struct cluster *c = r->cluster;
	int64_t lag = c->fleet->settle_ms < LAG_MS ? c->fleet->settle_ms
						   : LAG_MS;

	return fleet_service_time(c->fleet) >= resolve_window_end(c) &&
	       ack_now_ms() >= r->began + lag;
}

static void again(struct resolve *r)
{
	r->empty = 0;
	r->delay_ms += r->delay_ms / 2;
	if (r->delay_ms > LOOK_MOST_MS)
		r->delay_ms = LOOK_MOST_MS;
	commit_happen(r->cluster, EVENT_UNDECIDED, NULL, NULL);
}

/* The evidence does not decide, so the user has to. */
static void tell(struct resolve *r)
{
	const char *name = r->cluster->intent->name;
	unsigned count = r->found + r->doubtful;
	struct ack_error e;

	if (count == r->told)
		return;
	r->told = count;
	if (count > 1)
		ack_error_set(&e, EEXIST, "adopt",
			"%u clusters named %s may be what this commit made; "
			"one of them is %s",
			count, name, r->id);
	else
		ack_error_set(&e, EEXIST, "adopt",
			"the cluster %s is named %s, but by its date it may "
			"be of another origin than this commit",
			r->id, name);
	ack_error_hint(
		&e, "write the ID of the one that is, or none, into adopt");
	cluster_fail(r->cluster, &e);
}

/* What a complete list has shown. r may be gone afterwards. */
static void judge(struct resolve *r)
{
	struct ids ids = {r->id, "", ""};
	struct ack_error e;

	if (r->found == 1) {
		commit_happen(r->cluster, EVENT_FOUND, &ids, NULL);
	} else if (r->found || (r->late && r->doubtful)) {
		tell(r);
		again(r);
	} else if (!r->late) {
		again(r);
	} else if (++r->empty < 2) {
		later(r, r->cluster->fleet->settle_ms < APART_MS
				 ? r->cluster->fleet->settle_ms
				 : APART_MS);
	} else {
		ack_error_set(&e, ETIMEDOUT, NULL,
			"the answer was lost, and no cluster was made: none is "
			"listed after the time in which it could have been. "
			"This is a draft again");
		commit_happen(r->cluster, EVENT_ABSENT, NULL, &e);
	}
}

static void listed(void *arg, const struct ack_json *page, bool more,
	const struct ack_error *e)
{
	struct resolve *r = arg;
	const struct cluster *c = r->cluster;

	for (const struct ack_json *n = ack_json_first(page); n;
		n = ack_json_next(n)) {
		enum intent_kin kin = intent_compare(c->intent, n);
		const char *id = ack_json_get_string(n, "cluster_id");

		if (kin == INTENT_STRANGE || fleet_by_id(c->fleet, id))
			continue;
		if (kin == INTENT_OURS)
			r->found++;
		else
			r->doubtful++;
		if (kin == INTENT_OURS || !r->found)
			snprintf(r->id, sizeof(r->id), "%s", id);
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
	struct cluster *c = r->cluster;
	struct ack_error e;

	if (r->call) {
		later(r, LOOK_FIRST_MS);
		return;
	}
	r->found = r->doubtful = 0;
	r->late = settled(r);
	r->call = ack_list_clusters(
		c->fleet->client, c->intent->name, listed, r, &e);
	if (!r->call)
		later(r, LOOK_MOST_MS);
}

void resolve_look(struct cluster *c)
{
	struct resolve *r = c->resolve;

	if (!r) {
		/* without memory it stays unknown until the next mount */
		r = calloc(1, sizeof(*r));
		if (!r)
			return;
		r->cluster = c;
		r->timer.fire = look;
		r->timer.arg = r;
		r->delay_ms = LOOK_FIRST_MS;
		r->began = ack_now_ms();
		c->resolve = r;
	}
	later(r, r->delay_ms);
}

void resolve_stop(struct cluster *c)
{
	struct resolve *r = c->resolve;

	if (!r)
		return;
	c->resolve = NULL;
	ack_timer_cancel(c->fleet->events, &r->timer);
	ack_call_drop(r->call);
	waiter_wake(&r->waiter, -EINTR);
	free(r);
}

static void described(
	void *arg, const struct ack_json *answer, const struct ack_error *e)
{
	struct resolve *r = arg;
	struct cluster *c = r->cluster;
	const char *name = ack_json_get_string(answer, "name");
	struct waiter *w = r->waiter;
	struct ack_error told;
	struct ids ids = {r->id, "", ""};

	r->call = NULL;
	r->waiter = NULL;
	if (w)
		w->slot = NULL;
	told = *e;
	if (!told.err && (!name || strcmp(name, c->intent->name)))
		ack_error_set(&told, EINVAL, "adopt",
			"the cluster %s is named %s, not %s", r->id,
			name ? name : "nothing", c->intent->name);
	if (told.err) {
		r->who = (struct audit_caller){0};
		cluster_fail(c, &told);
		later(r, LOOK_FIRST_MS);
	} else {
		commit_happen(c, EVENT_ADOPT, &ids, NULL);
	}
	if (w)
		w->done(w, -told.err);
}

int resolve_open(const struct cluster *c, struct ack_error *e)
{
	if (c->resolve && c->resolve->waiter)
		return ack_error_set(e, EBUSY, "adopt",
			"an ID is being looked at; wait for the answer");
	return 0;
}

int resolve_adopt(struct cluster *c, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	struct resolve *r = c->resolve;
	struct audit_caller who = {w ? w->uid : 0, w ? w->pid : 0};
	struct cluster *other;
	struct ack_error given_up;
	char word[64];
	struct ack_request ask = {
		.action = ACK_CALL_DescribeClusterDetail, .ids = {word}};

	while (len && strchr(" \t\r\n", text[len - 1]))
		len--;
	snprintf(word, sizeof(word), "%.*s",
		(int)(len < sizeof(word) ? len : sizeof(word) - 1), text);
	if (c->state != COURSE_UNKNOWN || !r)
		return ack_error_set(e, EPERM, "adopt",
			"it is known what became of this commit");
	if (r->waiter)
		return resolve_open(c, e);
	if (!strcmp(word, "none")) {
		r->who = who;
		ack_error_set(&given_up, ECANCELED, NULL,
			"given up by hand: no cluster was made. This is a "
			"draft again");
		commit_happen(c, EVENT_GIVE_UP, NULL, &given_up);
		return 1;
	}
	if (!ack_cluster_id_valid(word))
		return ack_error_set(e, EINVAL, "adopt",
			"write the ID of the cluster (c and 32 hex digits), or "
			"none when you are sure that there is none");
	other = fleet_by_id(c->fleet, word);
	if (other)
		return ack_error_set(e, EEXIST, "adopt",
			"the cluster %s is that of the directory %s", word,
			other->name);
	ack_timer_cancel(c->fleet->events, &r->timer);
	ack_call_drop(r->call);
	snprintf(r->id, sizeof(r->id), "%s", word);
	r->who = who;
	r->empty = 0; /* the two lists would stand too close */
	r->call = ack_ask(c->fleet->client, &ask, described, r, e);
	if (!r->call) {
		r->who = (struct audit_caller){0};
		later(r, LOOK_FIRST_MS);
		return -e->err;
	}
	waiter_wait(w, &r->waiter);
	return 0;
}
