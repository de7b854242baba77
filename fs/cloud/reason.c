/* SPDX-License-Identifier: MIT */
#include "cloud/reason.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "client/client.h"
#include "client/codes.h"
#include "cloud/story.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/word.h"

#define LOG_LINES 8

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* The last lines, in whichever order the service gives them. */
static void add_log(struct ack_error *e, const struct ack_json *log)
{
	unsigned count = ack_json_count(log), i = 0;

	for (const struct ack_json *n = ack_json_first(log); n;
		n = ack_json_next(n), i++) {
		const char *line = ack_json_get_string(n, "cluster_log");

		if (line && i + LOG_LINES >= count)
			ack_error_more(e, "log: %.*s",
				(int)strcspn(line, "\r\n"), line);
	}
}

static void known(struct object *o)
{
	struct ack_error *e = o->story->reason;

	o->story->reason = NULL;
	object_fail(o, e);
	free(e);
}

/* Whether `error` still does: it may be of something newer. */
static bool says_reason(const struct object *o)
{
	struct ack_buf text = ACK_BUF_INIT(32768);
	bool says;

	ack_error_text(o->story->reason, &text);
	says = o->error && !strcmp(o->error, ack_buf_text(&text));
	ack_buf_release(&text);
	return says;
}

static void log_answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct object *o = arg;

	o->story->why = NULL;
	if (!says_reason(o)) {
		free(o->story->reason);
		o->story->reason = NULL;
		return;
	}
	/* without the log the rest is still worth telling */
	if (!e->err)
		add_log(o->story->reason, answer->json);
	known(o);
}

/* The service takes nothing back by itself (SERVICE.md, Creating). */
static void advise(const struct object *o, struct ack_error *e)
{
	char hint[sizeof(e->hint)];

	if (!o->story->making)
		return;
	snprintf(hint, sizeof(hint), "%s", e->hint);
	ack_error_hint(e,
		"%s%sthe %s that failed remains, and what was made for it may "
		"cost money: read delete_plan, and write its ID to delete; "
		"then this is its draft again, and request.json what was sent",
		hint, *hint ? "; " : "", kind_noun(o->kind));
}

void reason_of_state(struct object *o)
{
	ACK_UNSET struct ack_error e;

	if (o->error)
		return;
	ack_error_set(&e, EREMOTEIO, NULL,
		"the %s failed, and the service does not say why: its state is "
		"%s",
		kind_noun(o->kind), object_state_word(o));
	advise(o, &e);
	object_fail(o, &e);
}

static void compose(struct object *o, const struct ack_json *task)
{
	const struct ack_json *said = ack_json_get(task, "error");
	const char *code = or_empty(ack_json_get_string(said, "code"));
	const char *message = or_empty(ack_json_get_string(said, "message"));
	const char *type = or_empty(ack_json_get_string(task, "task_type"));
	struct ack_error *e = o->story->reason;
	struct ack_meaning m = ack_error_meaning(code, message, 0);

	ack_error_set(e, m.err, m.param, "%s failed%s%s",
		*type ? type : ack_text("the task"), *message ? ": " : "",
		message);
	snprintf(e->code, sizeof(e->code), "%.*s",
		(int)strspn(code,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			"0123456789._-"),
		code);
	ack_meaning_hint(&m, e);
	advise(o, e);
	if (*o->story->stage)
		ack_error_more(e, "stage: %s", o->story->stage);
	for (const struct ack_json *n =
			ack_json_first(ack_json_get(task, "task_result"));
		n; n = ack_json_next(n))
		if (word_of_task(ack_json_get_string(n, "status")) ==
			MEANS_BADLY)
			ack_error_more(e, "failed: %s",
				or_empty(ack_json_get_string(n, "data")));
}

void reason_of_task(struct object *o, const struct ack_json *task)
{
	struct story *s = o->story;
	struct ack_request r = kind_about(o, ACK_CALL_DescribeClusterLogs,
		o->parent ? o->parent->id : o->id);
	struct ack_error e;

	if (s->reason)
		return;
	s->reason = malloc(sizeof(*s->reason));
	if (!s->reason)
		return;
	compose(o, task);
	/* a waiter may read `error` before the log is there */
	object_fail(o, s->reason);
	s->why = ack_ask(o->fleet->client, &r, log_answered, o, &e);
	if (!s->why)
		known(o);
}
