/* SPDX-License-Identifier: MIT */
/* The tasks there are, and what can be done with a task. */
#include <stdio.h>

#include "base/json.h"
#include "sandbox/begun.h"
#include "sandbox/clock.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/paging.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

void call_DescribeTaskInfo(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	const struct task *t = lookup_task(s, x, now);
	int rc = 0;

	if (!t)
		return;
	struct ack_json *root = task_json(t, now, false, &rc);
	answer_json(x, 200, root, rc);
}

/* The newest first. */
void call_DescribeClusterTasks(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	const struct cluster *k = lookup_cluster(s, x, now);
	struct paging page;
	int rc = 0;

	if (!k || !paging_begin(&page, x, &paging_snake))
		return;
	struct ack_json *root = ack_json_object(), *list = ack_json_array();
	for (size_t i = k->ntasks; list && i-- > 0;)
		if (paging_takes(&page))
			rc |= ack_json_add(list, NULL,
				task_json(k->tasks[i], now, true, &rc));
	if (root) {
		rc |= ack_json_add_string(root, "requestId", x->request_id);
		rc |= ack_json_add_string(root, "next_token", "");
	}
	paging_finish(&page, root, "tasks", list, &rc);
	answer_json(x, 200, root, rc);
}

/* A task that can be stopped that way and is in that state; else NULL. */
static struct task *steered(struct sandbox *s, struct exchange *x,
	int64_t now_ms, bool cancels, enum task_state from)
{
	struct task *t = lookup_task(s, x, now_ms);
	struct standing p;
	char message[160];

	if (!t)
		return NULL;
	task_look(t, now_ms, &p);
	if ((cancels ? t->kind->cancels : t->kind->pauses) &&
		(p.state == from || (cancels && p.state == TASK_PAUSED)))
		return t;
	snprintf(message, sizeof(message),
		"A task of the type %s that is %s cannot do that.",
		t->kind->word, task_state_word(p.state));
	answer_service(x, 400, "ErrorTaskState", message, NULL);
	return NULL;
}

static void steer_end(
	struct sandbox *s, struct exchange *x, struct task *t, int64_t now_ms)
{
	cluster_settle(t->cluster, now_ms);
	if (keep_cluster(s, x, t->cluster))
		answer_nothing(x);
}

void call_CancelTask(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct task *t = steered(s, x, now, true, TASK_RUNNING);

	if (!t)
		return;
	t->canceled_ms = now;
	steer_end(s, x, t, now);
}

void call_PauseTask(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct task *t = steered(s, x, now, false, TASK_RUNNING);

	if (!t)
		return;
	t->paused_ms = now;
	steer_end(s, x, t, now);
}

void call_ResumeTask(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct task *t = steered(s, x, now, false, TASK_PAUSED);

	if (!t)
		return;
	t->lost_ms += now - t->paused_ms;
	t->paused_ms = 0;
	steer_end(s, x, t, now);
}
