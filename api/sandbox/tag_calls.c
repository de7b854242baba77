/* SPDX-License-Identifier: MIT */
/* TagResources, UntagResources, ModifyClusterTags (SERVICE.md, Tags). */
#include <string.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/begun.h"
#include "sandbox/clock.h"
#include "sandbox/documents.h"
#include "sandbox/fields.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tag_set.h"

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

static void check_type(const char *type, struct findings *f)
{
	if (!type || strcmp(type, "CLUSTER") != 0)
		finding_add(f, FINDING_FORMAT,
			"resource_type: It must be CLUSTER.");
}

static void check_ids(const struct ack_json *ids, struct findings *f)
{
	unsigned count = ack_json_count(ids);

	if (!ack_json_is_array(ids) || count < 1 || count > RESOURCES_MAX)
		finding_add(f, FINDING_FORMAT,
			"resource_ids: It must be a list of 1 to %d IDs.",
			RESOURCES_MAX);
	for (const struct ack_json *n = ack_json_first(ids); n;
		n = ack_json_next(n))
		if (!ack_json_string(n))
			finding_add(f, FINDING_FORMAT,
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

void call_tag_resources(struct sandbox *s, struct exchange *x)
{
	struct ack_json *body = lookup_body(x);
	const struct ack_json *ids = ack_json_get(body, "resource_ids");
	const struct ack_json *tags = ack_json_get(body, "tags");
	struct findings f = {NULL};

	if (!body)
		return;
	if (!ack_json_get_string(body, "region_id"))
		finding_add(&f, FINDING_MISSING, "region_id: It is missing.");
	check_type(ack_json_get_string(body, "resource_type"), &f);
	check_ids(ids, &f);
	tag_set_check(tags, "tags", &f);
	if (findings_none(&f, x))
		change(s, x, ids, tags, NULL);
	ack_json_free(body);
}

void call_untag_resources(struct sandbox *s, struct exchange *x)
{
	struct ack_json *ids = lookup_query_list(x, "resource_ids");
	struct ack_json *keys = ids ? lookup_query_list(x, "tag_keys") : NULL;
	struct findings f = {NULL};
	bool all;

	if (keys && lookup_query_flag(x, "all", &all)) {
		if (!target_query(&x->target, "region_id"))
			finding_add(&f, FINDING_MISSING,
				"region_id: It is missing.");
		check_type(target_query(&x->target, "resource_type"), &f);
		check_ids(ids, &f);
		if (ack_json_count(keys) > TAGS_MAX)
			finding_add(&f, FINDING_FORMAT,
				"tag_keys: There are more than %d.", TAGS_MAX);
		if (ack_json_count(keys) == 0 && !all)
			finding_add(&f, FINDING_MISSING,
				"tag_keys: It is missing, and all is not "
				"true.");
		if (findings_none(&f, x))
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
	struct findings f = {NULL};

	if (!body)
		return;
	tag_set_check(body, "The body", &f);
	if (findings_none(&f, x) && set_tags(s, x, k, tag_set_with(NULL, body)))
		answer_nothing(x);
	ack_json_free(body);
}
