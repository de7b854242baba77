/* SPDX-License-Identifier: MIT */
#include "sandbox/pool_rows.h"

#include <stddef.h>

#include "base/json.h"
#include "base/length.h"
#include "sandbox/checks.h"
#include "sandbox/documents.h"
#include "sandbox/objections.h"
#include "sandbox/pools.h"

/* clang-format off */
#define OBJECT(path)   { path, CHECK_OBJECT }
#define MAP(path)      { path, CHECK_MAP }
#define TEXT(path)     { path, CHECK_STRING }
#define FLAG(path)     { path, CHECK_BOOLEAN }
#define TEXTS(path)    { path, CHECK_STRINGS }
#define LIST(path)     { path, CHECK_LIST }
#define COUNT(path, least, most) \
	{ path, CHECK_INTEGER, false, least, most }
#define WORD(path, words) \
	{ path, CHECK_STRING, .choices = words }
#define GROUP(key)     "scaling_group." key
#define DISK(key)      GROUP("data_disks[].") key
#define CONFIG(key)    "kubernetes_config." key
#define MANAGE(key)    "management." key
#define SCALER(key)    "auto_scaling." key
#define DISK_TYPES     "cloud_efficiency|cloud_ssd|cloud_essd|cloud_auto|" \
			"cloud_essd_entry|cloud"
#define LEVELS         "PL0|PL1|PL2|PL3"

static const struct check rows[] = {
	{ "nodepool_info", CHECK_OBJECT, true },
	{ "nodepool_info.name", CHECK_STRING, true, .most = 63 },
	WORD("nodepool_info.type", "ess|edge|lingjun|hybrid"),
	TEXT("nodepool_info.resource_group_id"),
	{ "scaling_group", CHECK_OBJECT, true },
	{ GROUP("vswitch_ids"), CHECK_STRINGS, true, 1, 8 },
	{ GROUP("instance_types"), CHECK_STRINGS, true, 1, 100 },
	WORD(GROUP("instance_charge_type"), "PostPaid|PrePaid"),
	COUNT(GROUP("desired_size"), 0, POOL_NODES_MAX),
	COUNT(GROUP("period"), 1, 60),
	WORD(GROUP("period_unit"), "Week|Month"),
	FLAG(GROUP("auto_renew")),
	COUNT(GROUP("auto_renew_period"), 1, 12),
	TEXT(GROUP("key_pair")), TEXT(GROUP("login_password")),
	FLAG(GROUP("login_as_non_root")),
	WORD(GROUP("system_disk_category"), DISK_TYPES),
	TEXTS(GROUP("system_disk_categories")),
	COUNT(GROUP("system_disk_size"), 20, 2048),
	WORD(GROUP("system_disk_performance_level"), LEVELS),
	FLAG(GROUP("system_disk_encrypted")),
	TEXT(GROUP("system_disk_kms_key_id")),
	TEXT(GROUP("system_disk_encrypt_algorithm")),
	TEXT(GROUP("system_disk_snapshot_policy_id")),
	FLAG(GROUP("system_disk_bursting_enabled")),
	COUNT(GROUP("system_disk_provisioned_iops"), 0, 1000000),
	{ GROUP("data_disks"), CHECK_LIST, false, 0, 10 },
	WORD(DISK("category"), DISK_TYPES), COUNT(DISK("size"), 40, 32768),
	WORD(DISK("encrypted"), "true|false"), TEXT(DISK("kms_key_id")),
	WORD(DISK("performance_level"), LEVELS), TEXT(DISK("snapshot_id")),
	TEXT(DISK("auto_snapshot_policy_id")), TEXT(DISK("device")),
	TEXT(DISK("disk_name")), FLAG(DISK("bursting_enabled")),
	COUNT(DISK("provisioned_iops"), 0, 1000000),
	FLAG(DISK("auto_format")), TEXT(DISK("file_system")),
	TEXT(DISK("mount_target")),
	TEXT(GROUP("image_type")), TEXT(GROUP("image_id")),
	TEXT(GROUP("platform")), TEXT(GROUP("security_group_id")),
	TEXTS(GROUP("security_group_ids")),
	{ GROUP("tags"), CHECK_LIST, false, 0, 20 },
	{ GROUP("tags[].key"), CHECK_STRING, true, .most = 128 },
	{ GROUP("tags[].value"), CHECK_STRING, .most = 256 },
	WORD(GROUP("multi_az_policy"), "PRIORITY|COST_OPTIMIZED|BALANCE"),
	WORD(GROUP("scaling_policy"), "release|recycle"),
	TEXT(GROUP("spot_strategy")), LIST(GROUP("spot_price_limit")),
	TEXT(GROUP("spot_price_limit[].instance_type")),
	TEXT(GROUP("spot_price_limit[].price_limit")),
	COUNT(GROUP("spot_instance_pools"), 1, 10),
	FLAG(GROUP("spot_instance_remedy")),
	FLAG(GROUP("compensate_with_on_demand")),
	COUNT(GROUP("on_demand_base_capacity"), 0, POOL_NODES_MAX),
	COUNT(GROUP("on_demand_percentage_above_base_capacity"), 0, 100),
	TEXT(GROUP("internet_charge_type")),
	COUNT(GROUP("internet_max_bandwidth_out"), 1, 100),
	TEXTS(GROUP("rds_instances")), TEXT(GROUP("ram_role_name")),
	TEXT(GROUP("deploymentset_id")), MAP(GROUP("private_pool_options")),
	MAP(GROUP("resource_pool_options")),
	MAP(GROUP("instance_metadata_options")), MAP(GROUP("cpu_options")),
	{ GROUP("instance_patterns"), CHECK_MAPS },
	{ GROUP("disk_init"), CHECK_MAPS },
	FLAG(GROUP("cis_enabled")), FLAG(GROUP("soc_enabled")),
	FLAG(GROUP("security_hardening_os")),
	FLAG(GROUP("enable_high_density_mode")),
	{ "kubernetes_config", CHECK_OBJECT, true },
	{ CONFIG("runtime"), CHECK_STRING, true, .most = 63 },
	TEXT(CONFIG("runtime_version")),
	WORD(CONFIG("cpu_policy"), "none|static"),
	FLAG(CONFIG("cms_enabled")), FLAG(CONFIG("unschedulable")),
	LIST(CONFIG("labels")),
	{ CONFIG("labels[].key"), CHECK_STRING, true, .most = 317 },
	TEXT(CONFIG("labels[].value")),
	LIST(CONFIG("taints")),
	{ CONFIG("taints[].key"), CHECK_STRING, true, .most = 317 },
	TEXT(CONFIG("taints[].value")),
	WORD(CONFIG("taints[].effect"),
		"NoSchedule|NoExecute|PreferNoSchedule"),
	TEXT(CONFIG("user_data")), TEXT(CONFIG("pre_user_data")),
	TEXT(CONFIG("node_name_mode")),
	OBJECT("auto_scaling"),
	{ SCALER("enable"), CHECK_BOOLEAN, true },
	COUNT(SCALER("max_instances"), 0, POOL_NODES_MAX),
	COUNT(SCALER("min_instances"), 0, POOL_NODES_MAX),
	WORD(SCALER("type"), "cpu|gpu|gpushare|spot"),
	FLAG(SCALER("is_bond_eip")), TEXT(SCALER("eip_internet_charge_type")),
	COUNT(SCALER("eip_bandwidth"), 1, 500),
	OBJECT("management"),
	FLAG(MANAGE("enable")), FLAG(MANAGE("auto_repair")),
	FLAG(MANAGE("auto_upgrade")), FLAG(MANAGE("auto_vul_fix")),
	FLAG(MANAGE("auto_fault_diagnosis")), FLAG(MANAGE("drift_enabled")),
	MAP(MANAGE("auto_repair_policy")), MAP(MANAGE("auto_upgrade_policy")),
	MAP(MANAGE("auto_vul_fix_policy")), MAP(MANAGE("upgrade_config")),
	OBJECT("tee_config"), FLAG("tee_config.tee_enable"),
	OBJECT("auto_mode"), FLAG("auto_mode.enable"),
	MAP("node_config"), MAP("eflo_node_group"), MAP("interconnect_config"),
	TEXT("interconnect_mode"), FLAG("host_network"), FLAG("intranet"),
	COUNT("count", 0, POOL_NODES_MAX), COUNT("max_nodes", 0, 10000),
	FLAG("update_nodes"), FLAG("concurrency"),
	LIST("node_components"), TEXT("node_components[].name"),
	TEXT("node_components[].version"), MAP("node_components[].config"),
};
/* clang-format on */

static bool has_text(const struct ack_json *o, const char *key)
{
	const char *text = ack_json_get_string(o, key);

	return text && *text;
}

static void check_login(
	const struct ack_json *group, bool wanted, struct objections *f)
{
	bool key = has_text(group, "key_pair");
	bool password = has_text(group, "login_password");

	if (key && password)
		objection_add(f, FINDING_FORMAT,
			"scaling_group: Only one of key_pair and "
			"login_password can be given.");
	else if (wanted && !key && !password)
		objection_add(f, FINDING_MISSING,
			"scaling_group: Nodes need a key_pair or a "
			"login_password.");
}

static void check_scaler(const struct ack_json *scaler, struct objections *f)
{
	int64_t least = document_integer(scaler, "min_instances", 0);
	int64_t most = document_integer(scaler, "max_instances", least);

	if (least > most)
		objection_add(f, FINDING_FORMAT,
			"auto_scaling: min_instances is above max_instances.");
}

void pool_check_size(const struct ack_json *spec, const struct ack_json *sent,
	struct objections *f)
{
	const struct ack_json *size = ack_json_get(
		ack_json_get(sent, "scaling_group"), "desired_size");

	if (size && !ack_json_is_null(size) &&
		document_flag(ack_json_get(spec, "auto_scaling"), "enable"))
		objection_add(f, "InvalidDesiredSizeOrCount.NotNull",
			"Parameter desired_size/count setting or modification "
			"is not supported for autoscaling-enabled nodepool");
}

void pool_check(const struct ack_json *spec, const struct ack_json *change,
	struct objections *f)
{
	const struct ack_json *sent = change ? change : spec;
	const struct ack_json *group = ack_json_get(sent, "scaling_group");

	check_document(sent, rows, LENGTH(rows), change != NULL, f);
	check_login(group, !change && pool_desired(spec) > 0, f);
	check_scaler(ack_json_get(spec, "auto_scaling"), f);
	/* what a new pool begins with is taken, and then left to the scaler */
	if (change)
		pool_check_size(spec, change, f);
}
