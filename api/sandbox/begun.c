/* SPDX-License-Identifier: MIT */
#include "sandbox/begun.h"

#include "base/error.h"
#include "base/json.h"
#include "sandbox/exchange.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

bool keep_cluster(
	struct sandbox *s, struct exchange *x, const struct cluster *k)
{
	struct ack_error e;

	if (clusters_save(&s->clusters, k, &e) == 0)
		return true;
	answer_service(x, 500, "InternalError", e.message, NULL);
	return false;
}

void answer_begun_again(struct exchange *x, const struct task *t)
{
	struct ack_json *root = ack_json_object();
	int rc = 0;

	if (root) {
		rc |= ack_json_add_string(root, "cluster_id", t->cluster->id);
		if (t->target[0])
			rc |= ack_json_add_string(
				root, "nodepool_id", t->target);
		rc |= ack_json_add_string(root, "request_id", t->request_id);
		rc |= ack_json_add_string(root, "task_id", t->id);
	}
	answer_json(x, 202, root, rc);
}

void answer_begun(struct sandbox *s, struct exchange *x,
	const struct cluster *k, const struct task *t)
{
	if (keep_cluster(s, x, k))
		answer_begun_again(x, t);
}
