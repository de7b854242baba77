/* SPDX-License-Identifier: MIT */
/* The answer of DescribeTaskInfo (SERVICE.md, Tasks). */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "sandbox/clock.h"
#include "sandbox/clusters.h"
#include "sandbox/documents.h"
#include "sandbox/happenings.h"
#include "sandbox/tasks.h"

static const char *stage_word(const struct standing *p, int stage)
{
	if (stage < p->stage)
		return "success";
	if (stage > p->stage)
		return "pending";
	return task_state_word(p->state);
}

static const char *stage_text(
	const struct task *t, const struct standing *p, int stage)
{
	if (stage < p->stage)
		return t->kind->stages[stage].done;
	if (stage == p->stage && p->state == TASK_FAILED)
		return t->error_message;
	return t->kind->stages[stage].doing;
}

static struct ack_json *stage_json(
	const struct task *t, const struct standing *p, int stage, int *rc)
{
	bool stopped = stage == p->stage && task_is_over(p->state);
	struct ack_json *o = ack_json_object();
	char begun[CLOCK_TEXT] = "", ended[CLOCK_TEXT] = "";

	if (!o)
		return NULL;
	if (stage <= p->stage)
		clock_plain(task_stage_ms(t, stage), begun);
	if (stage < p->stage)
		clock_plain(task_stage_ms(t, stage + 1), ended);
	else if (stopped)
		clock_plain(p->updated_ms, ended);
	*rc |= ack_json_add_string(o, "state", stage_word(p, stage));
	*rc |= ack_json_add_string(o, "start_time", begun);
	*rc |= ack_json_add_string(o, "end_time", ended);
	*rc |= ack_json_add_string(o, "message", stage_text(t, p, stage));
	*rc |= ack_json_add(o, "outputs", ack_json_object());
	return o;
}

static struct ack_json *event_json(
	const struct task *t, const struct happening *h, int *rc)
{
	struct ack_json *o = ack_json_object();
	char digits[24];

	if (!o)
		return NULL;
	snprintf(digits, sizeof(digits), "%" PRId64, h->ms);
	*rc |= ack_json_add_string(o, "action", t->kind->word);
	*rc |= ack_json_add_string(o, "level", h->level);
	*rc |= ack_json_add_string(o, "message", h->message);
	*rc |= ack_json_add_string(o, "reason", h->reason);
	*rc |= ack_json_add_string(o, "source", "task");
	*rc |= ack_json_add_string(o, "timestamp", digits);
	return o;
}

static void add_stages(struct ack_json *root, const struct task *t,
	const struct standing *p, int *rc)
{
	struct ack_json *stages = ack_json_array(), *events = ack_json_array();
	struct happening h;

	for (int i = 0; stages && i < t->kind->count; i++)
		*rc |= ack_json_add(stages, NULL, stage_json(t, p, i, rc));
	for (int i = 0; events && happening_get(t, p, i, &h); i++)
		*rc |= ack_json_add(events, NULL, event_json(t, &h, rc));
	*rc |= ack_json_add(root, "stages", stages);
	*rc |= ack_json_add(root, "events", events);
}

static void add_error(struct ack_json *root, const struct task *t, int *rc)
{
	struct ack_json *o = ack_json_object();

	if (o) {
		*rc |= ack_json_add_string(o, "code", t->error_code);
		*rc |= ack_json_add_string(o, "message", t->error_message);
	}
	*rc |= ack_json_add(root, "error", o);
}

static void add_result(struct ack_json *root, const struct task *t,
	const struct standing *p, int *rc)
{
	const char *status = p->state == TASK_SUCCESS  ? "success"
			     : !task_is_over(p->state) ? "initial"
						       : "failed";
	const char *id = t->target[0] ? t->target : t->cluster->id;
	struct ack_json *list = ack_json_array(), *item = ack_json_object();
	struct ack_json *target = ack_json_object();

	if (item) {
		*rc |= ack_json_add_string(item, "data", id);
		*rc |= ack_json_add_string(item, "status", status);
	}
	if (list)
		*rc |= ack_json_add(list, NULL, item);
	else
		ack_json_free(item);
	*rc |= ack_json_add(root, "task_result", list);
	if (target) {
		*rc |= ack_json_add_string(target, "id", id);
		*rc |= ack_json_add_string(
			target, "type", t->target[0] ? "nodepool" : "cluster");
	}
	*rc |= ack_json_add(root, "target", target);
}

struct ack_json *task_json(
	const struct task *t, int64_t now_ms, bool brief, int *rc)
{
	struct ack_json *root = ack_json_object();
	char created[CLOCK_TEXT], updated[CLOCK_TEXT];
	struct standing p;

	if (!root)
		return NULL;
	task_look(t, now_ms, &p);
	clock_rfc3339(t->begun_ms, created);
	clock_rfc3339(p.updated_ms, updated);
	*rc |= ack_json_add_string(root, "task_id", t->id);
	*rc |= ack_json_add_string(root, "cluster_id", t->cluster->id);
	*rc |= ack_json_add_string(root, "task_type", t->kind->word);
	*rc |= ack_json_add_string(root, "state", task_state_word(p.state));
	*rc |= ack_json_add_string(root, "created", created);
	*rc |= ack_json_add_string(root, "updated", updated);
	if (p.state == TASK_FAILED)
		add_error(root, t, rc);
	if (brief)
		return root;
	*rc |= ack_json_add_string(root, "current_stage",
		p.stage < t->kind->count ? t->kind->stages[p.stage].name : "");
	add_stages(root, t, &p, rc);
	add_result(root, t, &p, rc);
	*rc |= ack_json_add(root, "parameters",
		t->parameters ? document_copy(t->parameters)
			      : ack_json_object());
	*rc |= ack_json_add(root, "outputs", ack_json_object());
	return root;
}
