/* SPDX-License-Identifier: MIT */
/* DescribeClustersForRegion, and the tasks there are. */
#include <string.h>

#include "answer.h"
#include "clock.h"
#include "describe.h"
#include "json.h"
#include "page.h"
#include "params.h"
#include "router.h"
#include "sandbox.h"
#include "tasks.h"

static bool is(const char *text, const char *wanted)
{
	return !wanted || !*wanted || (text && strcmp(text, wanted) == 0);
}

static bool wanted(
	const struct exchange *x, const struct cluster *k, int64_t now_ms)
{
	const struct target *t = &x->target;
	const char *part = target_query(t, "name");
	const char *name = cluster_value(k, ACK_P_name);

	if (now_ms < k->listed_ms ||
		!is(cluster_value(k, ACK_P_region_id), x->args[0]))
		return false;
	/* The service's match of names is fuzzy: any part will do. */
	if (part && *part && (!name || !strstr(name, part)))
		return false;
	return is(k->id, target_query(t, "cluster_id")) &&
	       is(cluster_value(k, ACK_P_cluster_type),
		       target_query(t, "cluster_type"));
}

void call_list_clusters(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct page page;
	int rc = 0;

	if (!page_begin(&page, x))
		return;
	struct ack_json *root = ack_json_object(), *list = ack_json_array();
	for (size_t i = 0; list && i < s->clusters.count; i++) {
		const struct cluster *k = s->clusters.list[i];

		if (wanted(x, k, now) && page_takes(&page))
			rc |= ack_json_add(list, NULL,
				describe_cluster(k, now, true, &rc));
	}
	if (root) {
		rc |= ack_json_add(root, "clusters", list);
		page_end(&page, root, &rc);
	} else {
		ack_json_free(list);
	}
	answer_json(x, 200, root, rc);
}

void call_describe_task(struct sandbox *s, struct exchange *x)
{
	const struct cluster *k = clusters_find_task(&s->clusters, x->args[0]);
	int rc = 0;

	if (!k) {
		answer_service(x, 404, "ErrorTaskNotFound",
			"There is no task of this ID.", NULL);
		return;
	}
	struct ack_json *root = task_json(k, clock_ms(), false, &rc);
	answer_json(x, 200, root, rc);
}

void call_list_tasks(struct sandbox *s, struct exchange *x)
{
	const struct cluster *k = clusters_find(&s->clusters, x->args[0]);
	struct page page;
	int rc = 0;

	if (!k) {
		answer_service(x, 404, "ErrorClusterNotFound",
			"There is no cluster of this ID.", NULL);
		return;
	}
	if (!page_begin(&page, x))
		return;
	struct ack_json *root = ack_json_object(), *list = ack_json_array();
	if (list && page_takes(&page))
		rc |= ack_json_add(
			list, NULL, task_json(k, clock_ms(), true, &rc));
	if (root) {
		rc |= ack_json_add_string(root, "requestId", x->request_id);
		rc |= ack_json_add(root, "tasks", list);
		page_end(&page, root, &rc);
	} else {
		ack_json_free(list);
	}
	answer_json(x, 200, root, rc);
}
