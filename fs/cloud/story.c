/* SPDX-License-Identifier: MIT */
#include "cloud/story.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <syslog.h>
#include <time.h>

#include "base/error.h"
#include "base/json.h"
#include "base/span.h"
#include "client/client.h"
#include "client/sign.h"
#include "cloud/follow.h"
#include "cloud/reason.h"
#include "cloud/rest.h"
#include "model/address.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/log.h"
#include "model/object.h"
#include "model/part.h"
#include "model/word.h"
#include "state/saved.h"

/* Of `events`: a message of ack_error, and the time. */
#define LINE_MAX (sizeof(((struct ack_error *)0)->message) + 64)

struct story *story_of(struct object *o)
{
	if (o->story)
		return o->story;
	o->story = calloc(1, sizeof(*o->story));
	if (o->story)
		ack_buf_init(&o->story->events, STORY_EVENTS_MAX);
	return o->story;
}

void story_free(struct object *o)
{
	struct story *s = o->story;

	if (!s)
		return;
	o->story = NULL;
	ack_call_drop(s->look);
	ack_call_drop(s->pools);
	ack_call_drop(s->why);
	waiters_wake(&s->resters, -EINTR);
	ack_buf_release(&s->events);
	free(s->reason);
	free(s->lost);
	free(s);
}

static void put_time(int64_t ns, struct ack_buf *out)
{
	char when[ACK_DATE_LEN];

	ack_date((time_t)(ns / 1000000000), when);
	ack_buf_puts(out, when);
}

/* Whole with its line end, and without control characters. */
static void compose(struct ack_buf *out, int64_t time_ns, const char *level,
	const char *what, const char *text)
{
	ACK_UNSET struct ack_error line; /* takes care of them */

	ack_error_set(&line, EINVAL, NULL, "%s %s%s%s", level, what,
		*what ? ": " : "", text);
	put_time(time_ns, out);
	ack_buf_printf(out, " %s\n", line.message);
}

/* Where it stands in `events`; -1: nowhere. */
static ssize_t find(const struct object *o, int64_t time_ns, const char *level,
	const char *what, const char *text)
{
	struct ack_buf line = ACK_BUF_INIT(LINE_MAX);
	const char *all = o->story ? ack_buf_text(&o->story->events) : "";
	const char *at;

	compose(&line, time_ns, level, what, text);
	at = strstr(all, ack_buf_text(&line));
	ack_buf_release(&line);
	return at ? at - all : -1;
}

bool story_has(const struct object *o, int64_t time_ns, const char *level,
	const char *what, const char *text)
{
	return find(o, time_ns, level, what, text) >= 0;
}

bool story_recalls(const struct object *o, int64_t time_ns, const char *level,
	const char *what, const char *text)
{
	ssize_t at = o->story && o->story->recalled
			     ? find(o, time_ns, level, what, text)
			     : -1;

	return at >= 0 && (size_t)at < o->story->recalled;
}

int story_recall(struct object *o, const char *line)
{
	struct story *s = story_of(o);

	if (!s)
		return -ENOMEM;
	ack_buf_printf(&s->events, "%s\n", line);
	s->recalled = s->events.len;
	return ack_buf_status(&s->events);
}

void story_tell(struct object *o, int64_t time_ns, const char *level,
	const char *what, const char *text)
{
	struct ack_buf line = ACK_BUF_INIT(LINE_MAX);
	struct story *s = story_of(o);

	compose(&line, time_ns ? time_ns : time_now_ns(), level, what, text);
	/* append-only: what was read stays as it was read */
	if (s && s->events.max - s->events.len > line.len) {
		ack_buf_put(&s->events, ack_buf_text(&line), line.len);
		saved_event(o, ack_buf_text(&line), line.len - 1);
		object_news(o, ROW_EVENTS);
	}
	ack_buf_release(&line);
}

/* A text that is not an ID would be asked for in vain, for ever. */
static bool is_id(const char *text)
{
	return *text != '.' &&
	       strlen(text) < sizeof(((struct story *)0)->task) &&
	       ack_span_only(ack_span_of(text), "._-");
}

void story_begin(struct object *o, const char *task)
{
	struct story *s = story_of(o);

	if (!s)
		return;
	ack_call_drop(s->look);
	s->look = NULL;
	/* nor is it of interest why the one before it failed */
	ack_call_drop(s->why);
	s->why = NULL;
	free(s->reason);
	s->reason = NULL;
	snprintf(s->task, sizeof(s->task), "%s", is_id(task) ? task : "");
	free(s->lost);
	s->lost = NULL;
	if (o->parent && o->parent->story) {
		free(o->parent->story->lost);
		o->parent->story->lost = NULL;
	}
	s->over = s->bad = s->paused = s->canceled = false;
	s->deaf = 0;
	s->nlater = 0;
	s->stated = false;
	s->misses = 0;
	s->making |= word_of_state(o->word) == MEANS_MAKING;
	s->done = s->stages = s->noted = 0;
	*s->stage = *s->doing = '\0';
	s->began = time_now_ns();
	s->ended = 0;
	follow_soon(o->fleet);
	object_touch(o);
}

void story_also(struct object *o, const char *task)
{
	struct story *s = o->story;

	if (!s || s->over || !*s->task)
		story_begin(o, task);
	else if (is_id(task) && s->nlater < STORY_LATER)
		snprintf(
			s->later[s->nlater++], sizeof(s->later[0]), "%s", task);
}

/* The next one that is to be followed, in the place of the one that ended. */
static bool go_on(struct story *s)
{
	if (!s->nlater)
		return false;
	memcpy(s->task, s->later[0], sizeof(s->task));
	memmove(s->later[0], s->later[1],
		(STORY_LATER - 1) * sizeof(s->later[0]));
	s->nlater--;
	s->done = s->stages = s->noted = 0;
	s->canceled = false;
	return true;
}

void story_keep(struct object *o)
{
	ACK_UNSET struct ack_error e;

	if (o->kept && saved_put(o, &e))
		log_line(LOG_WARNING, "%s: %s", o->name, e.message);
}

void story_deafen(struct story *s)
{
	s->deaf = ack_now_ms();
	s->stated = false;
}

void story_failure(struct object *o)
{
	if (!o->receipt || word_is(o->word, "deleted"))
		return;
	if (word_of_state(o->word) == MEANS_WELL)
		o->receipt->failed = false;
	else if (o->story && o->story->making && story_ended_badly(o))
		o->receipt->failed = true;
}

void story_rest(struct object *o, int64_t asked)
{
	struct story *s = o->story;

	if (!s)
		return;
	if (word_of_state(o->word) == MEANS_MAKING)
		s->making = true;
	else if (word_of_state(o->word) == MEANS_WELL)
		s->making = false;
	s->stated |= s->deaf && asked >= s->deaf;
	if (!s->began || s->over || !story_at_rest(o))
		return;
	s->over = true;
	s->paused = false;
	s->bad = story_ended_badly(o) && !s->canceled;
	s->ended = time_now_ns();
	if (s->bad)
		reason_of_state(o);
	story_keep(o);
	rest_changed(o);
}

void story_deleted(struct object *o)
{
	struct story *s = o->story;

	if (!s)
		return;
	s->over = true;
	s->bad = s->making;
	*s->stage = '\0';
}

/* What was on its way about it is older than the order. */
static void look_anew(struct object *o)
{
	ack_call_drop(o->story->look);
	o->story->look = NULL;
	follow_now(o->fleet);
	object_touch(o);
	rest_changed(o);
}

void story_cancel(struct object *o)
{
	if (!o->story)
		return;
	o->story->canceled = true;
	look_anew(o);
}

void story_pause(struct object *o, bool paused)
{
	if (!o->story)
		return;
	o->story->paused = paused;
	look_anew(o);
}

void story_unwanted(struct object *o)
{
	if (o->story)
		o->story->making = false;
}

static bool goes_on(const struct object *o)
{
	const struct story *s = o->story;

	if (!s || s->over)
		return false;
	return s->deaf ? !s->stated : *s->task;
}

bool story_told(const struct object *o)
{
	return object_exists(o) || (o->story && o->story->events.len);
}

bool story_progressing(const struct object *o)
{
	return o->story && o->story->began;
}

void story_events(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	if (o->story)
		ack_buf_put(out, ack_buf_text(&o->story->events),
			o->story->events.len);
}

static bool is_done(const struct story *s)
{
	return s->over && !s->bad && !s->canceled;
}

unsigned story_percent(const struct object *o)
{
	const struct story *s = o->story;
	unsigned p;

	if (is_done(s))
		return 100;
	/* half of the stage that is under way */
	p = s->stages ? (200 * s->done + (s->over ? 0 : 100)) / (2 * s->stages)
		      : 0;
	/* all stages may be done before the task is */
	return p < 100 ? p : 99;
}

static void put_duration(int64_t ns, struct ack_buf *out)
{
	int64_t s = ns > 0 ? ns / 1000000000 : 0;

	if (s >= 3600)
		ack_buf_printf(out, "%ldh", (long)(s / 3600));
	if (s >= 60)
		ack_buf_printf(out, "%ldm", (long)(s / 60 % 60));
	ack_buf_printf(out, "%lds", (long)(s % 60));
}

static const char *ending(const struct story *s)
{
	return s->bad ? " failed" : s->canceled ? " canceled" : " done";
}

void story_stage(const struct object *o, struct ack_buf *out)
{
	const struct story *s = o->story;

	if (s->over)
		ack_buf_puts(out, ending(s));
	else if (s->paused)
		ack_buf_puts(out, " paused");
	if (s->stages)
		ack_buf_printf(out, " stage %u of %u",
			s->done + !is_done(s) < s->stages
				? s->done + !is_done(s)
				: s->stages,
			s->stages);
	if (*s->stage)
		ack_buf_printf(out, ": %s", s->stage);
	ack_buf_puts(out, ", ");
	put_duration((s->ended ? s->ended : time_now_ns()) - s->began, out);
}

/* 40% [########------------] stage 3 of 5: nodes, 2m10s */
void story_progress(struct fleet *f, struct object *o, struct ack_buf *out)
{
	unsigned p = story_percent(o);

	(void)f;
	ack_buf_printf(out, "%u%% [", p);
	for (unsigned i = 0; i < 20; i++)
		ack_buf_putc(out, i < p / 5 ? '#' : '-');
	ack_buf_putc(out, ']');
	story_stage(o, out);
	ack_buf_putc(out, '\n');
}

void story_line(const struct object *o, struct ack_buf *out)
{
	const struct story *s = o->story;

	ack_buf_puts(out, object_state_word(o));
	if (s && s->began && (s->over || story_at_rest(o)))
		ack_buf_puts(out, s->canceled                      ? " canceled"
				  : s->bad || story_ended_badly(o) ? " failed"
								   : " 100%");
	else if (s && s->began)
		ack_buf_printf(out, " %u%%%s", story_percent(o),
			s->paused ? " paused" : "");
	if (s && s->began && *s->stage && (!s->over || s->bad))
		ack_buf_printf(out, " %s", s->stage);
	if (s && s->lost)
		ack_buf_printf(out, " failed: %s is gone", s->lost);
}

bool story_resting(const struct object *o)
{
	if (!object_exists(o) || goes_on(o))
		return false;
	switch (word_of_state(o->word)) {
	case MEANS_MAKING:
	case MEANS_MOVING:
		return false;
	case MEANS_NOTHING: /* what is done shows it, where anything does */
	case MEANS_WELL:
	case MEANS_BADLY:
		break;
	}
	return true;
}

bool story_at_rest(const struct object *o)
{
	return o->state == COURSE_DRAFT || (!o->change && story_resting(o));
}

bool story_ended_badly(const struct object *o)
{
	return object_exists(o) && word_of_state(o->word) == MEANS_BADLY;
}

const char *story_followed(const struct object *o)
{
	return o->story && !o->story->over ? o->story->task : NULL;
}

/* Of a terminal's width, and without what a terminal would obey. */
static void put_word(char *out, size_t size, const char *text)
{
	struct ack_error clean;

	ack_error_set(&clean, 1, NULL, "%s", text ? text : "");
	snprintf(out, size, "%.*s", (int)size - 1, clean.message);
}

/* The stage that is under way, or went wrong, has its name in current_stage;
 * without that it is what the failed one says. */
static void take_stages(struct story *s, const struct ack_json *task)
{
	const struct ack_json *n = ack_json_first(ack_json_get(task, "stages"));
	const char *current = ack_json_get_string(task, "current_stage");
	const char *failed = NULL;

	s->done = s->stages = 0;
	for (; n; n = ack_json_next(n)) {
		enum meaning how = word_of_task(
			ack_json_get_string(n, "state"));

		s->stages++;
		s->done += how == MEANS_WELL;
		if (how == MEANS_BADLY && !failed)
			failed = ack_json_get_string(n, "message");
	}
	put_word(s->stage, sizeof(s->stage),
		current && *current ? current : failed);
}

/* Milliseconds since 1970, as a string; 0: not known. */
static int64_t event_time(const struct ack_json *n)
{
	const char *ms = ack_json_get_string(n, "timestamp");

	int64_t when = ms ? strtoll(ms, NULL, 10) : 0;

	return when > 0 && when < INT64_MAX / 1000000 ? when * 1000000 : 0;
}

static void take_events(struct object *o, const struct ack_json *task)
{
	const struct ack_json *n = ack_json_first(ack_json_get(task, "events"));
	unsigned count = 0;

	for (; n; n = ack_json_next(n)) {
		const char *level = ack_json_get_string(n, "level");
		const char *reason = ack_json_get_string(n, "reason");
		const char *message = ack_json_get_string(n, "message");

		if (count++ < o->story->noted)
			continue;
		level = level ? level : "info";
		reason = reason ? reason : "";
		message = message ? message : "";
		if (!story_recalls(o, event_time(n), level, reason, message))
			story_tell(o, event_time(n), level, reason, message);
	}
	o->story->noted = count;
}

/* It may have begun before anybody here looked. */
static void take_begin(struct object *o, const struct ack_json *task)
{
	int64_t created = intent_time(ack_json_get_string(task, "created"));
	int64_t skew = fleet_service_time(o->fleet) - time(NULL);

	if (created < 0)
		return;
	/* in seconds: the service may have any date at all */
	created -= skew;
	if (created > 0 && created < o->story->began / 1000000000)
		o->story->began = created * 1000000000;
}

/* A task of several addons may succeed with some that did not. */
static bool has_failed_part(const struct ack_json *task)
{
	const struct ack_json *n = ack_json_first(
		ack_json_get(task, "task_result"));

	while (n &&
		word_of_task(ack_json_get_string(n, "status")) != MEANS_BADLY)
		n = ack_json_next(n);
	return n;
}

static void finish(struct object *o, enum meaning how, const char *state)
{
	struct story *s = o->story;

	/* it may have been done before, or have failed otherwise */
	s->canceled &= word_is(state, "canceled") ||
		       word_is(state, "cancelled");
	s->bad = how == MEANS_BADLY && !s->canceled;
	s->over = true;
	story_tell(o, 0, s->bad ? "error" : "info", s->doing, ending(s) + 1);
	if (how == MEANS_WELL)
		s->done = s->stages;
	s->over = s->bad || !go_on(s);
	if (!s->over)
		return;
	s->ended = time_now_ns();
	story_keep(o);
}

void story_task(struct object *o, const struct ack_json *task)
{
	struct story *s = o->story;
	const char *type = ack_json_get_string(task, "task_type");
	const char *state = ack_json_get_string(task, "state");
	enum meaning how = word_of_task(state) == MEANS_WELL &&
					   has_failed_part(task)
				   ? MEANS_BADLY
				   : word_of_task(state);
	unsigned done = s->done;
	bool paused = s->paused;
	char stage[sizeof(s->stage)];

	memcpy(stage, s->stage, sizeof(stage));
	take_begin(o, task);
	take_stages(s, task);
	put_word(s->doing, sizeof(s->doing), type);
	s->paused = state && word_is(state, "paused");
	take_events(o, task);
	/* a word that is not known is no reason to wait for another */
	if (how != MEANS_NOTHING)
		s->deaf = 0;
	else if (!s->deaf)
		story_deafen(s);
	if ((how == MEANS_WELL || how == MEANS_BADLY) && !s->over)
		finish(o, how, state);
	if (done != s->done || strcmp(stage, s->stage) || s->over ||
		paused != s->paused)
		rest_changed(o);
}
