/* SPDX-License-Identifier: MIT */
/* The rules about networks and what is reachable. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "params/cidr.h"
#include "params/rules.h"
#include "params/types.h"

/* What the service makes when it is given neither VPC nor vSwitches. */
#define AUTO_VPC        "192.168.0.0/16"
#define AUTO_CONTAINERS "172.16.0.0/16"
#define AUTO_SERVICES   "172.19.0.0/20"

static bool is_terway(const char *name)
{
	return !strcmp(name, "terway") || !strcmp(name, "terway-eni") ||
	       !strcmp(name, "terway-eniip");
}

/* {"zone": ["vsw-…"]}, at least one of each */
static bool has_vswitches(const struct ack_json *zones)
{
	const struct ack_json *zone = ack_json_first(zones);

	if (!ack_json_is_object(zones) || !zone)
		return false;
	for (; zone; zone = ack_json_next(zone)) {
		const struct ack_json *id = ack_json_first(zone);

		if (!ack_json_is_array(zone) || !id)
			return false;
		for (; id; id = ack_json_next(id)) {
			const char *text = ack_json_string(id);

			if (!text || strncmp(text, "vsw-", 4) != 0)
				return false;
		}
	}
	return true;
}

static void look_at_addon(struct ack_check *c, const struct ack_json *addon)
{
	const char *name = ack_json_get_string(addon, "name");
	const char *config = ack_json_get_string(addon, "config");
	struct ack_json *root;
	bool off = false;
	size_t where;

	ack_json_boolean(ack_json_get(addon, "disabled"), &off);
	if (!name || off)
		return;
	c->flannel |= !strcmp(name, "flannel");
	if (!is_terway(name))
		return;
	c->terway = true;
	root = config ? ack_json_parse(config, strlen(config), &where) : NULL;
	c->failed |= config && !root && where == ACK_JSON_NO_MEMORY;
	c->pod_vswitches |= has_vswitches(ack_json_get(root, "PodVswitchId"));
	ack_json_free(root);
}

void ack_check_networks(struct ack_check *c)
{
	const struct ack_param *p = &ack_cluster_table.rows[ACK_P_addons];
	const char *text = ack_check_set(c, ACK_P_addons);
	struct ack_json *addons = text ? p->type->wire(p, text) : NULL;

	c->failed |= text && !addons;
	c->auto_vpc = !ack_check_set(c, ACK_P_vpcid) &&
		      !ack_check_set(c, ACK_P_vswitch_ids);
	for (const struct ack_json *n = ack_json_first(addons); n;
		n = ack_json_next(n))
		look_at_addon(c, n);
	ack_json_free(addons);
	c->pod_vswitches |= ack_check_set(c, ACK_P_pod_vswitch_ids) != NULL;
}

static void vpc_pair(struct ack_check *c)
{
	bool vpc = ack_check_set(c, ACK_P_vpcid);

	if (vpc == !ack_check_set(c, ACK_P_vswitch_ids))
		ack_check_find(c, vpc ? ACK_P_vswitch_ids : ACK_P_vpcid,
			"is required because %s is set; unset both to have a "
			"VPC made",
			vpc ? "vpcid" : "vswitch_ids");
}

static void auto_vpc_snat(struct ack_check *c)
{
	bool set = ack_check_set(c, ACK_P_snat_entry);

	/* where it is required, that is said */
	if (c->auto_vpc && (set || c->form == ACK_NODEPOOLS) &&
		!ack_check_true(c, ACK_P_snat_entry))
		ack_check_find(c, ACK_P_snat_entry,
			"has to be true because the VPC is made along with the "
			"cluster");
}

/* Where to make them; services before 2026 chose by themselves. */
static void zones(struct ack_check *c)
{
	bool set = ack_check_set(c, ACK_P_zone_ids);

	if (set && !c->auto_vpc)
		ack_check_find(c, ACK_P_zone_ids,
			"is ignored because vpcid and vswitch_ids are set");
	else if (!set && c->auto_vpc && c->form == ACK_NODEPOOLS)
		ack_check_find(c, ACK_P_zone_ids,
			"should say in which zones the VPC and its vSwitches "
			"are made");
}

static void one_plugin(struct ack_check *c)
{
	if (c->flannel && c->terway)
		ack_check_find(c, ACK_P_addons,
			"there are two network plugins; keep either flannel "
			"or Terway");
	else if (!c->flannel && !c->terway)
		ack_check_find(c, ACK_P_addons,
			"a network plugin is missing: flannel or "
			"terway-eniip");
}

static void flannel_networks(struct ack_check *c)
{
	static const enum ack_cluster_param rows[] = {
		ACK_P_container_cidr, ACK_P_service_cidr};

	for (size_t i = 0; c->flannel && !c->auto_vpc && i < 2; i++) {
		if (!ack_check_set(c, rows[i]))
			ack_check_find(c, rows[i],
				"is required with flannel in a VPC of your "
				"own");
	}
}

static void terway_vswitches(struct ack_check *c)
{
	if (c->terway && !c->pod_vswitches)
		ack_check_find(c, ACK_P_addons,
			"Terway needs the vSwitches of the pods: terway-eniip "
			"{\"PodVswitchId\":{\"zone\":[\"vsw-...\"]}}");
}

static void plugin_ignores(struct ack_check *c)
{
	static const enum ack_cluster_param rows[] = {
		ACK_P_container_cidr, ACK_P_node_cidr_mask};

	for (size_t i = 0; c->terway && !c->flannel && i < 2; i++) {
		if (ack_check_set(c, rows[i]))
			ack_check_find(c, rows[i], "is not used with Terway");
	}
	if (c->flannel && !c->terway && ack_check_set(c, ACK_P_pod_vswitch_ids))
		ack_check_find(
			c, ACK_P_pod_vswitch_ids, "is used with Terway only");
}

struct network {
	enum ack_cluster_param row;
	const char *text; /* NULL: none is known */
	struct ack_cidr net;
};

/* The network in force. */
static struct network network(const struct ack_check *c,
	enum ack_cluster_param row, const char *if_auto)
{
	struct network n = {.row = row, .text = ack_check_set(c, row)};

	if (!n.text && c->auto_vpc)
		n.text = if_auto;
	if (n.text && ack_cidr_parse(n.text, &n.net))
		n.text = NULL;
	return n;
}

static void disjoint(struct ack_check *c, const struct network *n,
	const struct network *other, const char *what)
{
	if (n->text && other->text && ack_cidr_overlap(n->net, other->net))
		ack_check_find(c, n->row, "%s overlaps %s, which is %s",
			n->text, ack_text(what), other->text);
}

static void disjoint_networks(struct ack_check *c)
{
	struct network pods = network(c, ACK_P_container_cidr, AUTO_CONTAINERS);
	struct network services = network(c, ACK_P_service_cidr, AUTO_SERVICES);
	struct network vpc = {.text = c->auto_vpc ? AUTO_VPC : NULL};

	if (vpc.text && ack_cidr_parse(vpc.text, &vpc.net))
		vpc.text = NULL;
	/* Terway's pods live in the VPC. */
	if (c->terway && !c->flannel)
		pods.text = NULL;
	/* The finding goes where something was written. */
	if (ack_check_set(c, ACK_P_service_cidr))
		disjoint(c, &services, &pods, "container_cidr");
	else
		disjoint(c, &pods, &services, "service_cidr");
	disjoint(c, &pods, &vpc, "the VPC that is made");
	disjoint(c, &services, &vpc, "the VPC that is made");
}

static void nodes_fit(struct ack_check *c)
{
	struct network pods = network(c, ACK_P_container_cidr, AUTO_CONTAINERS);
	const char *nodes = ack_check_set(c, ACK_P_num_of_nodes);
	unsigned mask = (unsigned)strtoul(
		ack_check_get(c, ACK_P_node_cidr_mask), NULL, 10);

	if (!c->flannel || !nodes || !pods.text)
		return;
	uint64_t fit = mask < pods.net.bits
			       ? 0
			       : UINT64_C(1) << (mask - pods.net.bits);
	if (strtoull(nodes, NULL, 10) > fit)
		ack_check_find(c, ACK_P_container_cidr,
			"%s has room for %" PRIu64 " nodes of /%u each "
			"(node_cidr_mask); num_of_nodes is %s",
			pods.text, fit, mask, nodes);
}

static void security_groups(struct ack_check *c)
{
	if (ack_check_set(c, ACK_P_security_group_id) &&
		ack_check_true(c, ACK_P_is_enterprise_security_group))
		ack_check_find(c, ACK_P_is_enterprise_security_group,
			"is set together with security_group_id; keep one of "
			"the two");
}

static void public_endpoint(struct ack_check *c)
{
	const char *old = ack_check_set(c, ACK_P_public_slb);
	const char *new = ack_check_set(c, ACK_P_endpoint_public_access);

	if (old && new &&strcmp(old, new) != 0)
		ack_check_find(c, ACK_P_public_slb,
			"is %s although endpoint_public_access is %s; unset "
			"one of them",
			old, new);
}

const struct ack_rule ack_network_rules[] = {
	{"R2", "MissingParameter", false, vpc_pair},
	{"R3", "InvalidSnatEntry", false, auto_vpc_snat},
	{"R5", "InvalidNetworkPlugin", false, one_plugin},
	{"R6", "EmptyCIDR", false, flannel_networks},
	{"R7", "MissingPodVswitchIds", false, terway_vswitches},
	{"R9", "InvalidCIDR", false, disjoint_networks},
	{"R15", "InvalidParameter.Conflict", false, security_groups},
	{"endpoint", "InvalidParameter.Conflict", false, public_endpoint},
	{"R4", "IgnoredParameter", true, zones},
	{"R7", "IgnoredParameter", true, plugin_ignores},
	{"R10", "InvalidCIDR", true, nodes_fit},
	{NULL},
};
