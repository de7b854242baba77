/* SPDX-License-Identifier: MIT */
/* CreateClusterNodePool. */
#include <string.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/begun.h"
#include "sandbox/clock.h"
#include "sandbox/lookup.h"
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
	struct findings f = {NULL};

	pool_check(body, NULL, &f);
	if (!findings_none(&f, x) || !lookup_is_in(x, k, "running|scaling"))
		return false;
	if (!is_taken(k, name))
		return true;
	answer_service(x, 400, "ErrorNodePoolNameAlreadyExist",
		"The cluster has a node pool of this name.", NULL);
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

void call_create_pool(struct sandbox *s, struct exchange *x)
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
