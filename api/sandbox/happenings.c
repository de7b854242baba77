/* SPDX-License-Identifier: MIT */
#include "sandbox/happenings.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "client/sign.h"
#include "sandbox/clock.h"
#include "sandbox/describe.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/paging.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

/* How it ended, or where it stands. */
static const struct ending {
	const char *level, *reason, *message;
} endings[] = {
	[TASK_PAUSED] = {"warning", "paused", "The task is paused"},
	[TASK_SUCCESS] = {"info", "success", "The task has succeeded"},
	[TASK_CANCELED] = {"warning", "canceled", "The task was canceled"},
};

bool happening_get(const struct task *t, const struct standing *p, int index,
	struct happening *h)
{
	int begun = p->stage < t->kind->count ? p->stage + 1 : t->kind->count;

	if (index < begun) {
		const struct stage *stage = &t->kind->stages[index];

		*h = (struct happening){task_stage_ms(t, index), "info",
			stage->name, stage->doing};
		return true;
	}
	if (index > begun || p->state == TASK_RUNNING)
		return false;
	h->ms = p->updated_ms;
	if (p->state == TASK_FAILED) {
		h->level = "error";
		h->reason = t->error_code;
		h->message = t->error_message;
	} else {
		h->level = endings[p->state].level;
		h->reason = endings[p->state].reason;
		h->message = endings[p->state].message;
	}
	return true;
}

/* e- and a UUID, always the same for the same event. */
static void make_id(const struct task *t, int index, char out[40])
{
	char text[64], sum[ACK_SHA256_HEX];
	int len = snprintf(text, sizeof(text), "%s/%d", t->id, index);

	ack_sha256_hex(text, (size_t)len, sum);
	for (int i = 0; i < 32; i++)
		sum[i] = (char)toupper((unsigned char)sum[i]);
	snprintf(out, 40, "e-%.8s-%.4s-%.4s-%.4s-%.12s", sum, sum + 8, sum + 12,
		sum + 16, sum + 20);
}

static struct ack_json *event_json(
	const struct task *t, int index, const struct happening *h, int *rc)
{
	struct ack_json *o = ack_json_object(), *data = ack_json_object();
	char id[40], time[CLOCK_TEXT];

	make_id(t, index, id);
	clock_rfc3339(h->ms, time);
	if (data) {
		*rc |= ack_json_add_string(data, "level", h->level);
		*rc |= ack_json_add_string(data, "reason", h->reason);
		*rc |= ack_json_add_string(data, "message", h->message);
	}
	if (o) {
		*rc |= ack_json_add_string(o, "event_id", id);
		*rc |= ack_json_add_string(o, "type", t->kind->word);
		*rc |= ack_json_add_string(o, "source", "task");
		*rc |= ack_json_add_string(o, "subject",
			t->target[0] ? t->target : t->cluster->id);
		*rc |= ack_json_add_string(o, "time", time);
		*rc |= ack_json_add_string(o, "cluster_id", t->cluster->id);
	}
	*rc |= ack_json_add(o, "data", data);
	return o;
}

static bool is(const char *text, const char *wanted)
{
	return !wanted || !*wanted || strcmp(text, wanted) == 0;
}

static void add_task(struct ack_json *list, const struct task *t,
	int64_t now_ms, struct paging *page, int *rc)
{
	struct standing p;
	struct happening h;
	int count = 0;

	task_look(t, now_ms, &p);
	while (happening_get(t, &p, count, &h))
		count++;
	while (count-- > 0)
		if (paging_takes(page) && happening_get(t, &p, count, &h))
			*rc |= ack_json_add(
				list, NULL, event_json(t, count, &h, rc));
}

/* The newest first. */
static void add_cluster(struct ack_json *list, const struct exchange *x,
	const struct cluster *k, int64_t now_ms, struct paging *page, int *rc)
{
	for (size_t i = k->ntasks; list && i-- > 0;) {
		const struct task *t = k->tasks[i];

		if (is(t->id, target_query(&x->target, "task_id")) &&
			is(t->kind->word, target_query(&x->target, "type")))
			add_task(list, t, now_ms, page, rc);
	}
}

static void answer_events(struct exchange *x, struct ack_json *list,
	const struct paging *page, int rc)
{
	struct ack_json *root = ack_json_object();

	if (root)
		rc |= ack_json_add_string(root, "next_token", "");
	paging_finish(page, root, "events", list, &rc);
	answer_json(x, 200, root, rc);
}

void call_DescribeClusterEvents(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	const struct cluster *k = lookup_cluster(s, x, now);
	struct paging page;
	int rc = 0;

	if (!k || !paging_begin(&page, x, &page_events))
		return;
	struct ack_json *list = ack_json_array();
	add_cluster(list, x, k, now, &page, &rc);
	answer_events(x, list, &page, rc);
}

void call_DescribeEventsForRegion(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct paging page;
	int rc = 0;

	if (!paging_begin(&page, x, &page_events))
		return;
	clusters_settle(&s->clusters, now);
	struct ack_json *list = ack_json_array();
	for (size_t i = s->clusters.count; i-- > 0;) {
		const struct cluster *k = s->clusters.list[i];

		if (is(field_text(k, "region_id"), x->args[0]) &&
			is(k->id, target_query(&x->target, "cluster_id")))
			add_cluster(list, x, k, now, &page, &rc);
	}
	answer_events(x, list, &page, rc);
}

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

static void add_task_logs(struct log *l, const struct task *t, int64_t now_ms)
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

void call_DescribeClusterLogs(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct log log = {.cluster = lookup_cluster(s, x, now)};

	if (!log.cluster)
		return;
	log.list = ack_json_array();
	for (size_t i = 0; log.list && i < log.cluster->ntasks; i++)
		add_task_logs(&log, log.cluster->tasks[i], now);
	answer_json(x, 200, log.list, log.rc);
}
