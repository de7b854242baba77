/* SPDX-License-Identifier: MIT */
/* DescribeKubernetesVersionMetadata (SERVICE.md, Versions). */
#include <string.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/choices.h"
#include "sandbox/documents.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/releases.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

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

	for (size_t i = 0; list && i < sizeof(images) / sizeof(*images); i++) {
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
	const char *words, struct findings *f)
{
	const char *text = target_query(&x->target, name);

	if (text && *text && !word_is_among(text, words))
		finding_add(f, FINDING_FORMAT, "%s: It must be one of %s.",
			name, words);
}

static bool check(struct exchange *x, const char *version, bool upgrades)
{
	static const char *const needed[] = {"Region", "ClusterType"};
	struct findings f = {NULL};

	for (size_t i = 0; i < 2; i++) {
		const char *text = target_query(&x->target, needed[i]);

		if (!text || !*text)
			finding_add(&f, FINDING_MISSING, "%s: It is missing.",
				needed[i]);
	}
	check_word(x, "ClusterType",
		"Kubernetes|ManagedKubernetes|Ask|"
		"ExternalKubernetes",
		&f);
	check_word(x, "Profile", "Default|Edge|Serverless|Lingjun", &f);
	check_word(x, "Mode", "supported|creatable", &f);
	if (upgrades && (!version || !*version))
		finding_add(&f, FINDING_MISSING,
			"KubernetesVersion: QueryUpgradableVersion needs it.");
	return findings_none(&f, x);
}

void call_list_versions(struct sandbox *s, struct exchange *x)
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
		!check(x, version, upgrades))
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
