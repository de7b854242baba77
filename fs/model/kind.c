/* SPDX-License-Identifier: MIT */
#include "model/kind.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "model/fleet.h"
#include "model/object.h"
#include "model/regions.h"
#include "params/params.h"

/* Only what is not set yet. */
static int fill(struct ack_values *v, unsigned row, const char *text)
{
	if (!text || !*text || ack_values_get(v, row, NULL))
		return 0;
	return ack_values_set(v, row, text, strlen(text), time_now_ns());
}

/* No cluster has more; sums of such numbers fit. */
#define NODES_MOST 1000000

static long count(const struct ack_json *n, const char *key)
{
	int64_t count = -1;

	ack_json_integer(ack_json_get(n, key), &count);
	return count >= 0 && count < NODES_MOST ? (long)count : -1;
}

static void identify_cluster(const struct ack_json *n, struct identity *out)
{
	out->id = ack_json_get_string(n, "cluster_id");
	out->name = ack_json_get_string(n, "name");
	out->created = ack_json_get_string(n, "created");
	out->state = ack_json_get_string(n, "state");
	out->tags = ack_json_get(n, "tags");
	out->nodes = count(n, "size");
}

static struct ack_call *list_clusters(const struct object *o, const char *name,
	bool paced, ack_list_fn done, void *arg, struct ack_error *e)
{
	return ack_list_clusters(
		o->fleet->client, regions_of(o), name, paced, done, arg, e);
}

/* Whether the form with pools has no place for it: none at all, or one in a
 * first pool that there is not. */
static bool is_lost(const struct ack_values *v, const struct ack_param *p)
{
	const char *place = p->place[ACK_NODEPOOLS];
	const char *nodes = ack_values_get(v, ACK_P_num_of_nodes, NULL);

	if (!p->place[ACK_CLASSIC] || p->flags & ACK_SECRET)
		return false;
	return !place || (nodes && !strcmp(nodes, "0") &&
				 !strncmp(place, "nodepools[0]", 12));
}

enum ack_form kind_form(const struct object *o, const struct ack_values *v)
{
	const struct fleet *f = o->fleet;
	const struct ack_table *t = &ack_cluster_table;

	if (o->parent || f->rules.form >= 0 ||
		!ack_values_get(v, ACK_P_extra_nodepools, NULL))
		return f->endpoint.form;
	for (unsigned row = 0; row < t->count; row++)
		if (row != t->nodes && ack_values_get(v, row, NULL) &&
			is_lost(v, &t->rows[row]))
			return f->endpoint.form;
	return ACK_NODEPOOLS;
}

/* The form with pools wants a runtime with its version; what was written may
 * be its name alone. */
static int fill_runtime(const struct object *o, struct ack_values *v)
{
	const char *nodes = ack_values_get(v, ACK_P_num_of_nodes, NULL);
	const char *name = ack_values_get(v, ACK_P_runtime, NULL);
	const char *version;
	char both[96];

	if (kind_form(o, v) != ACK_NODEPOOLS || object_exists(o) || !nodes ||
		!strcmp(nodes, "0") || (name && strchr(name, ' ')))
		return 0;
	name = name ? name : "containerd";
	version = versions_runtime(o->fleet,
		ack_values_get(v, ACK_P_kubernetes_version, NULL), name);
	if (!version)
		return 0;
	snprintf(both, sizeof(both), "%s %s", name, version);
	return ack_values_set(
		v, ACK_P_runtime, both, strlen(both), time_now_ns());
}

static int fill_cluster(const struct object *o, struct ack_values *v)
{
	int ret = fill(v, ACK_P_name, o->name);

	if (!ret)
		ret = fill(v, ACK_P_region_id, o->fleet->endpoint.region);
	return ret ? ret : fill_runtime(o, v);
}

const struct kind kind_cluster = {
	.noun = "cluster",
	.a_noun = "a cluster",
	.id_form = "c and 32 hex digits",
	.table = &ack_cluster_table,
	.name_row = ACK_P_name,
	.create = ACK_CALL_CreateCluster,
	.describe = ACK_CALL_DescribeClusterDetail,
	.modify = ACK_CALL_ModifyCluster,
	.remove = ACK_CALL_DeleteCluster,
	.id_valid = ack_cluster_id_valid,
	.identify = identify_cluster,
	.list = list_clusters,
	.fill_in = fill_cluster,
	.absent = "ErrorClusterNotFound",
};

static void identify_nodepool(const struct ack_json *n, struct identity *out)
{
	const struct ack_json *info = ack_json_get(n, "nodepool_info");

	out->id = ack_json_get_string(info, "nodepool_id");
	out->name = ack_json_get_string(info, "name");
	out->created = ack_json_get_string(info, "created");
	out->state = ack_json_get_string(ack_json_get(n, "status"), "state");
	out->tags = NULL;
	out->nodes = count(ack_json_get(n, "status"), "total_nodes");
	ack_json_boolean(ack_json_get(info, "is_default"), &out->is_default);
}

static struct ack_call *list_nodepools(const struct object *o, const char *name,
	bool paced, ack_list_fn done, void *arg, struct ack_error *e)
{
	return ack_list_nodepools(o->fleet->client, regions_of(o),
		o->parent->id, name, paced, done, arg, e);
}

/* Nodes stand where the cluster does, unless somebody says otherwise. */
static int fill_nodepool(const struct object *o, struct ack_values *v)
{
	const struct ack_values *cluster = &o->parent->values;
	const char *runtime = ack_values_get(v, ACK_POOL_P_runtime, NULL);
	int ret = fill(v, ACK_POOL_P_name, o->name);

	if (!ret)
		ret = fill(v, ACK_POOL_P_vswitch_ids,
			ack_values_get(cluster, ACK_P_vswitch_ids, NULL));
	if (!ret && !object_exists(o) &&
		!ack_values_get(v, ACK_POOL_P_runtime_version, NULL))
		ret = fill(v, ACK_POOL_P_runtime_version,
			versions_runtime(o->fleet,
				ack_values_get(cluster,
					ACK_P_kubernetes_version, NULL),
				runtime ? runtime : "containerd"));
	return ret;
}

const struct kind kind_nodepool = {
	.noun = "node pool",
	.a_noun = "a node pool",
	.id_form = "np and 32 hex digits",
	.table = &ack_pool_table,
	.name_row = ACK_POOL_P_name,
	.create = ACK_CALL_CreateClusterNodePool,
	.describe = ACK_CALL_DescribeClusterNodePoolDetail,
	.modify = ACK_CALL_ModifyClusterNodePool,
	.remove = ACK_CALL_DeleteClusterNodepool,
	.id_valid = ack_nodepool_id_valid,
	.identify = identify_nodepool,
	.list = list_nodepools,
	.fill_in = fill_nodepool,
	.absent = "ErrorNodePoolNotFound",
};

struct ack_request kind_request(const struct object *o, enum ack_action action)
{
	struct ack_request r = {.action = action, .endpoint = regions_of(o)};

	if (o->parent)
		r.ids[0] = o->parent->id;
	r.ids[o->parent ? 1 : 0] = o->id;
	return r;
}

struct ack_request kind_about(
	const struct object *o, enum ack_action action, const char *id)
{
	return (struct ack_request){.action = action,
		.ids = {id},
		.endpoint = regions_of(o),
		.paced = true,
		.patient = true};
}

bool kind_absent(const struct object *o, const struct ack_error *e)
{
	while (o && strcmp(e->code, o->kind->absent))
		o = o->parent;
	return o;
}

int kind_check(const struct kind *kind, const char *id,
	const struct ack_json *answer, struct ack_error *e)
{
	struct identity i = {NULL};

	kind->identify(answer, &i);
	if (i.id && !strcmp(i.id, id))
		return 0;
	return ack_error_set(e, EPROTO, NULL,
		"the answer of the service is not about the %s %s",
		kind_noun(kind), id);
}

const char *kind_noun(const struct kind *kind)
{
	return ack_text(kind->noun);
}

const char *kind_a_noun(const struct kind *kind)
{
	return ack_text(kind->a_noun);
}
