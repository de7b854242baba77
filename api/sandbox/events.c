/* SPDX-License-Identifier: MIT */
/* DescribeClusterEvents, DescribeEvents, DescribeEventsForRegion. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "client/sign.h"
#include "sandbox/answer.h"
#include "sandbox/clock.h"
#include "sandbox/fields.h"
#include "sandbox/happenings.h"
#include "sandbox/lookup.h"
#include "sandbox/paging.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

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
	int64_t now_ms, struct page *page, int *rc)
{
	struct standing p;
	struct happening h;
	int count = 0;

	task_look(t, now_ms, &p);
	while (happening_get(t, &p, count, &h))
		count++;
	while (count-- > 0)
		if (page_takes(page) && happening_get(t, &p, count, &h))
			*rc |= ack_json_add(
				list, NULL, event_json(t, count, &h, rc));
}

/* The newest first. */
static void add_cluster(struct ack_json *list, const struct exchange *x,
	const struct cluster *k, int64_t now_ms, struct page *page, int *rc)
{
	for (size_t i = k->ntasks; list && i-- > 0;) {
		const struct task *t = k->tasks[i];

		if (is(t->id, target_query(&x->target, "task_id")) &&
			is(t->kind->word, target_query(&x->target, "type")))
			add_task(list, t, now_ms, page, rc);
	}
}

static void answer_events(struct exchange *x, struct ack_json *list,
	const struct page *page, int rc)
{
	struct ack_json *root = ack_json_object();

	if (root)
		rc |= ack_json_add_string(root, "next_token", "");
	page_finish(page, root, "events", list, &rc);
	answer_json(x, 200, root, rc);
}

void call_list_cluster_events(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	const struct cluster *k = lookup_cluster(s, x, now);
	struct page page;
	int rc = 0;

	if (!k || !page_begin(&page, x, &page_events))
		return;
	struct ack_json *list = ack_json_array();
	add_cluster(list, x, k, now, &page, &rc);
	answer_events(x, list, &page, rc);
}

void call_list_events(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct page page;
	int rc = 0;

	if (!page_begin(&page, x, &page_events))
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
