/* SPDX-License-Identifier: MIT */
/* The calls of node pools. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/length.h"
#include "sandbox/begun.h"
#include "sandbox/checks.h"
#include "sandbox/clock.h"
#include "sandbox/describe.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/nodes.h"
#include "sandbox/objections.h"
#include "sandbox/pool_rows.h"
#include "sandbox/pools.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

static bool is_taken(const struct cluster *k, const char *name)
{
	for (size_t i = 0; i < k->npools; i++)
		if (strcmp(pool_name(k->pools[i]), name) == 0)
			return true;
	return false;
}

static bool check(struct exchange *x, const struct cluster *k,
	const struct ack_json *body)
{
	const char *name = ack_json_get_string(
		ack_json_get(body, "nodepool_info"), "name");
	struct objections f = {NULL};
	char message[192];

	pool_check(body, NULL, &f);
	if (!objections_none(&f, x) || !lookup_is_in(x, k, "running|scaling"))
		return false;
	if (!is_taken(k, name))
		return true;
	snprintf(message, sizeof(message),
		"nodepool name %.64s is already exist in cluster %s.", name,
		k->id);
	answer_service(x, 400, "InvalidParameter.Name", message, NULL);
	return false;
}

static struct pool *add(struct cluster *k, const struct ack_json *body)
{
	unsigned number = 1;
	struct pool *p;

	/* Addresses follow from it, so no two pools may ever share one. */
	for (size_t i = 0; i < k->npools; i++)
		if (k->pools[i]->number >= number)
			number = k->pools[i]->number + 1;
	p = pool_new(body, number, false, clock_ms());
	if (p && cluster_add_pool(k, p) == 0)
		return p;
	pool_free(p);
	return NULL;
}

void call_CreateClusterNodePool(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct ack_json *body = k ? lookup_body(x) : NULL;
	struct pool *p;
	struct task *t;

	if (body && check(x, k, body)) {
		p = add(k, body);
		if (!p) {
			answer_broken(x);
		} else if ((t = task_begin(s, x, k, TASK_POOL_CREATE, p))) {
			answer_begun(s, x, k, t);
		} else {
			cluster_drop_pool(k, p->id);
		}
	}
	ack_json_free(body);
}

void call_DescribeClusterNodePools(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	const struct cluster *k = lookup_cluster(s, x, now);
	const char *name = target_query(&x->target, "NodepoolName");
	int rc = 0;

	if (!k)
		return;
	struct ack_json *root = ack_json_object(), *list = ack_json_array();
	for (size_t i = 0; list && i < k->npools; i++)
		if (!name || !*name ||
			strcmp(pool_name(k->pools[i]), name) == 0)
			rc |= ack_json_add(list, NULL,
				pool_json(k->pools[i], k, now, &rc));
	if (root)
		rc |= ack_json_add(root, "nodepools", list);
	else
		ack_json_free(list);
	answer_json(x, 200, root, rc);
}

void call_DescribeClusterNodePoolDetail(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	const struct cluster *k = lookup_cluster(s, x, now);
	const struct pool *p = k ? lookup_pool(x, k) : NULL;
	int rc = 0;

	if (!p)
		return;
	struct ack_json *root = pool_json(p, k, now, &rc);
	answer_json(x, 200, root, rc);
}

#define ADD_MOST 500

/* What is about nodes that are there, and not about the pool. */
static const char *const transient[] = {"update_nodes", "concurrency"};

static struct ack_json *merged(
	const struct pool *p, const struct ack_json *change)
{
	struct ack_json *spec = document_merge(p->spec, change);

	for (size_t i = 0; spec && i < 2; i++) {
		struct ack_json *less;

		if (!ack_json_get(spec, transient[i]))
			continue;
		less = document_without(spec, transient[i]);
		ack_json_free(spec);
		spec = less;
	}
	return spec;
}

/* The task that makes the pool have so many nodes. */
static enum task_word scale(const struct pool *p, int64_t wanted)
{
	if (wanted > (int64_t)p->count)
		return TASK_SCALE_OUT;
	return wanted < (int64_t)p->count ? TASK_SCALE_IN : TASK_POOL_MODIFY;
}

/* Begins the task, with `spec` (taken over) for the pool once it is done. */
static void change(struct sandbox *s, struct exchange *x, struct cluster *k,
	struct pool *p, struct ack_json *spec, int64_t wanted)
{
	enum task_word word = scale(p, wanted);
	struct task *t = task_begin(s, x, k, word, p);
	int64_t more = wanted - (int64_t)p->count;

	if (!t) {
		ack_json_free(spec);
		return;
	}
	/* What fails without nodes in question has changed nothing. */
	if (word == TASK_POOL_MODIFY && !task_is_sound(t)) {
		ack_json_free(spec);
	} else {
		ack_json_free(p->spec);
		p->spec = spec;
	}
	pool_shrink(p, -more);
	if (pool_grow(p, more) < 0)
		answer_broken(x);
	else
		answer_begun(s, x, k, t);
}

static bool check_change(struct exchange *x, const struct cluster *k,
	const struct pool *p, const struct ack_json *spec,
	const struct ack_json *body)
{
	struct objections f = {NULL};

	pool_check(spec, body, &f);
	/* nor in the call that switches it off */
	if (!document_flag(ack_json_get(spec, "auto_scaling"), "enable"))
		pool_check_size(p->spec, body, &f);
	return objections_none(&f, x) &&
	       lookup_is_in(x, k, "running|scaling") && lookup_is_idle(x, p);
}

/* From then on it is to have what it has, unless it scales itself. */
static int hold(struct ack_json **spec, int64_t wanted)
{
	if (document_flag(ack_json_get(*spec, "auto_scaling"), "enable"))
		return 0;
	return document_set_in(
		spec, "scaling_group", "desired_size", document_number(wanted));
}

void call_ModifyClusterNodePool(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct pool *p = k ? lookup_pool(x, k) : NULL;
	struct ack_json *body = p ? lookup_body(x) : NULL, *spec;
	int64_t wanted;

	if (!body)
		return;
	spec = merged(p, body);
	if (!spec) {
		answer_broken(x);
	} else if (!check_change(x, k, p, spec, body)) {
		ack_json_free(spec);
	} else {
		wanted = document_integer(ack_json_get(body, "scaling_group"),
			"desired_size", (int64_t)p->count);
		if (hold(&spec, wanted) < 0) {
			ack_json_free(spec);
			answer_broken(x);
		} else {
			change(s, x, k, p, spec, wanted);
		}
	}
	ack_json_free(body);
}

/* clang-format off */
static const struct check scale_rows[] = {
	{ "count", CHECK_INTEGER, true, 1, ADD_MOST },
};
/* clang-format on */

void call_scale_pool(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct pool *p = k ? lookup_pool(x, k) : NULL;
	struct ack_json *body = p ? lookup_body(x) : NULL, *spec;
	struct objections f = {NULL};
	int64_t wanted;

	if (!body)
		return;
	check_document(body, scale_rows, 1, false, &f);
	wanted = (int64_t)p->count + document_integer(body, "count", 0);
	if (wanted > POOL_NODES_MAX)
		objection_add(&f, "QuotaExceeded.NodePoolNodes",
			"count: The node pool would have %" PRId64
			" nodes; it may have %d.",
			wanted, POOL_NODES_MAX);
	if (objections_none(&f, x) && lookup_is_in(x, k, "running|scaling") &&
		lookup_is_idle(x, p)) {
		spec = document_copy(p->spec);
		if (spec &&
			document_set_in(&spec, "scaling_group", "desired_size",
				document_number(wanted)) == 0) {
			change(s, x, k, p, spec, wanted);
		} else {
			ack_json_free(spec);
			answer_broken(x);
		}
	}
	ack_json_free(body);
}

/* clang-format off */
static const struct check upgrade_rows[] = {
	{ "kubernetes_version", CHECK_STRING },
	{ "image_id", CHECK_STRING },
	{ "runtime_type", CHECK_STRING },
	{ "runtime_version", CHECK_STRING },
	{ "rolling_policy", CHECK_MAP },
	{ "node_names", CHECK_STRINGS },
	{ "use_replace", CHECK_BOOLEAN },
	{ "ignore_warning_check", CHECK_BOOLEAN },
};
/* clang-format on */

static bool check_upgrade(struct exchange *x, const struct cluster *k,
	const struct pool *p, const struct ack_json *body)
{
	const char *version = ack_json_get_string(body, "kubernetes_version");
	const char *own = field_text(k, "current_version");
	struct objections f = {NULL};

	check_document(body, upgrade_rows, LENGTH(upgrade_rows), false, &f);
	if (version && strcmp(version, own) != 0)
		objection_add(&f, "InvalidKubernetesVersion",
			"kubernetes_version: allowd values are [%s]", own);
	return objections_none(&f, x) &&
	       lookup_is_in(x, k, "running|scaling") && lookup_is_idle(x, p);
}

void call_UpgradeClusterNodepool(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct pool *p = k ? lookup_pool(x, k) : NULL;
	struct ack_json *body = p ? lookup_body(x) : NULL;
	struct task *t;

	if (body && check_upgrade(x, k, p, body) &&
		(t = task_begin(s, x, k, TASK_POOL_UPGRADE, p))) {
		t->parameters = document_copy(body);
		if (t->parameters)
			answer_begun(s, x, k, t);
		else
			answer_broken(x);
	}
	ack_json_free(body);
}

void call_DeleteClusterNodepool(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct pool *p = k ? lookup_pool(x, k) : NULL;
	struct task *t;
	bool force;

	if (!p || !lookup_query_flag(x, "force", &force) ||
		!lookup_is_in(x, k, "running|scaling") || !lookup_is_idle(x, p))
		return;
	if (p->count > 0 && !force) {
		answer_service(x, 400, "ErrorNodePoolNotEmpty",
			"The node pool has nodes; scale it to none first, or "
			"say force=true.",
			NULL);
		return;
	}
	t = task_begin(s, x, k, TASK_POOL_DELETE, p);
	if (!t)
		return;
	pool_shrink(p, (int64_t)p->count);
	answer_begun(s, x, k, t);
}

/* The node of that instance; NULL: the pool has none. */
static struct node *find(const struct pool *p, const char *id)
{
	char name[NODE_ID];

	for (size_t i = 0; i < p->count; i++) {
		node_instance_id(p, &p->nodes[i], name);
		if (strcmp(name, id) == 0)
			return &p->nodes[i];
	}
	return NULL;
}

/* Whether the pool has them all; else the exchange has its refusal. */
static bool are_there(
	struct exchange *x, const struct pool *p, const struct ack_json *list)
{
	const struct ack_json *n = ack_json_first(list);

	if (!n) {
		answer_service(x, 400, "MissingParameter",
			"instance_ids: It is missing or empty.", NULL);
		return false;
	}
	for (; n; n = ack_json_next(n))
		if (!find(p, ack_json_string(n))) {
			answer_service(x, 404, "ErrorNodeNotFound",
				"The node pool has no such instance.", NULL);
			return false;
		}
	return true;
}

/* The pool no longer wants the nodes that it loses. */
static int want_fewer(struct pool *p)
{
	int64_t left = 0;

	for (size_t i = 0; i < p->count; i++)
		left += p->nodes[i].state != NODE_GOING;
	return document_set_in(&p->spec, "scaling_group", "desired_size",
		document_number(left));
}

void call_RemoveNodePoolNodes(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct pool *p = k ? lookup_pool(x, k) : NULL;
	struct ack_json *list = p ? lookup_query_list(x, "instance_ids") : NULL;
	struct task *t;
	bool flag;

	if (list && lookup_query_flag(x, "release_node", &flag) &&
		lookup_query_flag(x, "drain_node", &flag) &&
		lookup_query_flag(x, "concurrency", &flag) &&
		are_there(x, p, list) &&
		lookup_is_in(x, k, "running|scaling") && lookup_is_idle(x, p) &&
		(t = task_begin(s, x, k, TASK_SCALE_IN, p))) {
		for (const struct ack_json *n = ack_json_first(list); n;
			n = ack_json_next(n))
			find(p, ack_json_string(n))->state = NODE_GOING;
		if (want_fewer(p) < 0)
			answer_broken(x);
		else
			answer_begun(s, x, k, t);
	}
	ack_json_free(list);
}
