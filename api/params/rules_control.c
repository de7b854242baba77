/* SPDX-License-Identifier: MIT */
/* The rules about the control plane of a cluster. */
#include <string.h>

#include "base/json.h"
#include "params/rules.h"

/* What only Pro clusters do (SERVICE.md, Rules: R17). */
static void pro_only(struct ack_check *c)
{
	static const enum ack_cluster_param rows[] = {
		ACK_P_encryption_provider_key, ACK_P_maintenance_window};
	const char *spec = ack_check_get(c, ACK_P_cluster_spec);

	for (size_t i = 0; !strcmp(spec, "ack.standard") && i < 2; i++) {
		if (ack_check_set(c, rows[i]))
			ack_check_find(c, rows[i],
				"works in Pro clusters only; cluster_spec is "
				"%s",
				spec);
	}
}

static bool has_load_balancers(struct ack_check *c)
{
	const char *text = ack_check_set(
		c, ACK_P_control_plane_endpoints_config);
	size_t where;
	struct ack_json *root =
		text ? ack_json_parse(text, strlen(text), &where) : NULL;
	bool has = ack_json_first(ack_json_get(root, "load_balancers_config"));

	c->failed |= text && !root && where == ACK_JSON_NO_MEMORY;
	ack_json_free(root);
	return has;
}

static void endpoints_win(struct ack_check *c)
{
	static const enum ack_cluster_param rows[] = {
		ACK_P_endpoint_public_access, ACK_P_public_slb,
		ACK_P_load_balancer_id};
	bool has = has_load_balancers(c);

	for (size_t i = 0; has && i < 3; i++) {
		if (ack_check_set(c, rows[i]))
			ack_check_find(c, rows[i],
				"is ignored because "
				"control_plane_endpoints_config names load "
				"balancers");
	}
}

static void log_target(struct ack_check *c)
{
	static const enum ack_cluster_param rows[] = {
		ACK_P_controlplane_log_project, ACK_P_controlplane_log_ttl};

	for (size_t i = 0; i < 2; i++) {
		if (ack_check_set(c, rows[i]) &&
			!ack_check_set(c, ACK_P_controlplane_log_components))
			ack_check_find(c, rows[i],
				"is ignored unless controlplane_log_components "
				"names some");
	}
}

const struct ack_rule ack_control_rules[] = {
	{"R17", "IgnoredParameter", true, pro_only},
	{"endpoint", "IgnoredParameter", true, endpoints_win},
	{"logs", "IgnoredParameter", true, log_target},
	{NULL},
};
