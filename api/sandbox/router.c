/* SPDX-License-Identifier: MIT */
#include "sandbox/router.h"

#include <string.h>

#include "sandbox/answer.h"
#include "sandbox/exchange.h"

/* clang-format off */
static const struct route routes[] = {
	{ "POST", "/clusters", "CreateCluster", call_create_cluster },
	{ "GET", "/clusters/{}", "DescribeClusterDetail",
		call_describe_cluster },
	{ "DELETE", "/clusters/{}", "DeleteCluster", call_delete_cluster },
	{ "PUT", "/api/v2/clusters/{}", "ModifyCluster", call_modify_cluster },
	{ "POST", "/api/v2/clusters/{}/upgrade", "UpgradeCluster",
		call_upgrade_cluster },
	{ "POST", "/clusters/{}/migrate", "MigrateCluster",
		call_migrate_cluster },
	{ "GET", "/regions/{}/clusters", "DescribeClustersForRegion",
		call_list_clusters },
	{ "GET", "/k8s/{}/user_config", "DescribeClusterUserKubeconfig",
		call_get_kubeconfig },
	{ "GET", "/clusters/{}/resources", "DescribeClusterResources",
		call_list_resources },
	{ "GET", "/clusters/{}/nodes", "DescribeClusterNodes",
		call_list_nodes },
	{ "GET", "/clusters/{}/nodepools", "DescribeClusterNodePools",
		call_list_pools },
	{ "POST", "/clusters/{}/nodepools", "CreateClusterNodePool",
		call_create_pool },
	{ "GET", "/clusters/{}/nodepools/{}", "DescribeClusterNodePoolDetail",
		call_describe_pool },
	{ "PUT", "/clusters/{}/nodepools/{}", "ModifyClusterNodePool",
		call_modify_pool },
	{ "POST", "/clusters/{}/nodepools/{}", "ScaleClusterNodePool",
		call_scale_pool },
	{ "DELETE", "/clusters/{}/nodepools/{}", "DeleteClusterNodepool",
		call_delete_pool },
	{ "DELETE", "/clusters/{}/nodepools/{}/nodes", "RemoveNodePoolNodes",
		call_remove_nodes },
	{ "GET", "/tasks/{}", "DescribeTaskInfo", call_describe_task },
	{ "POST", "/tasks/{}/cancel", "CancelTask", call_cancel_task },
	{ "POST", "/tasks/{}/pause", "PauseTask", call_pause_task },
	{ "POST", "/tasks/{}/resume", "ResumeTask", call_resume_task },
	{ "GET", "/clusters/{}/tasks", "DescribeClusterTasks",
		call_list_tasks },
	{ "GET", "/clusters/{}/events", "DescribeClusterEvents",
		call_list_cluster_events },
	{ "GET", "/events", "DescribeEvents", call_list_events },
	{ "GET", "/regions/{}/events", "DescribeEventsForRegion",
		call_list_events },
	{ "GET", "/clusters/{}/logs", "DescribeClusterLogs", call_list_logs },
	{ "GET", "/tags", "ListTagResources", call_list_tags },
	{ "PUT", "/tags", "TagResources", call_tag_resources },
	{ "DELETE", "/tags", "UntagResources", call_untag_resources },
	{ "POST", "/clusters/{}/tags", "ModifyClusterTags", call_modify_tags },
	{ "GET", "/regions", "DescribeRegions", call_list_regions },
	{ "GET", "/api/v1/metadata/versions",
		"DescribeKubernetesVersionMetadata", call_list_versions },
	{ "GET", "/addons", "ListAddons", call_list_addons },
	{ "GET", "/quota", "DescribeUserQuota", call_get_quota },
	{ "POST", "/ram/check-service-role", "CheckServiceRole",
		call_check_roles },

	{ "POST", "/_sandbox/faults", NULL, control_set_faults },
	{ "GET", "/_sandbox/requests", NULL, control_list_requests },
	{ "GET", "/_sandbox/clusters", NULL, control_list_clusters },
	{ "POST", "/_sandbox/clusters", NULL, control_plant_clusters },
};
/* clang-format on */

static bool matches(struct exchange *x, const char *pattern)
{
	const char *path = ack_buf_text(&x->target.path);
	size_t nargs = 0;

	while (*pattern) {
		if (strncmp(pattern, "{}", 2) != 0) {
			if (*path++ != *pattern++)
				return false;
			continue;
		}
		size_t len = strcspn(path, "/");
		if (len == 0 || target_decode(path, len, x->args[nargs++],
					sizeof(x->args[0])) < 0)
			return false;
		path += len;
		pattern += 2;
	}
	return *path == '\0';
}

const struct route *route_find(struct exchange *x)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++)
		if (strcmp(routes[i].method, x->method) == 0 &&
			matches(x, routes[i].path))
			return &routes[i];
	return NULL;
}

bool route_check(struct exchange *x)
{
	const char *action = exchange_header(x, "x-acs-action");

	if (!x->route)
		answer_gateway(x, 404, "InvalidApi.NotFound",
			"The sandbox has no call %s %s.", x->method,
			ack_buf_text(&x->target.path));
	else if (action && strcmp(action, x->route->action) != 0)
		answer_gateway(x, 404, "InvalidApi.NotFound",
			"%s %s is %s, but x-acs-action says %s.", x->method,
			ack_buf_text(&x->target.path), x->route->action,
			action);
	else
		return true;
	return false;
}
