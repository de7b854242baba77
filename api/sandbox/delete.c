/* SPDX-License-Identifier: MIT */
/* DeleteCluster (SERVICE.md, Deleting). */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/begun.h"
#include "sandbox/checks.h"
#include "sandbox/clock.h"
#include "sandbox/fields.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/pools.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

/* clang-format off */
static const struct check option_rows[] = {
	{ "resource_type", CHECK_STRING, true, .choices =
		"SLB|ALB|SLS_Data|SLS_ControlPlane|PrivateZone" },
	{ "delete_mode", CHECK_STRING, true, .choices = "delete|retain" },
};
/* clang-format on */

static bool check_options(struct exchange *x)
{
	const char *text = target_query(&x->target, "delete_options");
	struct findings f = {NULL};
	size_t where;

	if (!text || !*text)
		return true;
	struct ack_json *list = ack_json_parse(text, strlen(text), &where);
	if (!ack_json_is_array(list))
		finding_add(&f, FINDING_FORMAT,
			"delete_options: It must be a JSON list of objects.");
	else
		for (const struct ack_json *n = ack_json_first(list); n;
			n = ack_json_next(n))
			check_document(n, option_rows,
				sizeof(option_rows) / sizeof(*option_rows),
				false, &f);
	ack_json_free(list);
	return findings_none(&f, x);
}

static bool check_query(struct exchange *x)
{
	static const char *const flags[] = {"retain_all_resources", "keep_slb"};
	struct ack_json *retained;
	bool flag;

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (!lookup_query_flag(x, flags[i], &flag))
			return false;
	retained = lookup_query_list(x, "retain_resources");
	ack_json_free(retained);
	return retained && check_options(x);
}

static bool may_go(struct exchange *x, const struct cluster *k)
{
	if (strcmp(k->state, "deleting") == 0)
		answer_service(x, 400, "ErrorClusterState",
			"The cluster is being deleted already.", NULL);
	else if (field_flag(k, "deletion_protection"))
		answer_service(x, 400, "ErrorDeletionProtection",
			"The cluster is protected from deletion; switch "
			"deletion_protection off first.",
			NULL);
	else
		return true;
	return false;
}

/* What the cluster was busy with ends here. */
static void stop_tasks(struct cluster *k, int64_t now_ms)
{
	for (size_t i = 0; i < k->ntasks; i++)
		if (!k->tasks[i]->settled)
			k->tasks[i]->canceled_ms = now_ms;
	cluster_settle(k, now_ms);
}

void call_delete_cluster(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct cluster *k = lookup_cluster(s, x, now);

	if (!k || !check_query(x) || !may_go(x, k))
		return;
	stop_tasks(k, now);
	struct task *t = task_begin(s, x, k, TASK_DELETE, NULL);
	if (!t)
		return;
	snprintf(k->state, sizeof(k->state), "deleting");
	for (size_t i = 0; i < k->npools; i++) {
		k->pools[i]->busy = t;
		pool_shrink(k->pools[i], (int64_t)k->pools[i]->count);
	}
	answer_begun(s, x, k, t);
}
