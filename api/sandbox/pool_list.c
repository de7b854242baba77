/* SPDX-License-Identifier: MIT */
/* DescribeClusterNodePools and DescribeClusterNodePoolDetail. */
#include <string.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/clock.h"
#include "sandbox/lookup.h"
#include "sandbox/pools.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

void call_list_pools(struct sandbox *s, struct exchange *x)
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

void call_describe_pool(struct sandbox *s, struct exchange *x)
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
