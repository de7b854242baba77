/* SPDX-License-Identifier: MIT */
/* DescribeClusterNodes (SERVICE.md, Nodes). */
#include "sandbox/nodes.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "client/sign.h"
#include "sandbox/choices.h"
#include "sandbox/clock.h"
#include "sandbox/describe.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/paging.h"
#include "sandbox/pools.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

/* What is said of a node in each of its states. */
static const struct saying {
	const char *state, *instance_status, *node_status;
	const char *asked; /* the word of the query that asks for it */
	const char *error;
} sayings[NODE_STATES] = {
	[NODE_READY] = {"running", "Running", "Ready", "running", ""},
	[NODE_COMING] = {"pending", "Pending", "Unknown", "initial", ""},
	[NODE_GOING] = {"running", "Running", "NotReady", "removing", ""},
	[NODE_FAILED] = {"stopped", "Stopped", "Offline", "failed",
		"The instance could not join the cluster."},
};

void node_instance_id(
	const struct pool *p, const struct node *n, char out[NODE_ID])
{
	char text[64], sum[ACK_SHA256_HEX];
	int len = snprintf(text, sizeof(text), "%s/%u", p->id, n->serial);

	ack_sha256_hex(text, (size_t)len, sum);
	snprintf(out, NODE_ID, "i-2ze%.17s", sum);
}

/* 250 addresses of a /24 after the other, four /24 for a pool. */
static void address(const struct pool *p, const struct node *n, char out[32])
{
	unsigned net = p->number * 4 + n->serial / 250;

	snprintf(out, 32, "10.%u.%u.%u", net >> 8 & 255, net & 255,
		n->serial % 250 + 4);
}

static const char *group_text(
	const struct pool *p, const char *key, const char *otherwise)
{
	const char *text = ack_json_get_string(
		ack_json_get(p->spec, "scaling_group"), key);

	return text ? text : otherwise;
}

static const char *instance_type(const struct pool *p)
{
	const struct ack_json *group = ack_json_get(p->spec, "scaling_group");
	const char *type = ack_json_string(
		ack_json_first(ack_json_get(group, "instance_types")));

	return type ? type : "ecs.g7.xlarge";
}

/* What it is called and can be asked for by. */
struct names {
	char id[NODE_ID], ip[32], node[128];
};

static void name_node(const struct cluster *k, const struct pool *p,
	const struct node *n, struct names *to)
{
	node_instance_id(p, n, to->id);
	address(p, n, to->ip);
	snprintf(to->node, sizeof(to->node), "%.64s.%s",
		field_text(k, "region_id"), to->ip);
}

static void add_names(struct ack_json *o, const struct cluster *k,
	const struct pool *p, const struct node *n, int *rc)
{
	struct ack_json *list = ack_json_array();
	struct names names;
	char text[96];

	name_node(k, p, n, &names);
	*rc |= ack_json_add_string(o, "instance_id", names.id);
	*rc |= ack_json_add_string(o, "node_name", names.node);
	snprintf(text, sizeof(text), "worker-k8s-for-cs-%s", k->id);
	*rc |= ack_json_add_string(o, "instance_name", text);
	snprintf(text, sizeof(text), "iZ2ze%.17sZ", names.id + 5);
	*rc |= ack_json_add_string(o, "host_name", text);
	if (list)
		*rc |= ack_json_add_string(list, NULL, names.ip);
	*rc |= ack_json_add(o, "ip_address", list);
}

static struct ack_json *node_json(const struct cluster *k, const struct pool *p,
	const struct node *n, int64_t now_ms, int *rc)
{
	const struct saying *say = &sayings[pool_node_state(p, n, now_ms)];
	const char *type = instance_type(p);
	struct ack_json *o = ack_json_object();
	char family[64], created[CLOCK_TEXT];

	if (!o)
		return NULL;
	snprintf(family, sizeof(family), "%.*s",
		(int)(strrchr(type, '.') ? strrchr(type, '.') - type : 0),
		type);
	clock_utc(p->created_ms, created);
	add_names(o, k, p, n, rc);
	*rc |= ack_json_add_string(o, "instance_type", type);
	*rc |= ack_json_add_string(o, "instance_type_family", family);
	*rc |= ack_json_add_string(o, "instance_role", "Worker");
	*rc |= ack_json_add_string(o, "instance_status", say->instance_status);
	*rc |= ack_json_add_string(o, "node_status", say->node_status);
	*rc |= ack_json_add_string(o, "state", say->state);
	*rc |= ack_json_add_string(o, "error_message", say->error);
	*rc |= ack_json_add_string(o, "nodepool_id", p->id);
	*rc |= ack_json_add_string(o, "image_id",
		group_text(p, "image_id", "aliyun_3_x64_20G_alibase.vhd"));
	*rc |= ack_json_add_string(o, "instance_charge_type",
		group_text(p, "instance_charge_type", "PostPaid"));
	*rc |= ack_json_add_string(
		o, "spot_strategy", group_text(p, "spot_strategy", "NoSpot"));
	*rc |= ack_json_add_string(o, "creation_time", created);
	*rc |= ack_json_add_string(o, "expired_time", "2099-12-31T15:59Z");
	*rc |= ack_json_add_string(o, "source", "ess");
	*rc |= document_add_boolean(o, "is_aliyun_node", true);
	return o;
}

static bool is_listed(
	const struct exchange *x, const char *name, const char *word)
{
	const char *list = target_query(&x->target, name);

	return !list || !*list || choice_is_listed(word, list, ',');
}

static bool is_wanted(const struct exchange *x, const struct cluster *k,
	const struct pool *p, const struct node *n, int64_t now_ms)
{
	const char *pool = target_query(&x->target, "nodepool_id");
	const char *state = target_query(&x->target, "state");
	struct names names;

	if (pool && *pool && strcmp(pool, p->id) != 0)
		return false;
	if (state && *state && strcmp(state, "all") != 0 &&
		strcmp(state, sayings[pool_node_state(p, n, now_ms)].asked) !=
			0)
		return false;
	name_node(k, p, n, &names);
	return is_listed(x, "instanceIds", names.id) &&
	       is_listed(x, "nodeNames", names.node) &&
	       is_listed(x, "nodeIps", names.ip);
}

static bool check(struct exchange *x)
{
	const char *state = target_query(&x->target, "state");

	if (!state || !*state ||
		choice_is_among(state, "all|running|removing|initial|failed"))
		return true;
	answer_service(x, 400, "InvalidParameter.Format",
		"state: It must be one of all, running, removing, initial, "
		"failed.",
		NULL);
	return false;
}

void call_DescribeClusterNodes(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	const struct cluster *k = lookup_cluster(s, x, now);
	struct paging page;
	int rc = 0;

	if (!k || !check(x) || !paging_begin(&page, x, &paging_camel))
		return;
	struct ack_json *root = ack_json_object(), *list = ack_json_array();
	for (size_t i = 0; list && i < k->npools; i++) {
		const struct pool *p = k->pools[i];

		for (size_t j = 0; j < p->count; j++)
			if (is_wanted(x, k, p, &p->nodes[j], now) &&
				paging_takes(&page))
				rc |= ack_json_add(list, NULL,
					node_json(
						k, p, &p->nodes[j], now, &rc));
	}
	paging_finish(&page, root, "nodes", list, &rc);
	answer_json(x, 200, root, rc);
}
