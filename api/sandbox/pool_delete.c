/* SPDX-License-Identifier: MIT */
/* DeleteClusterNodepool and RemoveNodePoolNodes. */
#include <string.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/begun.h"
#include "sandbox/clock.h"
#include "sandbox/documents.h"
#include "sandbox/lookup.h"
#include "sandbox/nodes.h"
#include "sandbox/pools.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

void call_delete_pool(struct sandbox *s, struct exchange *x)
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

void call_remove_nodes(struct sandbox *s, struct exchange *x)
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
