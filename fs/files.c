/* SPDX-License-Identifier: MIT */
#include "cluster.h"
#include "draft.h"
#include "files.h"
#include "node.h"
#include "order.h"
#include "resolve.h"
#include "texts.h"

static int import(struct cluster *c, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	(void)w;
	return cluster_import(c, text, len, e);
}

static int commit(struct cluster *c, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	int ret = order_commit(c, text, len, w, e);

	return ret ? ret : NODE_LATER;
}

static int adopt(struct cluster *c, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	int ret = resolve_adopt(c, text, len, w, e);

	if (ret < 0)
		return ret;
	return ret ? 0 : NODE_LATER;
}

static bool is_unknown(const struct cluster *c)
{
	return c->state == COURSE_UNKNOWN;
}

static bool has_cluster_id(const struct cluster *c)
{
	return *c->cluster_id;
}

static bool has_request_id(const struct cluster *c)
{
	return *c->request_id;
}

static bool has_task_id(const struct cluster *c)
{
	return *c->task_id;
}

/* clang-format off */
const struct node_file node_files[] = {
	[ROW_ROOT]     = {NULL, IN_NOTHING, S_IFDIR | 0755, NODE_DIR},
	[ROW_SCHEMA]   = {"schema", IN_ROOT, S_IFDIR | 0555, NODE_DIR},
	[ROW_CLUSTERS] = {"clusters", IN_ROOT, S_IFDIR | 0755, NODE_DIR},
	[ROW_CLUSTER]  = {NULL, IN_CLUSTERS, S_IFDIR | 0755, NODE_DIR},

	{"README", IN_ROOT, 0444, 0, .show = show_readme},
	{"status", IN_ROOT, 0444, NODE_FLEETING, .show = show_status},
	{"error", IN_ROOT, 0444, NODE_FLEETING, .show = show_mount_error},

	{"request.json", IN_CLUSTER, 0644, NODE_GATHER,
		.show = show_request, .store = import},
	{"check", IN_CLUSTER, 0444, 0, .show = show_check},
	{"plan", IN_CLUSTER, 0444, 0, .show = show_plan},
	{"commit", IN_CLUSTER, 0200, NODE_ACT,
		.store = commit, .opened = order_open},
	{"adopt", IN_CLUSTER, 0200, NODE_ACT, .there = is_unknown,
		.store = adopt, .opened = resolve_open},
	{"state", IN_CLUSTER, 0444, 0, .show = show_state},
	{"error", IN_CLUSTER, 0444, 0, .show = show_error},
	{"cluster_id", IN_CLUSTER, 0444, 0, has_cluster_id, show_cluster_id},
	{"request_id", IN_CLUSTER, 0444, 0, has_request_id, show_request_id},
	{"task_id", IN_CLUSTER, 0444, 0, has_task_id, show_task_id},
};
/* clang-format on */

#define NFILES (sizeof(node_files) / sizeof(node_files[0]))
_Static_assert(NFILES <= NODE_PARAMS, "too many fixed files");

const unsigned node_nfiles = NFILES;
