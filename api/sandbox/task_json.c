/* SPDX-License-Identifier: MIT */
/* The answer of DescribeTaskInfo (ack-api.md 2.2). */
#include "tasks.h"

#include <inttypes.h>
#include <stdio.h>

#include "clock.h"
#include "clusters.h"
#include "json.h"

static const char *stage_word(const struct task *t, int stage)
{
	if (stage < t->stage)
		return "success";
	if (stage > t->stage)
		return "pending";
	return t->state == TASK_FAILED ? "failed" : "running";
}

static const char *stage_text(
	const struct cluster *k, const struct task *t, int stage)
{
	if (stage < t->stage)
		return task_stages[stage].done;
	if (stage == t->stage && t->state == TASK_FAILED)
		return k->error_message;
	return task_stages[stage].doing;
}

static struct ack_json *stage_json(
	const struct cluster *k, const struct task *t, int stage, int *rc)
{
	struct ack_json *o = ack_json_object();
	char begun[CLOCK_TEXT] = "", ended[CLOCK_TEXT] = "";

	if (!o)
		return NULL;
	if (stage <= t->stage)
		clock_plain(task_stage_ms(k, stage), begun);
	if (stage < t->stage || (stage == t->stage && t->state == TASK_FAILED))
		clock_plain(task_stage_ms(k, stage + 1), ended);
	*rc |= ack_json_add_string(o, "state", stage_word(t, stage));
	*rc |= ack_json_add_string(o, "start_time", begun);
	*rc |= ack_json_add_string(o, "end_time", ended);
	*rc |= ack_json_add_string(o, "message", stage_text(k, t, stage));
	*rc |= ack_json_add(o, "outputs", ack_json_object());
	return o;
}

static struct ack_json *event_json(const char *level, const char *reason,
	const char *message, int64_t ms, int *rc)
{
	struct ack_json *o = ack_json_object();
	char digits[24];

	if (!o)
		return NULL;
	snprintf(digits, sizeof(digits), "%" PRId64, ms);
	*rc |= ack_json_add_string(o, "action", "cluster_create");
	*rc |= ack_json_add_string(o, "level", level);
	*rc |= ack_json_add_string(o, "message", message);
	*rc |= ack_json_add_string(o, "reason", reason);
	*rc |= ack_json_add_string(o, "source", "task");
	*rc |= ack_json_add_string(o, "timestamp", digits);
	return o;
}

static void add_stages(struct ack_json *root, const struct cluster *k,
	const struct task *t, int *rc)
{
	struct ack_json *stages = ack_json_array(), *events = ack_json_array();

	for (int i = 0; stages && events && i < STAGES; i++) {
		*rc |= ack_json_add(stages, NULL, stage_json(k, t, i, rc));
		if (i > t->stage)
			continue;
		*rc |= ack_json_add(events, NULL,
			event_json("info", task_stages[i].name,
				task_stages[i].doing, task_stage_ms(k, i), rc));
	}
	if (t->state == TASK_FAILED && events)
		*rc |= ack_json_add(events, NULL,
			event_json("error", k->error_code, k->error_message,
				t->updated_ms, rc));
	*rc |= ack_json_add(root, "stages", stages);
	*rc |= ack_json_add(root, "events", events);
}

static void add_error(struct ack_json *root, const struct cluster *k, int *rc)
{
	struct ack_json *o = ack_json_object();

	if (o) {
		*rc |= ack_json_add_string(o, "code", k->error_code);
		*rc |= ack_json_add_string(o, "message", k->error_message);
	}
	*rc |= ack_json_add(root, "error", o);
}

static void add_result(struct ack_json *root, const struct cluster *k,
	const struct task *t, int *rc)
{
	static const char *const words[] = {"initial", "success", "failed"};
	struct ack_json *list = ack_json_array(), *item = ack_json_object();
	struct ack_json *target = ack_json_object();

	if (item) {
		*rc |= ack_json_add_string(item, "data", k->id);
		*rc |= ack_json_add_string(item, "status", words[t->state]);
	}
	if (list)
		*rc |= ack_json_add(list, NULL, item);
	else
		ack_json_free(item);
	*rc |= ack_json_add(root, "task_result", list);
	if (target) {
		*rc |= ack_json_add_string(target, "id", k->id);
		*rc |= ack_json_add_string(target, "type", "cluster");
	}
	*rc |= ack_json_add(root, "target", target);
}

struct ack_json *task_json(
	const struct cluster *k, int64_t now_ms, bool brief, int *rc)
{
	struct ack_json *root = ack_json_object();
	char created[CLOCK_TEXT], updated[CLOCK_TEXT];
	struct task t;

	if (!root)
		return NULL;
	task_look(k, now_ms, &t);
	clock_rfc3339(k->created_ms, created);
	clock_rfc3339(t.updated_ms, updated);
	*rc |= ack_json_add_string(root, "task_id", k->task_id);
	*rc |= ack_json_add_string(root, "cluster_id", k->id);
	*rc |= ack_json_add_string(root, "task_type", "cluster_create");
	*rc |= ack_json_add_string(root, "state", task_word(&t));
	*rc |= ack_json_add_string(root, "created", created);
	*rc |= ack_json_add_string(root, "updated", updated);
	if (t.state == TASK_FAILED)
		add_error(root, k, rc);
	if (brief)
		return root;
	*rc |= ack_json_add_string(root, "current_stage",
		t.stage < STAGES ? task_stages[t.stage].name : "");
	add_stages(root, k, &t, rc);
	add_result(root, k, &t, rc);
	*rc |= ack_json_add(root, "parameters", ack_json_object());
	*rc |= ack_json_add(root, "outputs", ack_json_object());
	return root;
}
