/* SPDX-License-Identifier: MIT */
#include "cloud/hear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "client/client.h"
#include "cloud/follow.h"
#include "cloud/story.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/object.h"

/* FNV-1a: an event is shown once, whichever list it stands in. */
static uint64_t hash(const char *text)
{
	uint64_t h = 14695981039346656037u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211u;
	return h;
}

static bool is_new(struct story *s, const char *id)
{
	uint64_t h = hash(id);

	for (unsigned i = 0; i < STORY_HEARD; i++)
		if (s->heard[i] == h)
			return false;
	s->heard[s->nheard++ % STORY_HEARD] = h;
	return true;
}

static const char *or_else(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

/* By a task that was followed: in the same words, but for its type. */
static bool is_told(const struct object *o, int64_t when_ns, const char *level,
	const char *reason, const char *message)
{
	return reason && story_has(o, when_ns, level, reason, message);
}

static void take(struct object *o, const struct ack_json *n)
{
	const struct ack_json *data = ack_json_get(n, "data");
	const char *id = ack_json_get_string(n, "event_id");
	const char *type = ack_json_get_string(n, "type");
	const char *level = or_else(ack_json_get_string(data, "level"), "info");
	const char *message = or_else(ack_json_get_string(data, "message"), "");
	const char *reason = ack_json_get_string(data, "reason");
	int64_t when_ns = intent_time_ns(ack_json_get_string(n, "time"));
	char what[160];

	if (!id || !is_new(o->story, id) ||
		is_told(o, when_ns, level, reason, message))
		return;
	snprintf(what, sizeof(what), "%s%s%s", type ? type : "event",
		reason ? " " : "", reason ? reason : "");
	if (story_recalls(o, when_ns, level, what, message))
		return;
	story_tell(o, when_ns, level, what, message);
}

/* The newest come first (SERVICE.md, Events and logs), a file's lines the
 * other way. */
static void take_all(struct object *o, const struct ack_json *events)
{
	const struct ack_json *newest[STORY_HEARD];
	unsigned count = 0;

	for (const struct ack_json *n = ack_json_first(events);
		n && count < STORY_HEARD; n = ack_json_next(n))
		newest[count++] = n;
	while (count)
		take(o, newest[--count]);
}

static void answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct object *o = arg;

	o->story->look = NULL;
	if (e->err)
		follow_failed(o, e);
	else
		take_all(o, ack_json_get(answer->json, "events"));
}

void hear_events(struct object *o)
{
	struct story *s = story_of(o);
	struct ack_request r = kind_about(o, ACK_CALL_DescribeClusterEvents,
		o->parent ? o->parent->id : o->id);
	struct ack_error e;

	r.query[0] = (struct ack_query){"page_size", "50"};
	if (!s || s->look)
		return;
	s->look = ack_ask(o->fleet->client, &r, answered, o, &e);
	if (!s->look)
		follow_failed(o, &e);
}
