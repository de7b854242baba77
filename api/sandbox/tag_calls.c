/* SPDX-License-Identifier: MIT */
/* TagResources, UntagResources, ModifyClusterTags (SERVICE.md, Tags). */
#include "sandbox/tag_calls.h"

#include <string.h>

#include "base/json.h"
#include "base/length.h"
#include "base/span.h"
#include "sandbox/begun.h"
#include "sandbox/clock.h"
#include "sandbox/describe.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

#define RESOURCES_MAX 50

/* Whether all of these IDs are clusters. */
static bool are_there(struct sandbox *s, struct exchange *x,
	const struct ack_json *ids, int64_t now_ms)
{
	for (const struct ack_json *n = ack_json_first(ids); n;
		n = ack_json_next(n))
		if (!clusters_find(&s->clusters, ack_json_string(n), now_ms)) {
			answer_service(x, 404, "ErrorClusterNotFound",
				"There is no cluster of one of these IDs.",
				NULL);
			return false;
		}
	return true;
}

static void check_type(const char *type, struct objections *f)
{
	if (!type || strcmp(type, "CLUSTER") != 0)
		objection_add(f, FINDING_FORMAT,
			"resource_type: It must be CLUSTER.");
}

static void check_ids(const struct ack_json *ids, struct objections *f)
{
	unsigned count = ack_json_count(ids);

	if (!ack_json_is_array(ids) || count < 1 || count > RESOURCES_MAX)
		objection_add(f, FINDING_FORMAT,
			"resource_ids: It must be a list of 1 to %d IDs.",
			RESOURCES_MAX);
	for (const struct ack_json *n = ack_json_first(ids); n;
		n = ack_json_next(n))
		if (!ack_json_string(n))
			objection_add(f, FINDING_FORMAT,
				"resource_ids: An ID must be a string.");
}

/* Gives a cluster these tags (taken over), and keeps it. */
static bool set_tags(struct sandbox *s, struct exchange *x, struct cluster *k,
	struct ack_json *tags)
{
	if (tags && ack_json_count(tags) > TAGS_MAX) {
		ack_json_free(tags);
		answer_service(x, 400, "QuotaExceeded.Tags",
			"A cluster may have 20 tags.", NULL);
		return false;
	}
	if (cluster_set(k, "tags", tags) < 0) {
		answer_broken(x);
		return false;
	}
	k->updated_ms = clock_ms();
	return keep_cluster(s, x, k);
}

static void answer_id(struct exchange *x)
{
	struct ack_json *root = ack_json_object();
	int rc = 0;

	if (root)
		rc = ack_json_add_string(root, "RequestId", x->request_id);
	answer_json(x, 200, root, rc);
}

/* The tags of each of them with `more`, or without `keys`, or none at all. */
static void change(struct sandbox *s, struct exchange *x,
	const struct ack_json *ids, const struct ack_json *more,
	const struct ack_json *keys)
{
	int64_t now = clock_ms();

	if (!are_there(s, x, ids, now))
		return;
	for (const struct ack_json *n = ack_json_first(ids); n;
		n = ack_json_next(n)) {
		struct cluster *k = clusters_find(
			&s->clusters, ack_json_string(n), now);
		struct ack_json *old = field_json(k, "tags"), *new;

		if (more)
			new = tag_set_with(old, more);
		else
			new = keys ? tag_set_without(old, keys)
				   : ack_json_array();
		ack_json_free(old);
		if (!set_tags(s, x, k, new))
			return;
	}
	answer_id(x);
}

void call_TagResources(struct sandbox *s, struct exchange *x)
{
	struct ack_json *body = lookup_body(x);
	const struct ack_json *ids = ack_json_get(body, "resource_ids");
	const struct ack_json *tags = ack_json_get(body, "tags");
	struct objections f = {NULL};

	if (!body)
		return;
	if (!ack_json_get_string(body, "region_id"))
		objection_add(&f, FINDING_MISSING, "region_id: It is missing.");
	check_type(ack_json_get_string(body, "resource_type"), &f);
	check_ids(ids, &f);
	tag_set_check(tags, "tags", &f);
	if (objections_none(&f, x))
		change(s, x, ids, tags, NULL);
	ack_json_free(body);
}

void call_UntagResources(struct sandbox *s, struct exchange *x)
{
	struct ack_json *ids = lookup_query_list(x, "resource_ids");
	struct ack_json *keys = ids ? lookup_query_list(x, "tag_keys") : NULL;
	struct objections f = {NULL};
	bool all;

	if (keys && lookup_query_flag(x, "all", &all)) {
		if (!target_query(&x->target, "region_id"))
			objection_add(&f, FINDING_MISSING,
				"region_id: It is missing.");
		check_type(target_query(&x->target, "resource_type"), &f);
		check_ids(ids, &f);
		if (ack_json_count(keys) > TAGS_MAX)
			objection_add(&f, FINDING_FORMAT,
				"tag_keys: There are more than %d.", TAGS_MAX);
		if (ack_json_count(keys) == 0 && !all)
			objection_add(&f, FINDING_MISSING,
				"tag_keys: It is missing, and all is not "
				"true.");
		if (objections_none(&f, x))
			change(s, x, ids, NULL,
				ack_json_count(keys) ? keys : NULL);
	}
	ack_json_free(keys);
	ack_json_free(ids);
}

void call_modify_tags(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct ack_json *body = k ? lookup_body(x) : NULL;
	struct objections f = {NULL};

	if (!body)
		return;
	tag_set_check(body, "The body", &f);
	if (objections_none(&f, x) &&
		set_tags(s, x, k, tag_set_with(NULL, body)))
		answer_nothing(x);
	ack_json_free(body);
}

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
	struct objections f = {NULL};
	size_t where;

	q->region = target_query(&x->target, "region_id");
	q->ids = lookup_query_list(x, "resource_ids");
	if (!q->ids)
		return false;
	if (!q->region || !*q->region)
		objection_add(&f, FINDING_MISSING, "region_id: It is missing.");
	if (!type || strcmp(type, "CLUSTER") != 0)
		objection_add(&f, FINDING_FORMAT,
			"resource_type: It must be CLUSTER.");
	if (tags && *tags) {
		q->tags = ack_json_parse(tags, strlen(tags), &where);
		tag_set_check(q->tags, "tags", &f);
	}
	return objections_none(&f, x);
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

#define KEY_MOST   64
#define VALUE_MOST 128

static bool is_reserved(const char *text)
{
	static const char *const heads[] = {
		"aliyun", "acs:", "http://", "https://"};

	for (size_t i = 0; i < LENGTH(heads); i++)
		if (strncmp(text, heads[i], strlen(heads[i])) == 0)
			return true;
	return false;
}

static void check_one(
	const struct ack_json *tag, const char *what, struct objections *f)
{
	const char *key = ack_json_get_string(tag, "key");
	const char *value = ack_json_get_string(tag, "value");

	if (!key || !*key || (ack_json_get(tag, "value") && !value)) {
		objection_add(f, FINDING_FORMAT,
			"%s: A tag needs a key, and its value is a string.",
			what);
		return;
	}
	if (ack_span_chars(ack_span_of(key)) > KEY_MOST ||
		(value && ack_span_chars(ack_span_of(value)) > VALUE_MOST))
		objection_add(f, FINDING_FORMAT,
			"%s: The tag %.64s is too long: its key may have %d "
			"characters, its value %d.",
			what, key, KEY_MOST, VALUE_MOST);
	if (is_reserved(key) || (value && is_reserved(value)))
		objection_add(f, FINDING_FORMAT,
			"%s: The tag %.64s begins with aliyun, acs:, http:// "
			"or https://.",
			what, key);
}

void tag_set_check(
	const struct ack_json *list, const char *what, struct objections *f)
{
	if (!ack_json_is_array(list)) {
		objection_add(
			f, FINDING_FORMAT, "%s: It must be a list.", what);
		return;
	}
	if (ack_json_count(list) > TAGS_MAX)
		objection_add(f, FINDING_FORMAT,
			"%s: There are more than %d tags.", what, TAGS_MAX);
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n)) {
		const char *key = ack_json_get_string(n, "key");

		check_one(n, what, f);
		if (key && tag_set_find(list, key) != n)
			objection_add(f, FINDING_FORMAT,
				"%s: The key %.64s is there twice.", what, key);
	}
}

const struct ack_json *tag_set_find(
	const struct ack_json *list, const char *key)
{
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n)) {
		const char *own = ack_json_get_string(n, "key");

		if (own && strcmp(own, key) == 0)
			return n;
	}
	return NULL;
}

static struct ack_json *tag(const struct ack_json *n)
{
	const char *value = ack_json_get_string(n, "value");
	struct ack_json *o = ack_json_object();

	if (o &&
		ack_json_add_string(o, "key", ack_json_get_string(n, "key")) ==
			0 &&
		ack_json_add_string(o, "value", value ? value : "") == 0)
		return o;
	ack_json_free(o);
	return NULL;
}

static struct ack_json *whole(struct ack_json *list, int rc)
{
	if (rc == 0)
		return list;
	ack_json_free(list);
	return NULL;
}

struct ack_json *tag_set_with(
	const struct ack_json *list, const struct ack_json *more)
{
	struct ack_json *set = ack_json_array();
	const struct ack_json *n;
	int rc = 0;

	for (n = ack_json_first(list); set && n; n = ack_json_next(n)) {
		const struct ack_json *new = tag_set_find(
			more, ack_json_get_string(n, "key"));

		rc |= ack_json_add(set, NULL, tag(new ? new : n));
	}
	for (n = ack_json_first(more); set && n; n = ack_json_next(n))
		if (!tag_set_find(list, ack_json_get_string(n, "key")))
			rc |= ack_json_add(set, NULL, tag(n));
	return whole(set, rc);
}

static bool is_among(const struct ack_json *keys, const char *key)
{
	for (const struct ack_json *n = ack_json_first(keys); n;
		n = ack_json_next(n))
		if (strcmp(ack_json_string(n), key) == 0)
			return true;
	return false;
}

struct ack_json *tag_set_without(
	const struct ack_json *list, const struct ack_json *keys)
{
	struct ack_json *set = ack_json_array();
	int rc = 0;

	for (const struct ack_json *n = ack_json_first(list); set && n;
		n = ack_json_next(n))
		if (!is_among(keys, ack_json_get_string(n, "key")))
			rc |= ack_json_add(set, NULL, tag(n));
	return whole(set, rc);
}
