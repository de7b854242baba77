/* SPDX-License-Identifier: MIT */
/* What the service says of a task, as part of a story (SERVICE.md, Tasks). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/json.h"
#include "cloud/rest.h"
#include "cloud/story.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/object.h"
#include "model/word.h"

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

/* Milliseconds since 1970, as a string; 0: not told. */
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

		if (count++ < o->story->told)
			continue;
		story_tell(o, event_time(n), level ? level : "info",
			reason ? reason : "", message ? message : "");
	}
	o->story->told = count;
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

void story_task(struct object *o, const struct ack_json *task)
{
	struct story *s = o->story;
	const char *type = ack_json_get_string(task, "task_type");
	enum meaning how = word_of_task(ack_json_get_string(task, "state"));
	unsigned done = s->done;
	char stage[sizeof(s->stage)];

	memcpy(stage, s->stage, sizeof(stage));
	take_begin(o, task);
	take_stages(s, task);
	put_word(s->doing, sizeof(s->doing), type);
	take_events(o, task);
	/* a word that is not known is no reason to wait for another */
	if (how != MEANS_NOTHING)
		s->deaf = 0;
	else if (!s->deaf)
		story_deafen(s);
	if ((how == MEANS_WELL || how == MEANS_BADLY) && !s->over) {
		s->over = true;
		s->bad = how == MEANS_BADLY;
		s->ended = time_now_ns();
		if (how == MEANS_WELL)
			s->done = s->stages;
		story_tell(o, 0, s->bad ? "error" : "info", s->doing,
			s->bad ? "failed" : "done");
		story_keep(o);
	}
	if (done != s->done || strcmp(stage, s->stage) || s->over)
		rest_changed(o);
}
