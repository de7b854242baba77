/* SPDX-License-Identifier: MIT */
#include "tree/files.h"

#include "actions/digest.h"
#include "actions/draft.h"
#include "actions/errand.h"
#include "actions/import.h"
#include "actions/order.h"
#include "actions/removal.h"
#include "base/length.h"
#include "cloud/rest.h"
#include "cloud/story.h"
#include "model/object.h"
#include "page/page.h"
#include "tree/fetch.h"
#include "tree/node.h"
#include "tree/texts.h"

static int import(struct object *o, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	(void)w;
	return import_body(o, text, len, e);
}

static bool is_unknown(const struct object *o)
{
	return o->state == COURSE_UNKNOWN;
}

static bool has_id(const struct object *o)
{
	return *o->id;
}

static bool has_request_id(const struct object *o)
{
	return *object_request_id(o);
}

static bool has_task_id(const struct object *o)
{
	return *object_task_id(o);
}

/* clang-format off */
const struct node_file node_files[] = {
	[ROW_ROOT] = {NULL, 0, S_IFDIR | 0755, NODE_DIR, AT_ROOT},
	[ROW_SCHEMA] = {"schema", AT_ROOT, S_IFDIR | 0555, NODE_DIR,
		AT_SCHEMA, MEMBERS_SCHEMA},
	[ROW_NODEPOOL_SCHEMA] = {"nodepool", AT_SCHEMA, S_IFDIR | 0555,
		NODE_DIR, 0, MEMBERS_NODEPOOL_SCHEMA},
	[ROW_CLUSTERS] = {"clusters", AT_ROOT, S_IFDIR | 0755, NODE_DIR, 0,
		MEMBERS_CLUSTERS},
	[ROW_LIVE] = {"live", AT_ROOT, S_IFDIR | 0555, NODE_DIR, AT_LIVE,
		MEMBERS_LIVE},
	[ROW_IDS] = {"by-id", AT_ROOT, S_IFDIR | 0555, NODE_DIR, 0,
		MEMBERS_IDS},
	[ROW_OBJECT] = {NULL, 0, S_IFDIR | 0755, NODE_DIR, AT_BOTH,
		MEMBERS_PARAMS},
	[ROW_NODEPOOLS] = {"nodepools", AT_LIVE_CLUSTER, S_IFDIR | 0755,
		NODE_DIR, 0, MEMBERS_NODEPOOLS, .fetch = &fetch_nodepools},
	[ROW_LIVE_OBJECT] = {NULL, 0, S_IFDIR | 0555, NODE_DIR,
		AT_LIVE_CLUSTER, MEMBERS_LIVE_PARAMS},
	[ROW_ID] = {NULL, 0, S_IFLNK | 0777, NODE_LINK, .show = show_id_link},
	[ROW_STATE] = {"state", AT_BOTH, 0444, NODE_NEWS,
		.show = show_state},
	[ROW_EVENTS] = {"events", AT_BOTH, 0444,
		NODE_FLEETING | NODE_GROWS | NODE_NEWS,
		.there = story_told, .show = story_events},
	[ROW_WATCH] = {"watch", AT_NODEPOOL | AT_LIVE_CLUSTER, 0444,
		NODE_FLEETING | NODE_STREAM},
	[ROW_PAGE] = {"index.html", AT_ROOT, 0444, NODE_FLEETING,
		.show = page_show},
	[ROW_ERROR] = {"error", AT_BOTH, 0444, .show = show_error},

	{"README", AT_ROOT, 0444, .show = show_readme},
	{"status", AT_ROOT, 0444, NODE_FLEETING, .show = show_status},
	{"error", AT_ROOT, 0444, NODE_FLEETING, .show = show_mount_error},

	{"request.json", AT_BOTH, 0644, NODE_GATHER, .show = show_request,
		.store = import},
	{"check", AT_BOTH, 0444, .show = show_check},
	{"plan", AT_BOTH, 0444, .show = show_plan},
	{"digest", AT_BOTH, 0444, .show = show_digest},
	{"commit", AT_BOTH, 0600, NODE_ACT, .store = order_commit,
		.opened = order_open},
	{"adopt", AT_BOTH, 0600, NODE_ACT, .there = is_unknown,
		.store = order_adopt, .opened = order_adopt_open},
	{"cluster_id", AT_CLUSTER, 0444, .there = has_id, .show = show_id},
	{"nodepool_id", AT_NODEPOOL, 0444, .there = has_id, .show = show_id},
	{"request_id", AT_BOTH, 0444, .there = has_request_id,
		.show = show_request_id},
	{"task_id", AT_BOTH, 0444, .there = has_task_id,
		.show = show_task_id},
	{"progress", AT_BOTH, 0444, NODE_FLEETING,
		.there = story_progressing, .show = story_progress},
	{"delete", AT_BOTH, 0600, NODE_ACT, .there = object_exists,
		.errand = &errand_delete, .opened = order_open},
	{"cancel", AT_BOTH, 0600, NODE_ACT, .there = errand_has_task,
		.errand = &errand_cancel, .opened = order_open},
	{"pause", AT_BOTH, 0600, NODE_ACT, .there = errand_has_task,
		.errand = &errand_pause, .opened = order_open},
	{"resume", AT_BOTH, 0600, NODE_ACT, .there = errand_has_task,
		.errand = &errand_resume, .opened = order_open},
	{"delete_plan", AT_BOTH, 0444, .there = object_exists,
		.show = show_delete_plan},
	{"live", AT_CLUSTER, S_IFLNK | 0777, NODE_LINK, .there = has_id,
		.show = show_live_link},
	{"nodepools", AT_CLUSTER, S_IFLNK | 0777, NODE_LINK,
		.there = object_exists, .show = show_nodepools_link},

	{"account", AT_LIVE, 0444, NODE_FLEETING, .fetch = &fetch_account},
	{"addons", AT_LIVE, 0444, NODE_FLEETING,
		.fetch = &fetch_addons_offered},
	{"events", AT_LIVE, 0444, NODE_FLEETING,
		.fetch = &fetch_region_events},
	{"versions", AT_LIVE, 0444, NODE_FLEETING, .fetch = &fetch_versions},
	{"task", AT_NODEPOOL | AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.fetch = &fetch_task},
	{"tasks", AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.fetch = &fetch_tasks},
	{"wait", AT_NODEPOOL | AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.wait = rest_wait},
	{"error", AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.show = show_live_error},
	{"kubeconfig", AT_LIVE_CLUSTER, 0400, NODE_FLEETING | NODE_SECRET,
		.fetch = &fetch_kubeconfig},
	{"credential.json", AT_LIVE_CLUSTER, 0400,
		NODE_FLEETING | NODE_SECRET, .fetch = &fetch_credential},
	{"revoke", AT_LIVE_CLUSTER, 0600, NODE_ACT,
		.errand = &errand_revoke, .opened = order_open},
	{"kubeconfig.exec", AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.fetch = &fetch_kubeconfig_exec},
	{"kubeconfig", AT_LIVE, 0444, NODE_FLEETING,
		.fetch = &fetch_kubeconfigs},
	{"detail.json", AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.fetch = &fetch_detail},
	{"nodes", AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.fetch = &fetch_node_table},
	{"precheck", AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.fetch = &fetch_precheck},
	{"vulnerabilities", AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.fetch = &fetch_vulnerabilities},
	{"nodes.json", AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.fetch = &fetch_nodes},
	{"nodepools.json", AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.fetch = &fetch_nodepools},
	{"resources.json", AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.fetch = &fetch_resources},
	{"upgrades", AT_LIVE_CLUSTER, 0444, NODE_FLEETING,
		.fetch = &fetch_upgrades},
};
/* clang-format on */

#define NFILES LENGTH(node_files)
_Static_assert(NFILES <= NODE_PARAMS, "too many fixed files");

const unsigned node_nfiles = NFILES;
