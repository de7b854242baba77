/* SPDX-License-Identifier: MIT */
/* ListAddons (SERVICE.md, Addons). */
#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/clock.h"
#include "sandbox/documents.h"
#include "sandbox/objections.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

#define SCHEMA(members) "{\"type\":\"object\",\"properties\":{" members "}}"
#define STRING(name)    "\"" name "\":{\"type\":\"string\"}"

/* clang-format off */
static const struct addon {
	const char *name, *version, *category, *schema;
	bool by_default, managed;
} addons[] = {
	{ "flannel", "v0.15.1.23-aliyun", "network", SCHEMA(""), false,
		false },
	{ "terway-eniip", "v1.14.3", "network",
		SCHEMA(STRING("PodVswitchId") "," STRING("IPVlan") ","
			STRING("NetworkPolicy")), false, false },
	{ "coredns", "v1.11.3.5-aliyun", "network", SCHEMA(""), true,
		false },
	{ "csi-plugin", "v1.33.1", "storage", SCHEMA(""), true, false },
	{ "csi-provisioner", "v1.33.1", "storage", SCHEMA(""), true, true },
	{ "loongcollector", "v3.1.1", "monitor",
		SCHEMA(STRING("sls_project_name")), false, false },
	{ "nginx-ingress-controller", "v1.12.1-aliyun.1", "network",
		SCHEMA(STRING("IngressSlbNetworkType") ","
			STRING("IngressSlbSpec")), false, false },
	{ "ack-node-problem-detector", "1.2.26", "monitor",
		SCHEMA(STRING("sls_project_name")), true, false },
	{ "arms-prometheus", "1.1.33", "monitor", SCHEMA(""), false, true },
	{ "metrics-server", "v0.3.9.10", "core", SCHEMA(""), true, false },
};
/* clang-format on */

static struct ack_json *words(const char *const *list, int *rc)
{
	struct ack_json *array = ack_json_array();

	for (; array && *list; list++)
		*rc |= ack_json_add_string(array, NULL, *list);
	return array;
}

static struct ack_json *addon_json(const struct addon *a, int *rc)
{
	static const char *const architectures[] = {"amd64", "arm64", NULL};
	static const char *const actions[] = {
		"Install", "Upgrade", "Modify", "UnInstall", NULL};
	struct ack_json *o = ack_json_object();

	if (!o)
		return NULL;
	*rc |= ack_json_add_string(o, "name", a->name);
	*rc |= ack_json_add_string(o, "version", a->version);
	*rc |= ack_json_add_string(o, "category", a->category);
	*rc |= ack_json_add_string(o, "config_schema", a->schema);
	*rc |= document_add_boolean(o, "install_by_default", a->by_default);
	*rc |= document_add_boolean(o, "managed", a->managed);
	*rc |= ack_json_add(o, "architecture", words(architectures, rc));
	*rc |= ack_json_add(o, "supported_actions", words(actions, rc));
	return o;
}

/* A cluster, or all of what describes one. */
static bool check(struct sandbox *s, struct exchange *x)
{
	static const char *const needed[] = {"region_id", "cluster_type",
		"profile", "cluster_spec", "cluster_version"};
	const char *id = target_query(&x->target, "cluster_id");
	struct findings f = {NULL};

	if (id && *id) {
		if (clusters_find(&s->clusters, id, clock_ms()))
			return true;
		answer_service(x, 404, "ErrorClusterNotFound",
			"There is no cluster of this ID.", NULL);
		return false;
	}
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		const char *text = target_query(&x->target, needed[i]);

		if (!text || !*text)
			finding_add(&f, FINDING_MISSING,
				"%s: It is missing, and so is cluster_id.",
				needed[i]);
	}
	return findings_none(&f, x);
}

void call_list_addons(struct sandbox *s, struct exchange *x)
{
	struct ack_json *root, *list;
	int rc = 0;

	if (!check(s, x))
		return;
	root = ack_json_object();
	list = ack_json_array();
	for (size_t i = 0; list && i < sizeof(addons) / sizeof(*addons); i++)
		rc |= ack_json_add(list, NULL, addon_json(&addons[i], &rc));
	if (root)
		rc |= ack_json_add(root, "addons", list);
	else
		ack_json_free(list);
	answer_json(x, 200, root, rc);
}
