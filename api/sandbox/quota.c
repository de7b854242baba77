/* SPDX-License-Identifier: MIT */
/* DescribeUserQuota (SERVICE.md, Quota). */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/documents.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

/* clang-format off */
static const struct quota {
	const char *key, *code;
	int64_t value;
	const char *unit;
} quotas[] = {
	{ "amk_cluster_quota", "q_amk_clusters", 10000, "clusters" },
	{ "ask_cluster_quota", "q_ask_clusters", 100, "clusters" },
	{ "cluster_quota", "q_clusters", 10000, "clusters" },
	{ "node_quota", "q_nodes", 1000, "nodes" },
	{ "cluster_nodepool_quota", "q_nodepools", 100, "nodepools" },
};
/* clang-format on */

static struct ack_json *quota_json(const struct quota *q, int *rc)
{
	struct ack_json *o = ack_json_object();
	char digits[24];

	if (!o)
		return NULL;
	snprintf(digits, sizeof(digits), "%" PRId64, q->value);
	*rc |= ack_json_add_string(o, "quota", digits);
	*rc |= ack_json_add_string(o, "operation_code", q->code);
	*rc |= document_add_boolean(o, "adjustable", true);
	*rc |= ack_json_add_string(o, "unit", q->unit);
	return o;
}

void call_get_quota(struct sandbox *s, struct exchange *x)
{
	struct ack_json *root = ack_json_object(), *all = ack_json_object();
	int rc = 0;

	(void)s;
	for (size_t i = 0; root && all && i < sizeof(quotas) / sizeof(*quotas);
		i++) {
		rc |= document_add_number(root, quotas[i].key, quotas[i].value);
		rc |= ack_json_add(
			all, quotas[i].code, quota_json(&quotas[i], &rc));
	}
	rc |= ack_json_add(root, "quotas", all);
	answer_json(x, 200, root, rc);
}
