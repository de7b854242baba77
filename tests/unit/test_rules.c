/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "params/params.h"
#include "params/rules.h"
#include "params/values.h"

struct change {
	unsigned row;
	const char *text; /* "": unset */
};

/* A cluster with which nothing is wrong. */
static const struct change good[] = {
	{ACK_P_name, "test"},
	{ACK_P_region_id, "cn-beijing"},
	{ACK_P_num_of_nodes, "3"},
	{ACK_P_vpcid, "vpc-a"},
	{ACK_P_vswitch_ids, "vsw-a"},
	{ACK_P_snat_entry, "true"},
	{ACK_P_container_cidr, "172.20.0.0/16"},
	{ACK_P_service_cidr, "172.21.0.0/20"},
	{ACK_P_addons, "flannel"},
	{ACK_P_worker_instance_types, "ecs.g7.xlarge"},
	{ACK_P_worker_system_disk_category, "cloud_essd"},
	{ACK_P_worker_system_disk_size, "120"},
	{ACK_P_key_pair, "my-key"},
};

#define CHANGES 8
#define TERWAY  "terway-eniip {\"PodVswitchId\":{\"cn-beijing-a\":[\"vsw-b\"]}}"
#define AUTO_VPC                      \
	{ACK_P_vpcid, ""},            \
	{                             \
		ACK_P_vswitch_ids, "" \
	}
#define AUTO_NETWORKS                         \
	AUTO_VPC, {ACK_P_container_cidr, ""}, \
	{                                     \
		ACK_P_service_cidr, ""        \
	}
#define PREPAID                                         \
	{ACK_P_worker_instance_charge_type, "PrePaid"}, \
		{ACK_P_worker_period, "1"},             \
	{                                               \
		ACK_P_worker_period_unit, "Month"       \
	}
#define SURVIVE                                                              \
	"warning PrePaidNodes worker_instance_charge_type: nodes paid in "   \
	"advance survive the deletion of the cluster and are billed to the " \
	"end of their period\n"

#define ENDPOINTS                                                     \
	"{\"load_balancers_config\":[{\"endpoint_type\":\"private\"," \
	"\"load_balancer_id\":\"nlb-1\"}]}"
#define POOL(group, version)                                                \
	"{\"nodepool_info\":{\"name\":\"web\"},\"scaling_group\":{"         \
	"\"vswitch_ids\":[\"vsw-a\"],\"instance_types\":[\"ecs.g7.large\"]" \
	"," group "},\"kubernetes_config\":{\"runtime\":\"containerd\","    \
	"\"runtime_version\":" version "}}"

static const struct {
	struct change changes[CHANGES];
	const char *findings;
	enum ack_form form; /* classic unless said */
} cases[] = {
	{{{0}}, ""},

	/* required */
	{{{ACK_P_name, ""}}, "MissingParameter name: is required\n"},
	{{{ACK_P_num_of_nodes, ""}},
		"MissingParameter num_of_nodes: is required\n"},
	{{{ACK_P_snat_entry, ""}},
		"MissingParameter snat_entry: is required; usual is false\n"},
	{{{ACK_P_snat_entry, ""}, {ACK_P_runtime, "containerd 1.6.38"}},
		"warning MissingParameter snat_entry: is not set, so the "
		"service takes false\n",
		ACK_NODEPOOLS},
	{{{ACK_P_worker_instance_types, ""},
		 {ACK_P_worker_system_disk_size, ""}},
		"MissingParameter worker_instance_types: is required unless "
		"num_of_nodes is 0\n"
		"MissingParameter worker_system_disk_size: is required unless "
		"num_of_nodes is 0; usual is 120\n"},
	{{{ACK_P_worker_system_disk_size, ""},
		 {ACK_P_runtime, "containerd 1.6.38"}},
		"warning MissingParameter worker_system_disk_size: is not set, "
		"so the service takes 120\n",
		ACK_NODEPOOLS},
	{{{ACK_P_vswitch_ids, "vsw-a\nvsw-b\nvsw-c\nvsw-d"}},
		"warning UnusualCount vswitch_ids: has 4 items; the service "
		"took at most 3 in former years, and may refuse more\n"},
	{{{ACK_P_worker_instance_types, "g7.xlarge"}},
		"warning InvalidInstanceType worker_instance_types: "
		"\"g7.xlarge\" has not the form of an instance type, such as "
		"ecs.g7.xlarge\n"},
	{{{ACK_P_platform, "CentOS"}, {ACK_P_image_type, "AliyunLinux3"},
		 {ACK_P_runtime, "containerd 1.6.38"}},
		"warning IgnoredParameter platform: is CentOS, but image_type "
		"is AliyunLinux3, which is sent instead\n",
		ACK_NODEPOOLS},
	{{{ACK_P_platform, "CentOS"}, {ACK_P_image_type, "AliyunLinux3"}}, ""},
	{{{ACK_P_num_of_nodes, "0"}, {ACK_P_worker_instance_types, ""},
		 {ACK_P_worker_system_disk_size, ""},
		 {ACK_P_worker_system_disk_category, ""}, {ACK_P_key_pair, ""}},
		""},

	/* R1 */
	{{{ACK_P_key_pair, ""}},
		"MissingParameter login_password: nodes need either this or "
		"key_pair\n"},
	{{{ACK_P_key_pair, ""}, {ACK_P_login_password, "aB345678"}}, ""},
	{{{ACK_P_login_password, "aB345678"}},
		"InvalidParameter.Conflict login_password: is set together "
		"with key_pair; keep one of the two\n"},

	/* R2, R3 */
	{{{ACK_P_vpcid, ""}},
		"MissingParameter vpcid: is required because vswitch_ids is "
		"set; unset both to have a VPC made\n"},
	{{{ACK_P_vswitch_ids, ""}},
		"MissingParameter vswitch_ids: is required because vpcid is "
		"set; unset both to have a VPC made\n"},
	{{AUTO_VPC}, ""},
	{{AUTO_NETWORKS}, ""},
	{{{ACK_P_snat_entry, "false"}}, ""},
	{{AUTO_VPC, {ACK_P_snat_entry, "false"}},
		"InvalidSnatEntry snat_entry: has to be true because the VPC "
		"is made along with the cluster\n"},

	/* R4 */
	{{{ACK_P_zone_ids, "cn-beijing-a"}},
		"warning IgnoredParameter zone_ids: is ignored because vpcid "
		"and vswitch_ids are set\n"},
	{{AUTO_VPC, {ACK_P_zone_ids, "cn-beijing-a"},
		 {ACK_P_num_of_nodes, "0"}},
		"", ACK_NODEPOOLS},
	{{AUTO_VPC, {ACK_P_num_of_nodes, "0"}},
		"warning IgnoredParameter zone_ids: should say in which zones "
		"the VPC and its vSwitches are made\n",
		ACK_NODEPOOLS},

	/* R5 */
	{{{ACK_P_addons, ""}},
		"InvalidNetworkPlugin addons: a network plugin is missing: "
		"flannel or terway-eniip\n"},
	{{{ACK_P_addons, "csi-plugin\n-flannel"}},
		"InvalidNetworkPlugin addons: a network plugin is missing: "
		"flannel or terway-eniip\n"},
	{{{ACK_P_addons, "flannel\n" TERWAY},
		 {ACK_P_security_group_id, "sg-a"}},
		"InvalidNetworkPlugin addons: there are two network plugins; "
		"keep either flannel or Terway\n"},

	/* R6 */
	{{{ACK_P_container_cidr, ""}},
		"EmptyCIDR container_cidr: is required with flannel in a VPC "
		"of your own\n"},
	{{{ACK_P_service_cidr, ""}},
		"EmptyCIDR service_cidr: is required with flannel in a VPC of "
		"your own\n"},

	/* R7 */
	{{{ACK_P_addons, TERWAY}, {ACK_P_container_cidr, ""},
		 {ACK_P_is_enterprise_security_group, "true"}},
		""},
	{{{ACK_P_addons, TERWAY}, {ACK_P_container_cidr, ""},
		 {ACK_P_service_cidr, ""}, {ACK_P_security_group_id, "sg-a"}},
		""},
	{{{ACK_P_addons, "terway-eniip"}, {ACK_P_container_cidr, ""},
		 {ACK_P_security_group_id, "sg-a"}},
		"MissingPodVswitchIds addons: Terway needs the vSwitches of "
		"the pods: terway-eniip "
		"{\"PodVswitchId\":{\"zone\":[\"vsw-...\"]}}\n"},
	{{{ACK_P_addons, "terway-eni {\"PodVswitchId\":{\"a\":[]}}"},
		 {ACK_P_container_cidr, ""}, {ACK_P_security_group_id, "sg-a"}},
		"MissingPodVswitchIds addons: Terway needs the vSwitches of "
		"the pods: terway-eniip "
		"{\"PodVswitchId\":{\"zone\":[\"vsw-...\"]}}\n"},
	{{{ACK_P_addons, TERWAY}, {ACK_P_node_cidr_mask, "25"}},
		"warning IgnoredParameter container_cidr: is not used with "
		"Terway\n"
		"warning IgnoredParameter node_cidr_mask: is not used with "
		"Terway\n"},

	{{{ACK_P_addons, "terway-eniip"}, {ACK_P_container_cidr, ""},
		 {ACK_P_pod_vswitch_ids, "vsw-b"},
		 {ACK_P_security_group_id, "sg-a"}},
		""},
	{{{ACK_P_pod_vswitch_ids, "vsw-b"}},
		"warning IgnoredParameter pod_vswitch_ids: is used with "
		"Terway only\n"},

	/* R9 */
	{{{ACK_P_service_cidr, "172.20.240.0/20"}},
		"InvalidCIDR service_cidr: 172.20.240.0/20 overlaps "
		"container_cidr, which is 172.20.0.0/16\n"},
	{{{ACK_P_container_cidr, "172.16.0.0/12"}},
		"InvalidCIDR service_cidr: 172.21.0.0/20 overlaps "
		"container_cidr, which is 172.16.0.0/12\n"},
	{{AUTO_VPC, {ACK_P_container_cidr, "192.168.128.0/17"}},
		"InvalidCIDR container_cidr: 192.168.128.0/17 overlaps the "
		"VPC that is made, which is 192.168.0.0/16\n"},
	{{AUTO_VPC, {ACK_P_service_cidr, "192.168.0.0/24"}},
		"InvalidCIDR service_cidr: 192.168.0.0/24 overlaps the VPC "
		"that is made, which is 192.168.0.0/16\n"},
	{{AUTO_VPC, {ACK_P_container_cidr, "172.19.0.0/16"},
		 {ACK_P_service_cidr, ""}},
		"InvalidCIDR container_cidr: 172.19.0.0/16 overlaps "
		"service_cidr, which is 172.19.0.0/20\n"},
	{{AUTO_VPC, {ACK_P_container_cidr, ""},
		 {ACK_P_service_cidr, "172.16.128.0/20"}},
		"InvalidCIDR service_cidr: 172.16.128.0/20 overlaps "
		"container_cidr, which is 172.16.0.0/16\n"},
	/* a VPC of their own: its range is not known here */
	{{{ACK_P_container_cidr, "192.168.0.0/16"}}, ""},

	/* R10 */
	{{{ACK_P_container_cidr, "172.20.0.0/20"}, {ACK_P_node_cidr_mask, "24"},
		 {ACK_P_num_of_nodes, "16"}},
		""},
	{{{ACK_P_container_cidr, "172.20.0.0/20"}, {ACK_P_node_cidr_mask, "24"},
		 {ACK_P_num_of_nodes, "17"}},
		"warning InvalidCIDR container_cidr: 172.20.0.0/20 has room "
		"for 16 nodes of /24 each (node_cidr_mask); num_of_nodes is "
		"17\n"},
	{{{ACK_P_container_cidr, "172.20.0.0/28"}, {ACK_P_num_of_nodes, "1"}},
		"warning InvalidCIDR container_cidr: 172.20.0.0/28 has room "
		"for 0 nodes of /25 each (node_cidr_mask); num_of_nodes is "
		"1\n"},

	/* R11, R12 */
	{{PREPAID, {ACK_P_worker_auto_renew_period, "1"}}, SURVIVE},
	{{PREPAID, {ACK_P_worker_auto_renew, "false"}}, SURVIVE},
	{{PREPAID},
		"MissingParameter worker_auto_renew_period: is required with "
		"PrePaid unless worker_auto_renew is false\n" SURVIVE},
	{{{ACK_P_worker_instance_charge_type, "PrePaid"},
		 {ACK_P_worker_auto_renew, "false"}},
		"MissingParameter worker_period: is required when "
		"worker_instance_charge_type is PrePaid\n"
		"MissingParameter worker_period_unit: is required when "
		"worker_instance_charge_type is PrePaid\n" SURVIVE},
	{{PREPAID, {ACK_P_worker_auto_renew, "false"},
		 {ACK_P_worker_auto_renew_period, "1"}},
		"warning IgnoredParameter worker_auto_renew_period: is "
		"ignored because worker_auto_renew is false\n" SURVIVE},
	{{{ACK_P_worker_period, "1"}},
		"warning IgnoredParameter worker_period: is ignored unless "
		"worker_instance_charge_type is PrePaid\n"},

	/* R13 */
	{{{ACK_P_cpu_policy, "static"}}, ""},
	{{{ACK_P_cpu_policy, "static"},
		 {ACK_P_kubernetes_version, "1.12.6-aliyun.1"}},
		""},
	{{{ACK_P_cpu_policy, "static"}, {ACK_P_kubernetes_version, "1.32.0"}},
		""},
	{{{ACK_P_cpu_policy, "static"},
		 {ACK_P_kubernetes_version, "1.12.5-aliyun.1"}},
		"InvalidCpuPolicy cpu_policy: needs Kubernetes 1.12.6 or "
		"later; kubernetes_version is 1.12.5-aliyun.1\n"},

	/* R14 */
	{{{ACK_P_worker_data_disks, "cloud 40"}}, ""},
	{{{ACK_P_worker_data_disk, "false"}}, ""},
	{{{ACK_P_worker_data_disk, "false"},
		 {ACK_P_worker_data_disks, "cloud 40"}},
		"InvalidParameter.Conflict worker_data_disk: is false "
		"although worker_data_disks describes data disks; unset one "
		"of them\n"},
	{{{ACK_P_worker_data_disk, "true"}},
		"warning MissingParameter worker_data_disk: is true, but "
		"worker_data_disks describes no disk\n"},

	/* R15 */
	{{{ACK_P_security_group_id, "sg-a"},
		 {ACK_P_is_enterprise_security_group, "false"}},
		""},
	{{{ACK_P_security_group_id, "sg-a"},
		 {ACK_P_is_enterprise_security_group, "true"}},
		"InvalidParameter.Conflict is_enterprise_security_group: is "
		"set together with security_group_id; keep one of the two\n"},

	/* R16 */
	{{{ACK_P_runtime, "docker"},
		 {ACK_P_kubernetes_version, "1.22.15-aliyun.1"}},
		""},
	{{{ACK_P_runtime, "docker 19.03.5"},
		 {ACK_P_kubernetes_version, "1.24.6-aliyun.1"}},
		"InvalidRuntime runtime: docker goes up to Kubernetes 1.22; "
		"kubernetes_version is 1.24.6-aliyun.1\n"},

	/* R17, and what wins over what */
	{{{ACK_P_cluster_spec, "ack.pro.small"},
		 {ACK_P_encryption_provider_key, "k"},
		 {ACK_P_maintenance_window, "{\"enable\":true}"}},
		""},
	{{{ACK_P_encryption_provider_key, "k"},
		 {ACK_P_maintenance_window, "{\"enable\":true}"}},
		"warning IgnoredParameter encryption_provider_key: works in "
		"Pro clusters only; cluster_spec is ack.standard\n"
		"warning IgnoredParameter maintenance_window: works in Pro "
		"clusters only; cluster_spec is ack.standard\n"},
	{{{ACK_P_endpoint_public_access, "false"},
		 {ACK_P_load_balancer_id, "lb-1"},
		 {ACK_P_control_plane_endpoints_config, ENDPOINTS}},
		"warning IgnoredParameter endpoint_public_access: is ignored "
		"because control_plane_endpoints_config names load "
		"balancers\n"
		"warning IgnoredParameter load_balancer_id: is ignored "
		"because control_plane_endpoints_config names load "
		"balancers\n"},
	{{{ACK_P_endpoint_public_access, "false"},
		 {ACK_P_control_plane_endpoints_config,
			 "{\"load_balancers_config\":[]}"}},
		""},
	{{{ACK_P_controlplane_log_ttl, "30"}},
		"warning IgnoredParameter controlplane_log_ttl: is ignored "
		"unless controlplane_log_components names some\n"},
	{{{ACK_P_controlplane_log_ttl, "30"},
		 {ACK_P_controlplane_log_components, "apiserver"}},
		""},

	/* what a node pool has to say */
	{{{0}},
		"warning MissingParameter runtime: does not say the version, "
		"so "
		"the service takes one that goes with kubernetes_version\n",
		ACK_NODEPOOLS},
	{{{ACK_P_runtime, "containerd"}},
		"warning MissingParameter runtime: does not say the version, "
		"so "
		"the service takes one that goes with kubernetes_version\n",
		ACK_NODEPOOLS},
	{{{ACK_P_runtime, "containerd 1.6.38"}}, "", ACK_NODEPOOLS},
	{{{ACK_P_num_of_nodes, "0"}}, "", ACK_NODEPOOLS},
	{{{ACK_P_runtime, "containerd 1.6.38"}, {ACK_P_timeout_mins, "60"}},
		"warning IgnoredParameter timeout_mins: is not sent in this "
		"form of the request; schema/timeout_mins says in which it "
		"is\n",
		ACK_NODEPOOLS},
	{{{ACK_P_extra_nodepools, POOL("\"desired_size\":0", "\"1\"")}},
		"warning IgnoredParameter extra_nodepools: is not sent in this "
		"form of the request; schema/extra_nodepools says in which it "
		"is\n"},
	{{{ACK_P_num_of_nodes, "0"},
		 {ACK_P_extra_nodepools, POOL("\"desired_size\":0", "\"1\"")}},
		"", ACK_NODEPOOLS},
	{{{ACK_P_num_of_nodes, "0"},
		 {ACK_P_extra_nodepools, POOL("\"period\":1", "null") "\n{}"}},
		"InvalidNodepool extra_nodepools: web: login_password: nodes "
		"need "
		"either this or key_pair\n"
		"InvalidNodepool extra_nodepools: a pool without name: name: "
		"is "
		"required\n"
		"InvalidNodepool extra_nodepools: a pool without name: "
		"vswitch_ids: "
		"is required\n"
		"InvalidNodepool extra_nodepools: a pool without name: "
		"instance_types: is required\n"
		"InvalidNodepool extra_nodepools: a pool without name: "
		"login_password: nodes need either this or key_pair\n"
		"warning InvalidNodepool extra_nodepools: web: "
		"runtime_version: is not set, so the service takes the newest "
		"that goes with the cluster\n"
		"warning InvalidNodepool extra_nodepools: web: period: is "
		"ignored "
		"unless instance_charge_type is PrePaid\n"
		"warning InvalidNodepool extra_nodepools: a pool without name: "
		"runtime_version: is not set, so the service takes the newest "
		"that goes with the cluster\n",
		ACK_NODEPOOLS},

	/* what has expired, and words of the future */
	{{{ACK_P_public_slb, "true"}},
		"warning DeprecatedParameter public_slb: has expired; see "
		"schema/public_slb for what replaces it\n"},
	{{{ACK_P_public_slb, "true"}, {ACK_P_endpoint_public_access, "false"}},
		"InvalidParameter.Conflict public_slb: is true although "
		"endpoint_public_access is false; unset one of them\n"
		"warning DeprecatedParameter public_slb: has expired; see "
		"schema/public_slb for what replaces it\n"},
	{{{ACK_P_cluster_type, "Kubernetes"}},
		"warning UnknownWord cluster_type: \"Kubernetes\" is not a "
		"word known here, such as ManagedKubernetes; it is sent as it "
		"stands\n"},
	{{{ACK_P_disable_rollback, "true"}},
		"warning DeprecatedParameter disable_rollback: has no effect "
		"any more: the service never rolls back\n"},
	{{{ACK_P_disable_rollback, "false"}},
		"warning DeprecatedParameter disable_rollback: the service "
		"does not roll back any more: after a failure what was made "
		"stays, and costs money\n"},
};

static void put(void *arg, const struct ack_finding *f)
{
	ack_buf_printf(arg, "%s%s %s: %s\n", f->warning ? "warning " : "",
		f->code, f->param, f->text);
}

static void apply(struct ack_values *v, const struct change *c, size_t n)
{
	for (size_t i = 0; i < n && c[i].text; i++)
		assert_int_equal(ack_values_set(v, c[i].row, c[i].text,
					 strlen(c[i].text), 1),
			0);
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct ack_values v = ACK_VALUES_INIT;
		struct ack_buf out = ACK_BUF_INIT(65536);

		apply(&v, good, LENGTH(good));
		apply(&v, cases[i].changes, CHANGES);
		ack_rules_check(
			&ack_cluster_table, &v, cases[i].form, put, &out);
		if (strcmp(ack_buf_text(&out), cases[i].findings) != 0)
			fail_msg("case %zu: found\n%snot\n%s", i,
				ack_buf_text(&out), cases[i].findings);
		ack_buf_release(&out);
		ack_values_release(&v);
	}
}

/* Of a new directory `check` tells everything that is missing. */
static void test_nothing_set(void **state)
{
	static const char *const missing[] = {"name", "region_id",
		"num_of_nodes", "snat_entry", "worker_instance_types",
		"worker_system_disk_category", "worker_system_disk_size",
		"login_password", "addons"};
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_buf out = ACK_BUF_INIT(65536);
	size_t lines = 0;

	(void)state;
	ack_rules_check(&ack_cluster_table, &v, ACK_CLASSIC, put, &out);
	for (size_t i = 0; i < LENGTH(missing); i++) {
		char start[64];

		snprintf(start, sizeof(start), " %s: ", missing[i]);
		if (!strstr(ack_buf_text(&out), start))
			fail_msg("%s is not among\n%s", missing[i],
				ack_buf_text(&out));
	}
	for (size_t i = 0; i < out.len; i++)
		lines += out.data[i] == '\n';
	assert_int_equal(lines, LENGTH(missing));
	ack_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_nothing_set),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
