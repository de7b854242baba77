/* SPDX-License-Identifier: MIT */
/* ListTagResources (SERVICE.md, Tags). */
#include <string.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/clock.h"
#include "sandbox/fields.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tag_set.h"

struct question {
	const char *region;
	struct ack_json *ids;  /* empty: all clusters of the region */
	struct ack_json *tags; /* NULL: with any */
};

static void release(struct question *q)
{
	ack_json_free(q->ids);
	ack_json_free(q->tags);
}

/* False: the exchange has its refusal. */
static bool read_question(struct exchange *x, struct question *q)
{
	const char *type = target_query(&x->target, "resource_type");
	const char *tags = target_query(&x->target, "tags");
	struct findings f = {NULL};
	size_t where;

	q->region = target_query(&x->target, "region_id");
	q->ids = lookup_query_list(x, "resource_ids");
	if (!q->ids)
		return false;
	if (!q->region || !*q->region)
		finding_add(&f, FINDING_MISSING, "region_id: It is missing.");
	if (!type || strcmp(type, "CLUSTER") != 0)
		finding_add(&f, FINDING_FORMAT,
			"resource_type: It must be CLUSTER.");
	if (tags && *tags) {
		q->tags = ack_json_parse(tags, strlen(tags), &where);
		tag_set_check(q->tags, "tags", &f);
	}
	return findings_none(&f, x);
}

static bool is_asked(const struct question *q, const struct cluster *k)
{
	if (strcmp(field_text(k, "region_id"), q->region) != 0)
		return false;
	for (const struct ack_json *n = ack_json_first(q->ids); n;
		n = ack_json_next(n))
		if (strcmp(ack_json_string(n), k->id) == 0)
			return true;
	return ack_json_count(q->ids) == 0;
}

/* Whether it has all the tags that are asked for, their values too. */
static bool has_all(const struct question *q, const struct ack_json *own)
{
	for (const struct ack_json *n = ack_json_first(q->tags); n;
		n = ack_json_next(n)) {
		const char *wanted = ack_json_get_string(n, "value");
		const struct ack_json *tag = tag_set_find(
			own, ack_json_get_string(n, "key"));

		if (!tag || (wanted && *wanted &&
				    strcmp(ack_json_get_string(tag, "value"),
					    wanted) != 0))
			return false;
	}
	return true;
}

static struct ack_json *item(
	const struct cluster *k, const struct ack_json *tag, int *rc)
{
	const char *value = ack_json_get_string(tag, "value");
	struct ack_json *o = ack_json_object();

	if (!o)
		return NULL;
	*rc |= ack_json_add_string(o, "resource_id", k->id);
	*rc |= ack_json_add_string(o, "resource_type", "ALIYUN::CS::CLUSTER");
	*rc |= ack_json_add_string(
		o, "tag_key", ack_json_get_string(tag, "key"));
	*rc |= ack_json_add_string(o, "tag_value", value ? value : "");
	return o;
}

static void add_cluster(struct ack_json *list, const struct question *q,
	const struct cluster *k, int *rc)
{
	struct ack_json *tags;

	if (!is_asked(q, k))
		return;
	tags = field_json(k, "tags");
	if (!tags)
		*rc = -1;
	else if (has_all(q, tags))
		for (const struct ack_json *n = ack_json_first(tags); n;
			n = ack_json_next(n))
			*rc |= ack_json_add(list, NULL, item(k, n, rc));
	ack_json_free(tags);
}

void call_list_tags(struct sandbox *s, struct exchange *x)
{
	struct ack_json *root, *outer, *list;
	struct question q = {NULL};
	int rc = 0;

	if (!read_question(x, &q)) {
		release(&q);
		return;
	}
	clusters_settle(&s->clusters, clock_ms());
	root = ack_json_object();
	outer = ack_json_object();
	list = ack_json_array();
	for (size_t i = 0; list && i < s->clusters.count; i++)
		add_cluster(list, &q, s->clusters.list[i], &rc);
	release(&q);
	rc |= ack_json_add(outer, "tag_resource", list);
	rc |= ack_json_add(root, "tag_resources", outer);
	if (root) {
		rc |= ack_json_add_string(root, "request_id", x->request_id);
		rc |= ack_json_add_string(root, "next_token", "");
	}
	answer_json(x, 200, root, rc);
}
