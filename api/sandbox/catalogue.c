/* SPDX-License-Identifier: MIT */
/* DescribeUserQuota (SERVICE.md, Quota). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/length.h"
#include "sandbox/checks.h"
#include "sandbox/choices.h"
#include "sandbox/clock.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/releases.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

/* clang-format off */
static const struct quota {
	const char *key, *code;
	int64_t value;
	const char *unit;
} quotas[] = {
	{ "amk_cluster_quota", "q_amk_clusters", 10000, "clusters" },
	{ "ask_cluster_quota", "q_ask_clusters", 100, "clusters" },
	{ "cluster_quota", "q_clusters", 10000, "clusters" },
	{ "node_quota", "q_nodes", 1000, "nodes" },
	{ "cluster_nodepool_quota", "q_nodepools", 100, "nodepools" },
};
/* clang-format on */

static struct ack_json *quota_json(const struct quota *q, int *rc)
{
	struct ack_json *o = ack_json_object();
	char digits[24];

	if (!o)
		return NULL;
	snprintf(digits, sizeof(digits), "%" PRId64, q->value);
	*rc |= ack_json_add_string(o, "quota", digits);
	*rc |= ack_json_add_string(o, "operation_code", q->code);
	*rc |= document_add_boolean(o, "adjustable", true);
	*rc |= ack_json_add_string(o, "unit", q->unit);
	return o;
}

void call_DescribeUserQuota(struct sandbox *s, struct exchange *x)
{
	struct ack_json *root = ack_json_object(), *all = ack_json_object();
	int rc = 0;

	(void)s;
	for (size_t i = 0; root && all && i < LENGTH(quotas); i++) {
		rc |= document_add_number(root, quotas[i].key, quotas[i].value);
		rc |= ack_json_add(
			all, quotas[i].code, quota_json(&quotas[i], &rc));
	}
	rc |= ack_json_add(root, "quotas", all);
	answer_json(x, 200, root, rc);
}

/* clang-format off */
static const struct region {
	const char *id, *name;
} regions[] = {
	{ "cn-qingdao", "Qingdao" },
	{ "cn-beijing", "Beijing" },
	{ "cn-zhangjiakou", "Zhangjiakou" },
	{ "cn-huhehaote", "Hohhot" },
	{ "cn-wulanchabu", "Ulanqab" },
	{ "cn-hangzhou", "Hangzhou" },
	{ "cn-shanghai", "Shanghai" },
	{ "cn-nanjing", "Nanjing" },
	{ "cn-fuzhou", "Fuzhou" },
	{ "cn-shenzhen", "Shenzhen" },
	{ "cn-heyuan", "Heyuan" },
	{ "cn-guangzhou", "Guangzhou" },
	{ "cn-chengdu", "Chengdu" },
	{ "cn-wuhan-lr", "Wuhan" },
	{ "cn-zhengzhou-jva", "Zhengzhou" },
	{ "cn-hongkong", "Hong Kong" },
	{ "ap-southeast-1", "Singapore" },
	{ "ap-southeast-3", "Kuala Lumpur" },
	{ "ap-southeast-5", "Jakarta" },
	{ "ap-southeast-7", "Bangkok" },
	{ "ap-northeast-1", "Tokyo" },
	{ "ap-northeast-2", "Seoul" },
	{ "eu-central-1", "Frankfurt" },
	{ "eu-west-1", "London" },
	{ "us-west-1", "Silicon Valley" },
	{ "us-east-1", "Virginia" },
	{ "us-southeast-1", "Atlanta" },
	{ "na-south-1", "Mexico" },
	{ "me-east-1", "Dubai" },
	{ "me-central-1", "Riyadh" },
};
/* clang-format on */

void call_list_regions(struct sandbox *s, struct exchange *x)
{
	struct ack_json *root = ack_json_object(), *list = ack_json_array();
	int rc = 0;

	(void)s;
	for (size_t i = 0; list && i < LENGTH(regions); i++) {
		struct ack_json *o = ack_json_object();

		if (o) {
			rc |= ack_json_add_string(o, "regionId", regions[i].id);
			rc |= ack_json_add_string(
				o, "localName", regions[i].name);
		}
		rc |= ack_json_add(list, NULL, o);
	}
	if (root) {
		rc |= ack_json_add(root, "regions", list);
		rc |= ack_json_add_string(root, "requestId", x->request_id);
	} else {
		ack_json_free(list);
	}
	answer_json(x, 200, root, rc);
}

/* clang-format off */
static const struct check rows[] = {
	{ "roles", CHECK_LIST, true, 1, 50 },
	{ "roles[].name", CHECK_STRING, true, .most = 64 },
};
/* clang-format on */

static struct ack_json *role_json(
	const char *name, const struct fault *missing, int *rc)
{
	struct ack_json *o = ack_json_object();

	if (!o)
		return NULL;
	*rc |= ack_json_add_string(o, "name", name);
	*rc |= document_add_boolean(o, "granted", !missing);
	*rc |= ack_json_add_string(
		o, "message", missing ? missing->message : "");
	return o;
}

void call_CheckServiceRole(struct sandbox *s, struct exchange *x)
{
	struct ack_json *body = lookup_body(x), *root, *list;
	const struct ack_json *n;
	struct objections f = {NULL};
	int rc = 0;

	if (!body)
		return;
	check_document(body, rows, LENGTH(rows), false, &f);
	if (objections_none(&f, x)) {
		root = ack_json_object();
		list = ack_json_array();
		for (n = ack_json_first(ack_json_get(body, "roles")); list && n;
			n = ack_json_next(n)) {
			const char *name = ack_json_get_string(n, "name");

			rc |= ack_json_add(list, NULL,
				role_json(name,
					faults_take_role(&s->faults, name, x),
					&rc));
		}
		if (root)
			rc |= ack_json_add(root, "roles", list);
		else
			ack_json_free(list);
		answer_json(x, 200, root, rc);
	}
	ack_json_free(body);
}

/* clang-format off */
static const struct image {
	const char *id, *name, *type, *os_version, *architecture;
} images[] = {
	{ "aliyun_3_x64_20G_alibase.vhd", "Alibaba Cloud Linux 3.2104 LTS",
		"AliyunLinux3", "3", "x86_64" },
	{ "aliyun_3_arm64_20G_alibase.vhd",
		"Alibaba Cloud Linux 3.2104 LTS, ARM", "AliyunLinux3Arm64",
		"3", "arm64" },
	{ "lifsea_3_x64_10G_containerd.vhd", "ContainerOS 3.5",
		"ContainerOS", "3", "x86_64" },
};
/* clang-format on */

static struct ack_json *images_json(int *rc)
{
	struct ack_json *list = ack_json_array();

	for (size_t i = 0; list && i < LENGTH(images); i++) {
		struct ack_json *o = ack_json_object();

		if (o) {
			*rc |= ack_json_add_string(o, "image_id", images[i].id);
			*rc |= ack_json_add_string(
				o, "image_name", images[i].name);
			*rc |= ack_json_add_string(
				o, "image_type", images[i].type);
			*rc |= ack_json_add_string(
				o, "image_category", "system");
			*rc |= ack_json_add_string(o, "os_type", "Linux");
			*rc |= ack_json_add_string(
				o, "os_version", images[i].os_version);
			*rc |= ack_json_add_string(
				o, "platform", images[i].type);
			*rc |= ack_json_add_string(
				o, "architecture", images[i].architecture);
		}
		*rc |= ack_json_add(list, NULL, o);
	}
	return list;
}

static struct ack_json *runtimes_json(const struct version *v, int *rc)
{
	struct ack_json *list = ack_json_array();

	for (size_t i = 0; list && v->runtimes[i]; i++) {
		struct ack_json *o = ack_json_object();

		if (o) {
			*rc |= ack_json_add_string(o, "name", "containerd");
			*rc |= ack_json_add_string(
				o, "version", v->runtimes[i]);
		}
		*rc |= ack_json_add(list, NULL, o);
	}
	return list;
}

static struct ack_json *upgrades_json(const char *name, int *rc)
{
	struct ack_json *list = ack_json_array();

	for (size_t i = nversions; list && i-- > 0;)
		if (version_is_offered(name, &versions[i]))
			*rc |= ack_json_add_string(
				list, NULL, versions[i].name);
	return list;
}

static struct ack_json *version_json(
	const struct version *v, bool upgrades, int *rc)
{
	struct ack_json *o = ack_json_object();

	if (!o)
		return NULL;
	*rc |= ack_json_add_string(o, "version", v->name);
	*rc |= document_add_boolean(o, "creatable", v->creatable);
	*rc |= ack_json_add_string(o, "release_date", v->released);
	*rc |= ack_json_add_string(o, "expiration_date", v->expires);
	*rc |= ack_json_add(o, "upgradable_versions",
		upgrades ? upgrades_json(v->name, rc) : ack_json_array());
	*rc |= ack_json_add(o, "runtimes", runtimes_json(v, rc));
	*rc |= ack_json_add(o, "images", images_json(rc));
	*rc |= ack_json_add(o, "capabilities", ack_json_object());
	*rc |= ack_json_add(o, "meta_data", ack_json_object());
	return o;
}

static void check_word(const struct exchange *x, const char *name,
	const char *words, struct objections *f)
{
	const char *text = target_query(&x->target, name);

	if (text && *text && !choice_is_among(text, words))
		objection_add(f, FINDING_FORMAT, "%s: It must be one of %s.",
			name, words);
}

static bool check_versions(
	struct exchange *x, const char *version, bool upgrades)
{
	static const char *const needed[] = {"Region", "ClusterType"};
	struct objections f = {NULL};

	for (size_t i = 0; i < 2; i++) {
		const char *text = target_query(&x->target, needed[i]);

		if (!text || !*text)
			objection_add(&f, FINDING_MISSING, "%s: It is missing.",
				needed[i]);
	}
	check_word(x, "ClusterType",
		"Kubernetes|ManagedKubernetes|Ask|"
		"ExternalKubernetes",
		&f);
	check_word(x, "Profile", "Default|Edge|Serverless|Lingjun", &f);
	check_word(x, "Mode", "supported|creatable", &f);
	if (upgrades && (!version || !*version))
		objection_add(&f, FINDING_MISSING,
			"KubernetesVersion: QueryUpgradableVersion needs it.");
	return objections_none(&f, x);
}

void call_DescribeKubernetesVersionMetadata(
	struct sandbox *s, struct exchange *x)
{
	const char *version = target_query(&x->target, "KubernetesVersion");
	const char *mode = target_query(&x->target, "Mode");
	const char *runtime = target_query(&x->target, "runtime");
	bool all = mode && strcmp(mode, "supported") == 0;
	struct ack_json *list;
	bool upgrades;
	int rc = 0;

	(void)s;
	if (!lookup_query_flag(x, "QueryUpgradableVersion", &upgrades) ||
		!check_versions(x, version, upgrades))
		return;
	list = ack_json_array();
	for (size_t i = nversions; list && i-- > 0;) {
		const struct version *v = &versions[i];
		bool named = version && *version;

		if (named ? strcmp(version, v->name) != 0
			  : !v->creatable && !all)
			continue;
		if (!runtime || !*runtime || strcmp(runtime, "containerd") == 0)
			rc |= ack_json_add(
				list, NULL, version_json(v, upgrades, &rc));
	}
	answer_json(x, 200, list, rc);
}
