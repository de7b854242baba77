/* SPDX-License-Identifier: MIT */
/* DescribeClusterResources (SERVICE.md, Resources). */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/length.h"
#include "params/params.h"
#include "sandbox/clock.h"
#include "sandbox/clusters.h"
#include "sandbox/describe.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/pools.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

/* clang-format off */
static const struct kind {
	const char *type;
	const char *head;	/* of an ID that is made up, */
	const char *field;	/* or the field that has it */
	const char *flag;	/* only with this one true; NULL: always */
	int stage;		/* of the creation that makes it */
	bool releasable;
	const char *creator;
} kinds[] = {
	{ "ALIYUN::ECS::VPC", NULL, "vpc_id", NULL, STAGE_NETWORK, false,
		"system" },
	{ "ALIYUN::ECS::VSwitch", NULL, "vswitch_ids", NULL, STAGE_NETWORK,
		false, "system" },
	{ "ALIYUN::ECS::SecurityGroup", NULL, "security_group_id", NULL,
		STAGE_NETWORK, true, "system" },
	{ "ALIYUN::VPC::NatGateway", "ngw-", NULL, "snat_entry",
		STAGE_NETWORK, true, "system" },
	{ "ALIYUN::RAM::Role", "KubernetesWorkerRole-", NULL, NULL,
		STAGE_NETWORK, true, "system" },
	{ "ALIYUN::SLB::LoadBalancer", "lb-", NULL, NULL,
		STAGE_CONTROL_PLANE, true, "system" },
	{ "ALIYUN::VPC::EIP", "eip-", NULL, "endpoint_public_access",
		STAGE_CONTROL_PLANE, true, "system" },
	{ "ALIYUN::ESS::ScalingGroup", "asg-", NULL, NULL, STAGE_NODES, true,
		"system" },
	{ "ALIYUN::SLB::LoadBalancer", "lb-ingress-", NULL, "addons",
		STAGE_NODES, true, "addon" },
};
/* clang-format on */

struct listing {
	struct ack_json *list;
	const struct cluster *cluster;
	int64_t now_ms;
	int rc;
};

static const char *state_word(const struct listing *l, const struct kind *kind)
{
	const char *state = l->cluster->state;

	if (strcmp(state, "deleting") == 0)
		return "DELETE_IN_PROGRESS";
	if (strcmp(state, "delete_failed") == 0)
		return kind->releasable ? "DELETE_FAILED" : "CREATE_COMPLETE";
	if (cluster_is_past(l->cluster, kind->stage, l->now_ms))
		return "CREATE_COMPLETE";
	return strcmp(state, "failed") == 0 ? "CREATE_FAILED"
					    : "CREATE_IN_PROGRESS";
}

/* Whether the request brought it along. */
static bool is_given(const struct cluster *k, const struct kind *kind)
{
	static const struct {
		const char *field;
		unsigned row;
	} rows[] = {{"vpc_id", ACK_P_vpcid}, {"vswitch_ids", ACK_P_vswitch_ids},
		{"security_group_id", ACK_P_security_group_id}};

	for (size_t i = 0; i < LENGTH(rows); i++)
		if (kind->field && strcmp(kind->field, rows[i].field) == 0)
			return cluster_value(k, rows[i].row) != NULL;
	return false;
}

static void add_behavior(
	struct listing *l, struct ack_json *o, const struct kind *kind)
{
	struct ack_json *behavior = ack_json_object();

	if (behavior) {
		l->rc |= document_add_boolean(
			behavior, "delete_by_default", kind->releasable);
		l->rc |= document_add_boolean(
			behavior, "changeable", kind->releasable);
	}
	l->rc |= ack_json_add(o, "delete_behavior", behavior);
}

static void add(struct listing *l, const struct kind *kind, const char *id)
{
	struct ack_json *o = ack_json_object();
	char created[CLOCK_TEXT];

	if (!o) {
		l->rc = -1;
		return;
	}
	clock_rfc3339(l->cluster->created_ms, created);
	l->rc |= ack_json_add_string(o, "cluster_id", l->cluster->id);
	l->rc |= ack_json_add_string(o, "instance_id", id);
	l->rc |= ack_json_add_string(o, "resource_type", kind->type);
	l->rc |= ack_json_add_string(o, "resource_info", "{}");
	l->rc |= ack_json_add_string(o, "state", state_word(l, kind));
	l->rc |= ack_json_add_string(o, "created", created);
	l->rc |= document_add_number(
		o, "auto_create", !is_given(l->cluster, kind));
	l->rc |= ack_json_add(o, "dependencies", ack_json_array());
	l->rc |= ack_json_add_string(o, "creator_type", kind->creator);
	add_behavior(l, o, kind);
	l->rc |= ack_json_add(o, "extra_info", ack_json_object());
	l->rc |= ack_json_add(l->list, NULL, o);
}

/* Of the field: a text, or a list of them. */
static void add_field(struct listing *l, const struct kind *kind)
{
	struct ack_json *value = field_json(l->cluster, kind->field);

	if (ack_json_string(value))
		add(l, kind, ack_json_string(value));
	for (const struct ack_json *n = ack_json_first(value); n;
		n = ack_json_next(n))
		if (ack_json_string(n))
			add(l, kind, ack_json_string(n));
	if (!value)
		l->rc = -1;
	ack_json_free(value);
}

static void add_kind(struct listing *l, const struct kind *kind)
{
	char id[80];

	if (kind->field) {
		add_field(l, kind);
	} else if (kind->stage == STAGE_NODES && !kind->flag) {
		for (size_t i = 0; i < l->cluster->npools; i++) {
			snprintf(id, sizeof(id), "%s2ze%.17s", kind->head,
				l->cluster->pools[i]->id + 2);
			add(l, kind, id);
		}
	} else {
		snprintf(id, sizeof(id), "%s2ze%.17s", kind->head,
			l->cluster->id + 1);
		add(l, kind, id);
	}
}

void call_DescribeClusterResources(struct sandbox *s, struct exchange *x)
{
	struct listing l = {.now_ms = clock_ms()};
	bool addons;

	l.cluster = lookup_cluster(s, x, l.now_ms);
	if (!l.cluster ||
		!lookup_query_flag(x, "with_addon_resources", &addons))
		return;
	l.list = ack_json_array();
	/* Nothing is there before the checks are done. */
	for (size_t i = 0; l.list && i < LENGTH(kinds) &&
			   cluster_is_past(l.cluster, STAGE_CHECK, l.now_ms);
		i++) {
		const char *flag = kinds[i].flag;

		if (!flag || (strcmp(flag, "addons") == 0
					     ? addons
					     : field_flag(l.cluster, flag)))
			add_kind(&l, &kinds[i]);
	}
	answer_json(x, 200, l.list, l.rc);
}
