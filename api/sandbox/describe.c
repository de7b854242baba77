/* SPDX-License-Identifier: MIT */
#include "describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "buf.h"
#include "clock.h"
#include "json.h"
#include "params.h"
#include "router.h"
#include "sandbox.h"
#include "tasks.h"
#include "types.h"

#define NEWEST_VERSION "1.33.3-aliyun.1"

/*
 * Where the answer takes a parameter of the request from. What the request
 * left to the service gets an ID made from the cluster's: `made` is its head.
 */
/* clang-format off */
static const struct field {
	const char *key;
	unsigned row;
	const char *made;
	const char *otherwise; /* when it has no value; NULL: "" or [] */
	const char *own_vpc;   /* the same in a VPC made by the service */
} fields[] = {
	{ "name", ACK_P_name },
	{ "cluster_type", ACK_P_cluster_type },
	{ "region_id", ACK_P_region_id },
	{ "current_version", ACK_P_kubernetes_version, NULL, NEWEST_VERSION },
	{ "init_version", ACK_P_kubernetes_version, NULL, NEWEST_VERSION },
	{ "vpc_id", ACK_P_vpcid, "vpc-" },
	{ "vswitch_ids", ACK_P_vswitch_ids, "vsw-" },
	{ "security_group_id", ACK_P_security_group_id, "sg-" },
	{ "container_cidr", ACK_P_container_cidr, NULL, NULL,
		"172.16.0.0/16" },
	{ "service_cidr", ACK_P_service_cidr, NULL, "172.19.0.0/20" },
	{ "node_cidr_mask", ACK_P_node_cidr_mask, NULL, "25" },
	{ "proxy_mode", ACK_P_proxy_mode, NULL, "ipvs" },
	{ "deletion_protection", ACK_P_deletion_protection, NULL, "false" },
	{ "tags", ACK_P_tags },
};

/* What the sandbox answers for every cluster. */
static const struct constant {
	const char *key, *text;
} constants[] = {
	{ "profile", "Default" },
	{ "cluster_spec", "ack.standard" },
	{ "next_version", "" },
	{ "ip_stack", "ipv4" },
	{ "cluster_domain", "cluster.local" },
	{ "timezone", "Asia/Shanghai" },
	{ "resource_group_id", "rg-acfmsandbox0000" },
};
/* clang-format on */

static struct ack_json *field_json(
	const struct cluster *k, const struct field *f)
{
	const struct ack_param *p = &ack_cluster_table.rows[f->row];
	const char *text = cluster_value(k, f->row);
	char made[64];

	if (!text && f->made) {
		snprintf(made, sizeof(made), "%s2ze%.17s", f->made, k->id + 1);
		text = made;
	}
	if (!text && f->own_vpc && !cluster_value(k, ACK_P_vpcid))
		text = f->own_vpc;
	if (!text)
		text = f->otherwise;
	if (text)
		return p->type->wire(p, text);
	return p->type->list ? ack_json_array() : ack_json_new_string("");
}

/* A string that holds JSON; empty until the API server answers. */
static void add_master_url(struct ack_json *root, const struct cluster *k,
	const struct task *t, int *rc)
{
	const char *open = cluster_value(k, ACK_P_endpoint_public_access);
	struct ack_buf text = ACK_BUF_INIT(1024);

	if (t->stage > STAGE_CONTROL_PLANE) {
		ack_buf_puts(&text, "{\"intranet_api_server_endpoint\":"
				    "\"https://192.168.0.10:6443\"");
		if (open && strcmp(open, "true") == 0)
			ack_buf_puts(&text, ",\"api_server_endpoint\":"
					    "\"https://203.0.113.10:6443\"");
		ack_buf_puts(&text, "}");
	}
	*rc |= ack_buf_status(&text);
	*rc |= ack_json_add_string(root, "master_url", ack_buf_text(&text));
	*rc |= ack_json_add_string(root, "meta_data", "{}");
	ack_buf_release(&text);
}

struct ack_json *describe_cluster(
	const struct cluster *k, int64_t now_ms, bool brief, int *rc)
{
	struct ack_json *root = ack_json_object();
	const char *nodes = cluster_value(k, ACK_P_num_of_nodes);
	char created[CLOCK_TEXT], updated[CLOCK_TEXT];
	struct task t;

	if (!root)
		return NULL;
	task_look(k, now_ms, &t);
	clock_rfc3339(k->created_ms, created);
	clock_rfc3339(t.updated_ms, updated);
	*rc |= ack_json_add_string(root, "cluster_id", k->id);
	*rc |= ack_json_add_string(root, "state", task_cluster_word(&t));
	*rc |= ack_json_add_string(root, "created", created);
	*rc |= ack_json_add_string(root, "updated", updated);
	if (!nodes || t.stage <= STAGE_NODES)
		nodes = "0";
	*rc |= ack_json_add(root, "size", ack_json_new_number(nodes));
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		*rc |= ack_json_add(
			root, fields[i].key, field_json(k, &fields[i]));
	for (size_t i = 0; i < sizeof(constants) / sizeof(*constants); i++)
		*rc |= ack_json_add_string(
			root, constants[i].key, constants[i].text);
	if (!brief)
		add_master_url(root, k, &t, rc);
	return root;
}

void call_describe_cluster(struct sandbox *s, struct exchange *x)
{
	const struct cluster *k = clusters_find(&s->clusters, x->args[0]);
	int rc = 0;

	if (!k) {
		answer_service(x, 404, "ErrorClusterNotFound",
			"There is no cluster of this ID.", NULL);
		return;
	}
	struct ack_json *root = describe_cluster(k, clock_ms(), false, &rc);
	answer_json(x, 200, root, rc);
}
