/* SPDX-License-Identifier: MIT */
/* The table of tasks: one row is one kind (SERVICE.md, Tasks). */
#include "sandbox/tasks.h"

#include <string.h>

#include "base/json.h"
#include "sandbox/clusters.h"
#include "sandbox/pools.h"

static int finish_upgrade(struct cluster *k, const struct task *t)
{
	const char *version = ack_json_get_string(
		t->parameters, "next_version");

	if (!version)
		return 0;
	return cluster_set(k, "current_version", ack_json_new_string(version));
}

static int finish_migrate(struct cluster *k, const struct task *t)
{
	(void)t;
	return cluster_set(
		k, "cluster_spec", ack_json_new_string("ack.pro.small"));
}

static int finish_delete(struct cluster *k, const struct task *t)
{
	(void)t;
	k->gone = true;
	return 0;
}

static int finish_pool_delete(struct cluster *k, const struct task *t)
{
	cluster_drop_pool(k, t->target);
	return 0;
}

/* clang-format off */
static const struct stage creating[] = {
	[STAGE_CHECK] = { "precheck", 5,
		"Checking quotas, service roles and the network",
		"Quotas, service roles and the network are in order" },
	[STAGE_NETWORK] = { "network", 20,
		"Preparing vSwitches, security group and routes",
		"vSwitches, security group and routes are ready" },
	[STAGE_CONTROL_PLANE] = { "control_plane", 40,
		"Starting the control plane",
		"The control plane answers" },
	[STAGE_NODES] = { "nodes", 25,
		"Adding the worker nodes",
		"The worker nodes have joined" },
	{ "addons", 10,
		"Installing the addons",
		"The addons are installed" },
};

static const struct stage deleting[] = {
	{ "nodes", 40, "Releasing the worker nodes",
		"The worker nodes are released" },
	{ "control_plane", 30, "Stopping the control plane",
		"The control plane has stopped" },
	{ "resources", 30, "Releasing load balancers and network resources",
		"Load balancers and network resources are released" },
};

static const struct stage modifying[] = {
	{ "precheck", 20, "Checking the change", "The change is possible" },
	{ "apply", 80, "Applying the change", "The change is in effect" },
};

static const struct stage upgrading[] = {
	{ "precheck", 10, "Checking whether the cluster can be upgraded",
		"The cluster can be upgraded" },
	{ "control_plane", 60, "Upgrading the control plane",
		"The control plane is upgraded" },
	{ "addons", 30, "Upgrading the system components",
		"The system components are upgraded" },
};

static const struct stage adding[] = {
	{ "precheck", 10, "Checking stock, quotas and addresses",
		"Stock, quotas and addresses will do" },
	{ "instances", 60, "Creating the instances",
		"The instances are running" },
	{ "join", 30, "Waiting for the nodes to join the cluster",
		"The nodes have joined" },
};

static const struct stage removing[] = {
	{ "drain", 50, "Draining the nodes", "The nodes are drained" },
	{ "release", 50, "Releasing the instances",
		"The instances are released" },
};

#define STAGES(list) (list), sizeof(list) / sizeof(*(list))
const struct task_kind task_kinds[TASK_WORDS] = {
	[TASK_CREATE] = { "cluster_create", 12000, STAGES(creating),
		STAGE_NODES, .pool_state = "scaling", .good = "running",
		.bad = "failed", .cancels = true },
	[TASK_DELETE] = { "cluster_delete", 6000, STAGES(deleting), 2,
		.pool_state = "deleting", .bad = "delete_failed",
		.finish = finish_delete },
	[TASK_MODIFY] = { "cluster_modify", 2000, STAGES(modifying), 1,
		.cluster_state = "updating" },
	[TASK_UPGRADE] = { "cluster_upgrade", 8000, STAGES(upgrading), 1,
		.cluster_state = "upgrading", .pauses = true, .cancels = true,
		.finish = finish_upgrade },
	[TASK_MIGRATE] = { "cluster_migrate", 4000, STAGES(modifying), 1,
		.cluster_state = "updating", .finish = finish_migrate },
	[TASK_SCALE_OUT] = { "cluster_scaleout", 4000, STAGES(adding), 1,
		.cluster_state = "scaling", .pool_state = "scaling",
		.cancels = true },
	[TASK_SCALE_IN] = { "cluster_node_delete", 3000, STAGES(removing), 1,
		.cluster_state = "scaling", .pool_state = "removing" },
	[TASK_POOL_CREATE] = { "nodepool_create", 4000, STAGES(adding), 1,
		.pool_state = "scaling", .cancels = true },
	[TASK_POOL_MODIFY] = { "nodepool_update", 2000, STAGES(modifying), 1,
		.pool_state = "updating" },
	[TASK_POOL_DELETE] = { "nodepool_delete", 3000, STAGES(removing), 1,
		.pool_state = "deleting", .finish = finish_pool_delete },
};
/* clang-format on */
