/* SPDX-License-Identifier: MIT */
/*
 * The addons that there are, and those of a cluster (SERVICE.md, Addons): what
 * its request named and what comes by itself, until a call changes it.
 */
#include "sandbox/addon_calls.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/length.h"
#include "params/addons.h"
#include "params/params.h"
#include "sandbox/begun.h"
#include "sandbox/checks.h"
#include "sandbox/clock.h"
#include "sandbox/clusters.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

#define SCHEMA(members) "{\"type\":\"object\",\"properties\":{" members "}}"
#define STRING(name)    "\"" name "\":{\"type\":\"string\"}"

/* clang-format off */
static const struct addon {
	const char *name, *version, *category, *schema;
	bool by_default, managed;
	const char *older; /* that clusters have which are simply there */
} addons[] = {
	{ "flannel", "v0.15.1.23-aliyun", "network", SCHEMA(""), false,
		false },
	{ "terway-eniip", "v1.14.3", "network",
		SCHEMA(STRING("PodVswitchId") "," STRING("IPVlan") ","
			STRING("NetworkPolicy")), false, false },
	{ "coredns", "v1.11.3.5-aliyun", "network", SCHEMA(""), true,
		false, "v1.9.3.10-aliyun" },
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
	struct objections f = {NULL};

	if (id && *id) {
		if (clusters_find(&s->clusters, id, clock_ms()))
			return true;
		answer_service(x, 404, "ErrorClusterNotFound",
			"There is no cluster of this ID.", NULL);
		return false;
	}
	for (size_t i = 0; i < LENGTH(needed); i++) {
		const char *text = target_query(&x->target, needed[i]);

		if (!text || !*text)
			objection_add(&f, FINDING_MISSING,
				"%s: It is missing, and so is cluster_id.",
				needed[i]);
	}
	return objections_none(&f, x);
}

void call_ListAddons(struct sandbox *s, struct exchange *x)
{
	struct ack_json *root, *list;
	int rc = 0;

	if (!check(s, x))
		return;
	root = ack_json_object();
	list = ack_json_array();
	for (size_t i = 0; list && i < LENGTH(addons); i++)
		rc |= ack_json_add(list, NULL, addon_json(&addons[i], &rc));
	if (root)
		rc |= ack_json_add(root, "addons", list);
	else
		ack_json_free(list);
	answer_json(x, 200, root, rc);
}

static const struct addon *known(const char *name)
{
	for (size_t i = 0; i < LENGTH(addons); i++)
		if (strcmp(addons[i].name, name) == 0)
			return &addons[i];
	return NULL;
}

static void copy(char *out, size_t size, struct ack_span text)
{
	snprintf(out, size, "%.*s", (int)text.len, text.len ? text.text : "");
}

static int add(struct ack_json *list, const char *name, const char *version,
	const char *config)
{
	struct ack_json *o = ack_json_object();
	int rc = ack_json_add_string(o, "name", name);

	rc |= ack_json_add_string(o, "version", version);
	rc |= ack_json_add_string(o, "config", config);
	return rc | ack_json_add(list, NULL, o);
}

static struct ack_json *find(const struct ack_json *list, const char *name)
{
	struct ack_json *n = ack_json_first(list);

	while (n && strcmp(ack_json_get_string(n, "name"), name) != 0)
		n = ack_json_next(n);
	return n;
}

/* What the request of a cluster asked for, and what comes by itself. */
static struct ack_json *first(const struct cluster *k)
{
	const char *lines = cluster_value(k, ACK_P_addons);
	struct ack_span rest = ack_span_of(lines);
	struct ack_json *list = ack_json_array();
	struct ack_addon a;
	int rc = list ? 0 : -1;

	while (rest.len > 0 && rc == 0) {
		char name[64], version[64], config[4096];

		if (!ack_addon_split(ack_span_cut(&rest, "\n"), &a) || a.off)
			continue;
		copy(name, sizeof(name), a.name);
		copy(version, sizeof(version), a.version);
		copy(config, sizeof(config), a.config);
		if (!*version && known(name))
			copy(version, sizeof(version),
				ack_span_of(known(name)->version));
		rc = add(list, name, version, config);
	}
	for (size_t i = 0; i < LENGTH(addons) && rc == 0; i++)
		if (addons[i].by_default && !find(list, addons[i].name) &&
			!(lines && strstr(lines, addons[i].name)))
			rc = add(list, addons[i].name,
				!lines && addons[i].older ? addons[i].older
							  : addons[i].version,
				"");
	if (rc == 0)
		return list;
	ack_json_free(list);
	return NULL;
}

#define INSTALLED "installed_addons"

/* A copy of the list that the caller frees; NULL: no memory. */
static struct ack_json *installed(const struct cluster *k)
{
	const struct ack_json *list = ack_json_get(k->settings, INSTALLED);

	return list ? document_copy(list) : first(k);
}

static struct ack_json *instance(const struct ack_json *n, bool whole, int *rc)
{
	static const char *const keys[] = {"name", "version", "config"};
	struct ack_json *o = ack_json_object();

	for (size_t i = 0; o && i < (whole ? 3 : 2); i++)
		*rc |= ack_json_add_string(
			o, keys[i], ack_json_get_string(n, keys[i]));
	*rc |= o ? ack_json_add_string(o, "state", "active") : -1;
	return o;
}

void call_ListClusterAddonInstances(struct sandbox *s, struct exchange *x)
{
	const struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct ack_json *root, *list, *all;
	int rc = 0;

	if (!k)
		return;
	all = installed(k);
	root = ack_json_object();
	list = ack_json_array();
	for (const struct ack_json *n = ack_json_first(all); list && n;
		n = ack_json_next(n))
		rc |= ack_json_add(list, NULL, instance(n, false, &rc));
	rc |= all ? ack_json_add(root, "addons", list) : -1;
	ack_json_free(all);
	answer_json(x, 200, root, rc);
}

static void refuse(struct exchange *x, int status, const char *code,
	const char *name, const char *why)
{
	char message[192];

	snprintf(message, sizeof(message), "addon %.63s %s.", name, why);
	answer_service(x, status, code, message, NULL);
}

void call_GetClusterAddonInstance(struct sandbox *s, struct exchange *x)
{
	const struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct ack_json *all = k ? installed(k) : NULL, *n;
	int rc = 0;

	if (!k)
		return;
	n = all ? find(all, x->args[1]) : NULL;
	if (n) {
		struct ack_json *root = instance(n, true, &rc);

		answer_json(x, 200, root, rc);
	} else {
		refuse(x, 404, "AddonNotFound", x->args[1], "is not installed");
	}
	ack_json_free(all);
}

/* One kind of call: what names the addon, and whether it must be there. */
struct change {
	const char *key;
	bool there;
	enum task_word task;
};

static const struct change changes[] = {
	{"name", false, TASK_ADDON_INSTALL},
	{"component_name", true, TASK_ADDON_UPGRADE},
	{"name", true, TASK_ADDON_UNINSTALL},
};

static bool check_one(struct exchange *x, const struct ack_json *all,
	const struct change *c, const struct ack_json *n)
{
	const char *name = ack_json_get_string(n, c->key);
	const char *version = ack_json_get_string(
		n, c->task == TASK_ADDON_UPGRADE ? "next_version" : "version");
	const struct addon *a = name ? known(name) : NULL;

	if (!name)
		answer_service(x, 400, "MissingParameter",
			"The name of an addon is missing.", NULL);
	else if (!a)
		refuse(x, 404, "AddonNotFound", name, "does not exist");
	else if (!find(all, name) == c->there)
		refuse(x, 400,
			c->there ? "AddonNotInstalled"
				 : "AddonAlreadyInstalled",
			name,
			c->there ? "is not installed" : "is installed already");
	else if (c->task != TASK_ADDON_UNINSTALL &&
		 (!version || strcmp(version, a->version) != 0))
		refuse(x, 400, "InvalidParameter.Version", name,
			version ? "has no such version" : "needs a version");
	else
		return true;
	return false;
}

static void change(
	struct sandbox *s, struct exchange *x, const struct change *c)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct ack_json *body = k ? lookup_body(x) : NULL;
	struct ack_json *all = body ? installed(k) : NULL;
	const struct ack_json *n = ack_json_first(body);
	struct task *t;

	if (all && (!ack_json_is_array(body) || !n)) {
		answer_service(x, 400, "InvalidParameter.Format",
			"The body must be a list of addons.", NULL);
	} else if (all && lookup_is_in(x, k, "running|scaling|updating")) {
		while (n && check_one(x, all, c, n))
			n = ack_json_next(n);
		if (!n && (t = task_begin(s, x, k, c->task, NULL))) {
			t->parameters = ack_json_object();
			if (ack_json_add(t->parameters, "addons",
				    document_copy(body)) == 0)
				answer_begun(s, x, k, t);
			else
				answer_broken(x);
		}
	}
	ack_json_free(all);
	ack_json_free(body);
}

void call_InstallClusterAddons(struct sandbox *s, struct exchange *x)
{
	change(s, x, &changes[0]);
}

void call_UpgradeClusterAddons(struct sandbox *s, struct exchange *x)
{
	change(s, x, &changes[1]);
}

void call_UnInstallClusterAddons(struct sandbox *s, struct exchange *x)
{
	change(s, x, &changes[2]);
}

/* Of one list and a change another one. */
static int apply(
	struct ack_json **all, const struct ack_json *n, enum task_word task)
{
	const char *name = ack_json_get_string(
		n, task == TASK_ADDON_UPGRADE ? "component_name" : "name");
	struct ack_json *is = find(*all, name), *list;
	const char *version = ack_json_get_string(
		n, task == TASK_ADDON_UPGRADE ? "next_version" : "version");
	const char *config = ack_json_get_string(n, "config");
	int rc = 0;

	list = ack_json_array();
	for (const struct ack_json *m = ack_json_first(*all); m;
		m = ack_json_next(m))
		if (m != is)
			rc |= ack_json_add(list, NULL, document_copy(m));
	if (!version)
		version = is ? ack_json_get_string(is, "version") : "";
	if (!config)
		config = is ? ack_json_get_string(is, "config") : "";
	if (task != TASK_ADDON_UNINSTALL)
		rc |= add(list, name, version, config);
	ack_json_free(*all);
	*all = list;
	return rc;
}

int addon_calls_finish(struct cluster *k, const struct task *t)
{
	struct ack_json *all = installed(k);
	const struct ack_json *n = ack_json_first(
		ack_json_get(t->parameters, "addons"));
	int rc = all ? 0 : -1;

	for (; n && rc == 0; n = ack_json_next(n))
		rc = apply(&all, n, (enum task_word)(t->kind - task_kinds));
	if (rc == 0)
		return cluster_set(k, INSTALLED, all);
	ack_json_free(all);
	return -1;
}

void call_ModifyClusterAddon(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct ack_json *body = k ? lookup_body(x) : NULL;
	struct ack_json *all = body ? installed(k) : NULL;
	const char *config = ack_json_get_string(body, "config");
	int rc;

	if (all && !config) {
		answer_service(x, 400, "MissingParameter",
			"config: It is missing.", NULL);
	} else if (all && !find(all, x->args[1])) {
		refuse(x, 400, "AddonNotInstalled", x->args[1],
			"is not installed");
	} else if (all) {
		struct ack_json *n = ack_json_object();

		rc = ack_json_add_string(n, "name", x->args[1]);
		rc |= ack_json_add_string(n, "config", config);
		rc |= apply(&all, n, TASK_ADDON_INSTALL);
		ack_json_free(n);
		rc |= cluster_set(k, INSTALLED, all);
		all = NULL;
		if (rc != 0)
			answer_broken(x);
		else if (keep_cluster(s, x, k))
			answer_nothing(x);
	}
	ack_json_free(all);
	ack_json_free(body);
}
