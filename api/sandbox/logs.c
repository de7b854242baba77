/* SPDX-License-Identifier: MIT */
/* DescribeClusterLogs (SERVICE.md, Events and logs): what the tasks did, line
 * by line. */
#include <stdio.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/clock.h"
#include "sandbox/documents.h"
#include "sandbox/happenings.h"
#include "sandbox/lookup.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

struct log {
	struct ack_json *list;
	const struct cluster *cluster;
	int64_t count;
	int rc;
};

static void add_line(
	struct log *l, int64_t ms, const char *level, const char *text)
{
	struct ack_json *o = ack_json_object();
	char time[CLOCK_TEXT];

	clock_rfc3339(ms, time);
	if (o) {
		l->rc |= document_add_number(o, "ID", ++l->count);
		l->rc |= ack_json_add_string(o, "cluster_id", l->cluster->id);
		l->rc |= ack_json_add_string(o, "cluster_log", text);
		l->rc |= ack_json_add_string(o, "log_level", level);
		l->rc |= ack_json_add_string(o, "created", time);
		l->rc |= ack_json_add_string(o, "updated", time);
	}
	l->rc |= ack_json_add(l->list, NULL, o);
}

static void add_task(struct log *l, const struct task *t, int64_t now_ms)
{
	struct standing p;
	struct happening h;
	char text[1024];

	task_look(t, now_ms, &p);
	for (int i = 0; happening_get(t, &p, i, &h); i++) {
		snprintf(text, sizeof(text), "%s %s, %s: %s", t->kind->word,
			t->id, h.reason, h.message);
		add_line(l, h.ms, h.level, text);
	}
	if (p.state != TASK_FAILED)
		return;
	snprintf(text, sizeof(text),
		"%s %s stopped in its stage %s; request %s has the details. "
		"Nothing is rolled back.",
		t->kind->word, t->id, t->kind->stages[p.stage].name,
		t->request_id);
	add_line(l, p.updated_ms, "error", text);
}

void call_list_logs(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct log log = {.cluster = lookup_cluster(s, x, now)};

	if (!log.cluster)
		return;
	log.list = ack_json_array();
	for (size_t i = 0; log.list && i < log.cluster->ntasks; i++)
		add_task(&log, log.cluster->tasks[i], now);
	answer_json(x, 200, log.list, log.rc);
}
