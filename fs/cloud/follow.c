/* SPDX-License-Identifier: MIT */
#include "cloud/follow.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "client/client.h"
#include "cloud/hear.h"
#include "cloud/live.h"
#include "cloud/reason.h"
#include "cloud/refresh.h"
#include "cloud/rest.h"
#include "cloud/story.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/log.h"
#include "model/object.h"
#include "model/part.h"
#include "model/word.h"

#define FIRST_MS 10000
/* A task that is not answered so often in a row holds nothing up any more. */
#define MISSES_MOST 3
/* An `events` that is open for longer is being followed, not read. */
#define HELD_MS 4000

void follow_failed(struct object *o, const struct ack_error *e)
{
	log_trouble(&o->fleet->follow.failed, "%s is not known to be: %s",
		o->name, e->message);
}

void follow_known(struct object *o)
{
	log_trouble_over(
		&o->fleet->follow.failed, "what is on its way is known");
}

/*
 * The task is a hint, the state the truth: what may not be asked for, and what
 * is not answered again and again, holds nothing up. A refusal is final; a
 * service that fails may answer again, so its task is asked for with each look.
 */
static void task_missed(
	struct object *o, enum ack_outcome outcome, const struct ack_error *e)
{
	struct story *s = o->story;

	s->misses++;
	if (outcome == ACK_REFUSED && e->err != EAGAIN) {
		story_deafen(s);
		*s->task = '\0';
	} else if (s->misses >= MISSES_MOST && !s->deaf) {
		story_deafen(s);
	}
	/* the service forgets them in time */
	if (e->err != ENOENT)
		follow_failed(o, e);
}

static void task_answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct object *o = arg;
	struct story *s = o->story;

	s->look = NULL;
	if (e->err) {
		task_missed(o, answer->outcome, e);
	} else {
		follow_known(o);
		s->misses = 0;
		story_task(o, answer->json);
		if (s->over && s->bad)
			reason_of_task(o, answer->json);
	}
	if (s->over || s->deaf || s->misses)
		live_ask(o);
}

static void ask_task(struct object *o)
{
	struct ack_request r = kind_about(
		o, ACK_CALL_DescribeTaskInfo, o->story->task);
	struct ack_error e;

	o->story->look = ack_ask(o->fleet->client, &r, task_answered, o, &e);
	if (!o->story->look)
		follow_failed(o, &e);
}

/* What others have begun has a task, too: the newest that runs. */
static void tasks_answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct object *o = arg;
	const struct ack_json *n = ack_json_first(
		ack_json_get(answer->json, "tasks"));

	o->story->look = NULL;
	for (; !e->err && n; n = ack_json_next(n)) {
		const char *id = ack_json_get_string(n, "task_id");
		const char *state = ack_json_get_string(n, "state");

		if (id && word_of_task(state) == MEANS_MOVING) {
			story_begin(o, id);
			break;
		}
	}
	live_ask(o);
}

static void find_task(struct object *o)
{
	struct ack_request r = kind_about(
		o, ACK_CALL_DescribeClusterTasks, o->id);
	struct ack_error e;

	o->story->look = ack_ask(o->fleet->client, &r, tasks_answered, o, &e);
	if (!o->story->look)
		follow_failed(o, &e);
}

static void look(struct object *o)
{
	struct story *s = story_of(o);

	if (!s || s->look)
		return;
	if (*s->task && !s->over)
		ask_task(o);
	else if (!*s->task && !s->deaf && !o->parent)
		find_task(o);
	else
		live_ask(o);
}

enum held { NOT_OPEN, OPEN, HELD };

/* Whether somebody follows its events: tail -f. */
static enum held events_held(const struct object *o)
{
	PARTS_EACH (p, o->fleet, heard) {
		int64_t ms = p->heard(o);

		if (ms >= 0)
			return ms >= HELD_MS ? HELD : OPEN;
	}
	return NOT_OPEN;
}

struct round {
	bool busy;
};

static void visit(struct object *o, void *arg)
{
	struct round *r = arg;
	enum held held;

	objects_walk(&o->pools, visit, arg);
	if (!object_exists(o))
		return;
	if (!story_at_rest(o)) {
		r->busy = true;
		look(o);
		return;
	}
	if (rest_awaited(o)) {
		r->busy = true;
		rest_look(o);
	}
	held = o->story ? events_held(o) : NOT_OPEN;
	r->busy |= held != NOT_OPEN;
	if (held == HELD)
		hear_events(o);
}

/* poll(2) waits for news, and looks for it by no request. */
static bool is_polled(const struct fleet *f)
{
	PARTS_EACH (p, f, polled)
		if (p->polled(f))
			return true;
	return false;
}

static int64_t first_ms(const struct fleet *f)
{
	/* nothing that is followed is shown older than the list may be */
	return f->refresh.max_age_ms && f->refresh.max_age_ms < FIRST_MS
		       ? f->refresh.max_age_ms
		       : FIRST_MS;
}

static void fire(void *arg)
{
	struct fleet *f = arg;
	int64_t most = 3 * first_ms(f);
	struct round r = {.busy = is_polled(f)};

	if (r.busy)
		refresh_look(f);
	objects_walk(&f->clusters, visit, &r);
	f->follow.delay_ms += f->follow.delay_ms / 2;
	if (f->follow.delay_ms > most)
		f->follow.delay_ms = most;
	if (r.busy)
		ack_timer_set(f->events, &f->follow.timer, f->follow.delay_ms);
}

static void set(struct fleet *f, int64_t ms)
{
	f->follow.timer.fire = fire;
	f->follow.timer.arg = f;
	f->follow.delay_ms = first_ms(f);
	ack_timer_set(f->events, &f->follow.timer, ms);
}

void follow_soon(struct fleet *f)
{
	/* a look that is near already stays near */
	if (!f->follow.timer.link || f->follow.delay_ms > first_ms(f))
		set(f, first_ms(f));
}

void follow_now(struct fleet *f)
{
	set(f, 0);
}

void follow_stop(struct fleet *f)
{
	ack_timer_cancel(f->events, &f->follow.timer);
}
