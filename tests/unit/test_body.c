/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "params/body.h"
#include "params/values.h"

struct pair {
	unsigned row;
	const char *text;
};

#define PAIRS    30
#define ALWAYS   "{\"cluster_type\":\"ManagedKubernetes\""
#define POOL_END "\"nodepool_info\":{\"name\":\"default-nodepool\"}}]}"

static const struct {
	struct pair values[PAIRS];
	const char *classic, *nodepools;
} bodies[] = {
	{{{0}}, ALWAYS "}", ALWAYS "}"},
	/* the sample of the classic request */
	{{{ACK_P_name, "test"}, {ACK_P_disable_rollback, "true"},
		 {ACK_P_timeout_mins, "60"},
		 {ACK_P_kubernetes_version, "1.12.6-aliyun.1"},
		 {ACK_P_region_id, "cn-beijing"}, {ACK_P_snat_entry, "true"},
		 {ACK_P_cloud_monitor_flags, "false"},
		 {ACK_P_endpoint_public_access, "false"},
		 {ACK_P_node_cidr_mask, "25"}, {ACK_P_proxy_mode, "ipvs"},
		 {ACK_P_addons,
			 "flannel\n"
			 "aliyun-log-controller {\"sls_project_name\":\"k\"}\n"
			 "nginx-ingress-controller "
			 "{\"IngressSlbNetworkType\":\"internet\"}"},
		 {ACK_P_worker_instance_types, "ecs.hfc5.xlarge"},
		 {ACK_P_num_of_nodes, "3"},
		 {ACK_P_worker_system_disk_category, "cloud_efficiency"},
		 {ACK_P_worker_system_disk_size, "120"},
		 {ACK_P_worker_instance_charge_type, "PostPaid"},
		 {ACK_P_vpcid, "vpc-2zegvl5etah5requ09nec"},
		 {ACK_P_container_cidr, "172.20.0.0/16"},
		 {ACK_P_service_cidr, "172.21.0.0/20"},
		 {ACK_P_vswitch_ids, "vsw-2ze48rkq464rsdts1abcd"},
		 {ACK_P_worker_data_disks, "cloud_ssd 500"},
		 {ACK_P_login_password, "test@19ABCD"},
		 {ACK_P_taints, "special=true:NoSchedule"}},
		"{\"name\":\"test\","
		"\"cluster_type\":\"ManagedKubernetes\","
		"\"region_id\":\"cn-beijing\","
		"\"kubernetes_version\":\"1.12.6-aliyun.1\","
		"\"addons\":[{\"name\":\"flannel\"},"
		"{\"name\":\"aliyun-log-controller\","
		"\"config\":\"{\\\"sls_project_name\\\":\\\"k\\\"}\"},"
		"{\"name\":\"nginx-ingress-controller\",\"config\":"
		"\"{\\\"IngressSlbNetworkType\\\":\\\"internet\\\"}\"}],"
		"\"timeout_mins\":60,\"disable_rollback\":true,"
		"\"vpcid\":\"vpc-2zegvl5etah5requ09nec\","
		"\"vswitch_ids\":[\"vsw-2ze48rkq464rsdts1abcd\"],"
		"\"snat_entry\":true,"
		"\"container_cidr\":\"172.20.0.0/16\","
		"\"service_cidr\":\"172.21.0.0/20\","
		"\"node_cidr_mask\":\"25\",\"proxy_mode\":\"ipvs\","
		"\"endpoint_public_access\":false,\"num_of_nodes\":3,"
		"\"worker_instance_types\":[\"ecs.hfc5.xlarge\"],"
		"\"login_password\":\"test@19ABCD\","
		"\"worker_system_disk_category\":\"cloud_efficiency\","
		"\"worker_system_disk_size\":120,"
		"\"worker_data_disks\":[{\"category\":\"cloud_ssd\","
		"\"size\":500}],"
		"\"worker_instance_charge_type\":\"PostPaid\","
		"\"taints\":[{\"key\":\"special\",\"value\":\"true\","
		"\"effect\":\"NoSchedule\"}],\"cloud_monitor_flags\":false}",
		"{\"name\":\"test\","
		"\"cluster_type\":\"ManagedKubernetes\","
		"\"region_id\":\"cn-beijing\","
		"\"kubernetes_version\":\"1.12.6-aliyun.1\","
		"\"addons\":[{\"name\":\"flannel\"},"
		"{\"name\":\"aliyun-log-controller\","
		"\"config\":\"{\\\"sls_project_name\\\":\\\"k\\\"}\"},"
		"{\"name\":\"nginx-ingress-controller\",\"config\":"
		"\"{\\\"IngressSlbNetworkType\\\":\\\"internet\\\"}\"}],"
		"\"vpcid\":\"vpc-2zegvl5etah5requ09nec\","
		"\"vswitch_ids\":[\"vsw-2ze48rkq464rsdts1abcd\"],"
		"\"nodepools\":[{\"scaling_group\":{"
		"\"vswitch_ids\":[\"vsw-2ze48rkq464rsdts1abcd\"],"
		"\"desired_size\":3,"
		"\"instance_types\":[\"ecs.hfc5.xlarge\"],"
		"\"login_password\":\"test@19ABCD\","
		"\"system_disk_category\":\"cloud_efficiency\","
		"\"system_disk_size\":120,"
		"\"data_disks\":[{\"category\":\"cloud_ssd\",\"size\":500}],"
		"\"instance_charge_type\":\"PostPaid\"},"
		"\"kubernetes_config\":{\"taints\":[{\"key\":\"special\","
		"\"value\":\"true\",\"effect\":\"NoSchedule\"}],"
		"\"cms_enabled\":false},"
		"\"nodepool_info\":{\"name\":\"default-nodepool\"}}],"
		"\"snat_entry\":true,"
		"\"container_cidr\":\"172.20.0.0/16\","
		"\"service_cidr\":\"172.21.0.0/20\","
		"\"node_cidr_mask\":\"25\",\"proxy_mode\":\"ipvs\","
		"\"endpoint_public_access\":false}"},
	/* no nodes, so no pool */
	{{{ACK_P_num_of_nodes, "0"}, {ACK_P_key_pair, "my-key"},
		 {ACK_P_vpcid, "vpc-a"}, {ACK_P_vswitch_ids, "vsw-a\nvsw-b"}},
		ALWAYS ",\"vpcid\":\"vpc-a\","
		       "\"vswitch_ids\":[\"vsw-a\",\"vsw-b\"],"
		       "\"num_of_nodes\":0,\"key_pair\":\"my-key\"}",
		ALWAYS ",\"vpcid\":\"vpc-a\","
		       "\"vswitch_ids\":[\"vsw-a\",\"vsw-b\"],"
		       "\"nodepools\":[]}"},
	/* the earlier name gives way to the later */
	{{{ACK_P_public_slb, "false"}},
		ALWAYS ",\"endpoint_public_access\":false}",
		ALWAYS ",\"endpoint_public_access\":false}"},
	{{{ACK_P_public_slb, "false"}, {ACK_P_endpoint_public_access, "true"}},
		ALWAYS ",\"endpoint_public_access\":true}",
		ALWAYS ",\"endpoint_public_access\":true}"},
	/* one disk more */
	{{{ACK_P_worker_data_disk, "true"},
		 {ACK_P_worker_data_disks, "cloud_ssd 500"},
		 {ACK_P_worker_data_disk_category, "cloud"},
		 {ACK_P_worker_data_disk_size, "100"}},
		ALWAYS ",\"worker_data_disk\":true,"
		       "\"worker_data_disks\":["
		       "{\"category\":\"cloud_ssd\",\"size\":500},"
		       "{\"category\":\"cloud\",\"size\":100}]}",
		ALWAYS ",\"nodepools\":[{\"scaling_group\":{\"data_disks\":["
		       "{\"category\":\"cloud_ssd\",\"size\":500},"
		       "{\"category\":\"cloud\",\"size\":100}],"
		       "\"instance_charge_type\":\"PostPaid\"}," POOL_END},
	{{{ACK_P_worker_data_disk_size, "100"}},
		ALWAYS ",\"worker_data_disks\":["
		       "{\"category\":\"cloud_efficiency\",\"size\":100}]}",
		ALWAYS ",\"nodepools\":[{\"scaling_group\":{\"data_disks\":["
		       "{\"category\":\"cloud_efficiency\",\"size\":100}],"
		       "\"instance_charge_type\":\"PostPaid\"}," POOL_END},
	/* one object, two strings */
	{{{ACK_P_runtime, "containerd 1.6.38"},
		 {ACK_P_worker_instance_charge_type, "PrePaid"},
		 {ACK_P_platform, "AliyunLinux3"}, {ACK_P_os_type, "Linux"}},
		ALWAYS ",\"worker_instance_charge_type\":\"PrePaid\","
		       "\"platform\":\"AliyunLinux3\",\"os_type\":\"Linux\","
		       "\"runtime\":{\"name\":\"containerd\","
		       "\"version\":\"1.6.38\"}}",
		ALWAYS ",\"nodepools\":[{\"scaling_group\":{"
		       "\"instance_charge_type\":\"PrePaid\","
		       "\"image_type\":\"AliyunLinux3\"},"
		       "\"kubernetes_config\":{\"runtime\":\"containerd\","
		       "\"runtime_version\":\"1.6.38\"}," POOL_END},
	{{{ACK_P_runtime, "docker"}},
		ALWAYS ",\"runtime\":{\"name\":\"docker\"}}",
		ALWAYS
		",\"nodepools\":[{\"scaling_group\":{"
		"\"instance_charge_type\":\"PostPaid\"},"
		"\"kubernetes_config\":{\"runtime\":\"docker\"}," POOL_END},
	{{{ACK_P_is_enterprise_security_group, "true"}, {ACK_P_tags, "a=b"},
		 {ACK_P_worker_period, "12"}},
		ALWAYS ",\"tags\":[{\"key\":\"a\",\"value\":\"b\"}],"
		       "\"is_enterprise_security_group\":true,"
		       "\"worker_period\":12}",
		ALWAYS ",\"tags\":[{\"key\":\"a\",\"value\":\"b\"}],"
		       "\"is_enterprise_security_group\":true,"
		       "\"nodepools\":[{\"scaling_group\":{"
		       "\"instance_charge_type\":\"PostPaid\","
		       "\"period\":12}," POOL_END},
};

static void set_all(struct ack_values *v, const struct pair *pairs)
{
	for (size_t i = 0; i < PAIRS && pairs[i].text; i++)
		assert_int_equal(ack_values_set(v, pairs[i].row, pairs[i].text,
					 strlen(pairs[i].text), 1),
			0);
}

static void build(
	const struct ack_values *v, enum ack_form form, struct ack_buf *out)
{
	assert_int_equal(
		ack_body_build(&ack_cluster_table, v, form, true, false, out),
		0);
}

static int parse(
	const char *text, size_t len, struct ack_values *v, struct ack_error *e)
{
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	int ret = ack_body_parse(&ack_cluster_table, copy, len, 7, v, e);
	free(copy);
	return ret;
}

static void test_build(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(bodies); i++) {
		struct ack_values v = ACK_VALUES_INIT;
		struct ack_buf out = ACK_BUF_INIT(1u << 20);

		set_all(&v, bodies[i].values);
		build(&v, ACK_CLASSIC, &out);
		assert_string_equal(ack_buf_text(&out), bodies[i].classic);
		ack_buf_clear(&out);
		build(&v, ACK_NODEPOOLS, &out);
		assert_string_equal(ack_buf_text(&out), bodies[i].nodepools);
		ack_buf_release(&out);
		ack_values_release(&v);
	}
}

/* What was read makes the same body again, in one line or many. */
static void check_again(const struct ack_values *v, enum ack_form form)
{
	struct ack_values again = ACK_VALUES_INIT;
	struct ack_buf first = ACK_BUF_INIT(1u << 20);
	struct ack_buf second = ACK_BUF_INIT(1u << 20);
	struct ack_error e;

	build(v, form, &first);
	for (int pretty = 0; pretty < 2; pretty++) {
		ack_buf_clear(&second);
		assert_int_equal(ack_body_build(&ack_cluster_table, v, form,
					 true, pretty, &second),
			0);
		if (parse(second.data, second.len, &again, &e))
			fail_msg("%s\n%s %s\n%s", second.data, e.param,
				e.message, e.more);
		ack_buf_clear(&second);
		build(&again, form, &second);
		assert_string_equal(
			ack_buf_text(&second), ack_buf_text(&first));
	}
	ack_buf_release(&first);
	ack_buf_release(&second);
	ack_values_release(&again);
}

/* Rows of which the body says another's name, or what is in force anyway. */
static bool is_translated(unsigned row)
{
	return ack_cluster_table.rows[row].flags & ACK_DEPRECATED ||
	       row == ACK_P_worker_data_disks ||
	       row == ACK_P_endpoint_public_access || row == ACK_P_platform ||
	       row == ACK_P_image_type || row == ACK_P_cluster_type ||
	       row == ACK_P_worker_instance_charge_type;
}

static void check_same(const struct ack_values *v, enum ack_form form)
{
	struct ack_values again = ACK_VALUES_INIT;
	struct ack_buf out = ACK_BUF_INIT(1u << 20);
	struct ack_error e;

	build(v, form, &out);
	assert_int_equal(parse(out.data, out.len, &again, &e), 0);
	const char *nodes = ack_values_get(v, ACK_P_num_of_nodes, NULL);
	for (unsigned row = 0; row < ACK_P_COUNT; row++) {
		const struct ack_param *p = &ack_cluster_table.rows[row];
		const char *old = ack_values_get(v, row, NULL);
		const char *new = ack_values_get(&again, row, NULL);

		if (is_translated(row) || !p->place[form])
			continue;
		if (row != ACK_P_num_of_nodes && row != ACK_P_vswitch_ids &&
			form == ACK_NODEPOOLS && nodes && *nodes == '0' &&
			strstr(p->place[form], "nodepools[0]"))
			continue;
		if (!old != !new || (old && strcmp(old, new) != 0))
			fail_msg("%s: \"%s\" came back as \"%s\" in\n%s",
				p->name, old ? old : "", new ? new : "",
				out.data);
		if (new)
			assert_int_equal(ack_values_time(&again, row), 7);
	}
	ack_buf_release(&out);
	ack_values_release(&again);
}

static void test_round_trip(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(bodies); i++) {
		struct ack_values v = ACK_VALUES_INIT;

		set_all(&v, bodies[i].values);
		for (int form = 0; form <= ACK_NODEPOOLS; form++) {
			check_again(&v, (enum ack_form)form);
			check_same(&v, (enum ack_form)form);
		}
		ack_values_release(&v);
	}
}

/* A pool that says its name and what has to be said. */
#define BARE(name)                                                       \
	"{\"nodepool_info\":{\"name\":\"" name "\"},\"scaling_group\":{" \
	"\"instance_charge_type\":\"PostPaid\"},\"kubernetes_config\":{" \
	"\"runtime\":\"containerd\"}}"

static const struct pair pool[] = {
	{ACK_P_name, "测试-1"},
	{ACK_P_cluster_type, "Kubernetes"},
	{ACK_P_region_id, "cn-hangzhou"},
	{ACK_P_kubernetes_version, "1.32.1-aliyun.1"},
	{ACK_P_deletion_protection, "true"},
	{ACK_P_addons, "-arms\nterway-eniip@1 {\"a\":{\"b\":[1,\"\\\"\"]}}"},
	{ACK_P_tags, "a=\n{\"key\":\"b=c\",\"value\":\"d\"}"},
	{ACK_P_timeout_mins, "90"},
	{ACK_P_disable_rollback, "false"},
	{ACK_P_vpcid, "vpc-1"},
	{ACK_P_vswitch_ids, "vsw-1\nvsw-2\nvsw-3"},
	{ACK_P_snat_entry, "false"},
	{ACK_P_container_cidr, "10.0.0.0/8"},
	{ACK_P_service_cidr, "192.168.0.0/24"},
	{ACK_P_node_cidr_mask, "28"},
	{ACK_P_proxy_mode, "iptables"},
	{ACK_P_endpoint_public_access, "true"},
	{ACK_P_public_slb, "false"},
	{ACK_P_security_group_id, "sg-1"},
	{ACK_P_is_enterprise_security_group, "false"},
	{ACK_P_num_of_nodes, "100"},
	{ACK_P_num_of_nodes, "0"},
	{ACK_P_worker_instance_types, "ecs.a\necs.b"},
	{ACK_P_key_pair, "a \"key\" \\ 钥"},
	{ACK_P_login_password, "aB3 \"\\{}[]"},
	{ACK_P_worker_system_disk_category, "cloud_essd"},
	{ACK_P_worker_system_disk_size, "500"},
	{ACK_P_worker_data_disk, "false"},
	{ACK_P_worker_data_disks, "cloud 40\ncloud 40"},
	{ACK_P_worker_data_disk_category, "cloud_ssd"},
	{ACK_P_worker_data_disk_size, "32768"},
	{ACK_P_worker_instance_charge_type, "PrePaid"},
	{ACK_P_worker_period, "60"},
	{ACK_P_worker_period_unit, "Month"},
	{ACK_P_worker_auto_renew, "true"},
	{ACK_P_worker_auto_renew_period, "3"},
	{ACK_P_platform, "Something-New"},
	{ACK_P_os_type, "Windows"},
	{ACK_P_runtime, "docker"},
	{ACK_P_runtime, "Sandboxed-Container.runv 2.2"},
	{ACK_P_cpu_policy, "static"},
	{ACK_P_taints, "a:NoExecute\nb=c:NoSchedule"},
	{ACK_P_cloud_monitor_flags, "true"},
	{ACK_P_profile, "Edge"},
	{ACK_P_cluster_spec, "ack.pro.small"},
	{ACK_P_resource_group_id, "rg-1"},
	{ACK_P_timezone, "Asia/Shanghai"},
	{ACK_P_zone_ids, "cn-hangzhou-a\ncn-hangzhou-b"},
	{ACK_P_ip_stack, "dual"},
	{ACK_P_cluster_domain, "example.com"},
	{ACK_P_service_account_issuer, "https://a"},
	{ACK_P_api_audiences, "a,b"},
	{ACK_P_extra_sans, "*.example.com\n10.0.0.1\nfd00::1"},
	{ACK_P_user_ca, "-----BEGIN CERTIFICATE-----\nTQ==\n"
			"-----END CERTIFICATE-----"},
	{ACK_P_encryption_provider_key, "k"},
	{ACK_P_load_balancer_id, "lb-1"},
	{ACK_P_control_plane_endpoints_config,
		"{\"internal_dns_config\":{\"bind_vpcs\":[\"vpc-1\"]}}"},
	{ACK_P_controlplane_log_components, "kcm\nnew-one"},
	{ACK_P_controlplane_log_project, "logs"},
	{ACK_P_controlplane_log_ttl, "3650"},
	{ACK_P_audit_log_config, "{\"enabled\":false}"},
	{ACK_P_maintenance_window, "{\"enable\":true,\"duration\":\"3h\"}"},
	{ACK_P_operation_policy, "{}"},
	{ACK_P_rrsa_config, "true"},
	{ACK_P_auto_mode, "false"},
	{ACK_P_user_data, "TQ=="},
	{ACK_P_node_name_mode, "customized,a,5,b"},
	{ACK_P_pod_vswitch_ids, "vsw-9"},
	{ACK_P_image_type, "ContainerOS"},
	{ACK_P_extra_nodepools, BARE("web")},
	{ACK_P_extra_nodepools, BARE("web") "\n" BARE("db")},
};

/* Thousands of sets of values, the same ones in every run. */
static void test_many_round_trips(void **state)
{
	uint32_t seed = 12345;

	(void)state;
	for (int n = 0; n < 2000; n++) {
		struct ack_values v = ACK_VALUES_INIT;

		for (size_t i = 0; i < LENGTH(pool); i++) {
			seed = seed * 1664525 + 1013904223;
			if (seed >> 31)
				ack_values_set(&v, pool[i].row, pool[i].text,
					strlen(pool[i].text), 1);
		}
		for (int form = 0; form <= ACK_NODEPOOLS; form++) {
			check_again(&v, (enum ack_form)form);
			check_same(&v, (enum ack_form)form);
		}
		ack_values_release(&v);
	}
}

static void test_secrets(void **state)
{
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_buf out = ACK_BUF_INIT(65536);
	struct ack_error e;

	(void)state;
	ack_values_set(&v, ACK_P_login_password, "test@19ABCD", 11, 1);
	for (int form = 0; form <= ACK_NODEPOOLS; form++) {
		ack_buf_clear(&out);
		ack_body_build(&ack_cluster_table, &v, (enum ack_form)form,
			false, true, &out);
		assert_null(strstr(out.data, "19ABCD"));
		assert_null(strstr(out.data, "login_password"));
	}
	ack_buf_clear(&out);
	ack_buf_puts(&out, "{\"login_password\":\"sesame\",\"x\":\"\"}");
	assert_int_equal(parse(out.data, out.len, &v, &e), -EINVAL);
	assert_null(memmem(&e, sizeof(e), "sesame", 6));
	ack_buf_release(&out);
	ack_values_release(&v);
}

/* What other writers of such bodies do. */
static const struct {
	const char *body;
	struct pair values[8];
} read[] = {
	{"{}", {{0}}},
	{" { \"name\" : \"x\" }\n", {{ACK_P_name, "x"}}},
	{"{\"name\":null,\"tags\":[],\"key_pair\":\"\",\"nodepools\":null}",
		{{0}}},
	{"{\"num_of_nodes\":\"3\",\"node_cidr_mask\":25,"
	 "\"worker_data_disks\":[{\"category\":\"cloud\",\"size\":\"40\"}],"
	 "\"snat_entry\":\"true\"}",
		{{ACK_P_num_of_nodes, "3"}, {ACK_P_node_cidr_mask, "25"},
			{ACK_P_worker_data_disks, "cloud 40"},
			{ACK_P_snat_entry, "true"}}},
	{"{\"public_slb\":true,\"worker_data_disk_category\":\"cloud\","
	 "\"worker_data_disk_size\":\"40\",\"worker_data_disk\":\"true\"}",
		{{ACK_P_public_slb, "true"},
			{ACK_P_worker_data_disk_category, "cloud"},
			{ACK_P_worker_data_disk_size, "40"},
			{ACK_P_worker_data_disk, "true"}}},
	{"{\"addons\":[{\"name\":\"a\",\"config\":{\"b\":1}}]}",
		{{ACK_P_addons, "a {\"b\":1}"}}},
	/* a name of the classic form beside the pools */
	{"{\"nodepools\":[{\"scaling_group\":{\"desired_size\":3}}],"
	 "\"timeout_mins\":60,\"num_of_nodes\":3}",
		{{ACK_P_num_of_nodes, "3"}, {ACK_P_timeout_mins, "60"}}},
	{"{\"nodepools\":[]}", {{ACK_P_num_of_nodes, "0"}}},
	{"{\"nodepools\":[{\"kubernetes_config\":{\"runtime\":\"docker\","
	 "\"runtime_version\":\"19.03.5\"},\"scaling_group\":null}]}",
		{{ACK_P_runtime, "docker 19.03.5"}}},
	/* the first pool is spread over parameters if they can hold it */
	{"{\"nodepools\":[{\"nodepool_info\":{\"name\":\"default-nodepool\"},"
	 "\"scaling_group\":{\"desired_size\":3,\"key_pair\":\"my-key\"}},"
	 "{\"nodepool_info\":{\"name\":\"b\"}}]}",
		{{ACK_P_num_of_nodes, "3"}, {ACK_P_key_pair, "my-key"},
			{ACK_P_extra_nodepools, BARE("b")}}},
	{"{\"nodepools\":[{\"nodepool_info\":{\"name\":\"a\"}},"
	 "{\"nodepool_info\":{\"name\":\"b\"}}]}",
		{{ACK_P_num_of_nodes, "0"},
			{ACK_P_extra_nodepools, BARE("a") "\n" BARE("b")}}},
	{"{\"nodepools\":[{\"nodepool_info\":{\"name\":\"default-nodepool\"},"
	 "\"scaling_group\":{\"desired_size\":0}}],\"num_of_nodes\":0}",
		{{ACK_P_num_of_nodes, "0"},
			{ACK_P_extra_nodepools,
				"{\"nodepool_info\":{\"name\":"
				"\"default-nodepool\"},\"scaling_group\":{"
				"\"instance_charge_type\":\"PostPaid\","
				"\"desired_size\":0},\"kubernetes_config\":{"
				"\"runtime\":\"containerd\"}}"}}},
	{"{\"nodepools\":[{\"scaling_group\":{\"vswitch_ids\":[\"vsw-a\"]},"
	 "\"auto_scaling\":{\"enable\":true,\"max_instances\":2}}],"
	 "\"vswitch_ids\":[\"vsw-b\"]}",
		{{ACK_P_num_of_nodes, "0"}, {ACK_P_vswitch_ids, "vsw-b"},
			{ACK_P_extra_nodepools,
				"{\"scaling_group\":{\"vswitch_ids\":["
				"\"vsw-a\"],\"instance_charge_type\":"
				"\"PostPaid\"},\"kubernetes_config\":{"
				"\"runtime\":\"containerd\"},"
				"\"auto_scaling\":{\"enable\":true,"
				"\"max_instances\":2}}"}}},
	/* names that are objects today */
	{"{\"rrsa_config\":{\"enabled\":true},\"auto_mode\":{\"enable\":false},"
	 "\"user_ca\":\"-----BEGIN CERTIFICATE-----\\nTQ==\\n"
	 "-----END CERTIFICATE-----\\n\",\"controlplane_log_ttl\":30,"
	 "\"extra_sans\":[\"a.b\"],"
	 "\"audit_log_config\":{\"enabled\":true,\"sls_project_name\":null}}",
		{{ACK_P_rrsa_config, "true"}, {ACK_P_auto_mode, "false"},
			{ACK_P_user_ca, "-----BEGIN CERTIFICATE-----\nTQ==\n"
					"-----END CERTIFICATE-----"},
			{ACK_P_controlplane_log_ttl, "30"},
			{ACK_P_extra_sans, "a.b"},
			{ACK_P_audit_log_config, "{\"enabled\":true}"}}},
	{"{\"image_type\":\"ContainerOS\",\"pod_vswitch_ids\":[\"vsw-a\"]}",
		{{ACK_P_image_type, "ContainerOS"},
			{ACK_P_pod_vswitch_ids, "vsw-a"}}},
	{"{\"nodepools\":[{\"scaling_group\":{\"image_type\":\"ContainerOS\"},"
	 "\"kubernetes_config\":{\"user_data\":\"TQ==\"}}]}",
		{{ACK_P_platform, "ContainerOS"}, {ACK_P_user_data, "TQ=="}}},
};

static void test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(read); i++) {
		struct ack_values want = ACK_VALUES_INIT;
		struct ack_values v = ACK_VALUES_INIT;
		struct ack_error e;

		set_all(&want, read[i].values);
		ack_values_set(&v, ACK_P_os_type, "Linux", 5, 1);
		if (parse(read[i].body, strlen(read[i].body), &v, &e))
			fail_msg(
				"%s\n%s: %s", read[i].body, e.param, e.message);
		for (unsigned row = 0; row < ACK_P_COUNT; row++) {
			const char *old = ack_values_get(&want, row, NULL);
			const char *new = ack_values_get(&v, row, NULL);

			if (!old != !new || (old && strcmp(old, new) != 0))
				fail_msg("%s\n%s: \"%s\"", read[i].body,
					ack_cluster_table.rows[row].name,
					new ? new : "");
		}
		ack_values_release(&want);
		ack_values_release(&v);
	}
}

static const struct {
	const char *body;
	int ret;
	const char *param, *message, *more;
} refused[] = {
	{"", -EAGAIN, "", "ends before its JSON", ""},
	{"{\"name\":\"x\"", -EAGAIN, "", "ends before its JSON", ""},
	{"{\n\"name\":}", -EINVAL, "", "not JSON: see line 2, column 8", ""},
	{"[]", -EINVAL, "", "a request is a JSON object", ""},
	{"3", -EINVAL, "", "a request is a JSON object", ""},
	{"{\"tainst\":[]}", -EINVAL, "tainst",
		"is not a key that ackfs knows; did you mean taints?", ""},
	{"{\"worker_number\":3}", -EINVAL, "worker_number",
		"did you mean num_of_nodes?", ""},
	{"{\"vpc_id\":\"vpc-a\",\"vpcid\":\"vpc-b\"}", -EINVAL, "vpcid",
		"is there twice, with different values", ""},
	{"{\"vswitchid\":\"sw-a\"}", -EINVAL, "vswitch_ids", "\"sw-a\"", ""},
	/* the sample of the classic request, as it is printed */
	{"{ \"addons\": [{\"name\": \"aliyun-log-controller\",\"config\": "
	 "\"{\"sls_project_name\":\"k\"}\"}]}",
		-EINVAL, "",
		"line 1, column 60: the string before it ends too early; a "
		"quote within a string is written as \\\"",
		""},
	{"{\n\"name\":\u201cx\u201d}", -EINVAL, "",
		"line 2, column 8: that is a typographic quote", ""},
	{"{\"name\":\"x\",}", -EINVAL, "",
		"nothing follows the comma or colon before it", ""},
	{"{\"frobnicate\":[]}", -EINVAL, "frobnicate",
		"is not a key that ackfs knows", ""},
	{"{\"num_of_nodes\":101,\"proxy_mode\":\"x\",\"foo\":1,"
	 "\"snat_entry\":3}",
		-EINVAL, "snat_entry", "has to be true or false",
		"proxy_mode: \"x\" is not one of: iptables, ipvs, nftables\n"
		"num_of_nodes: \"101\" is not a whole number from 0 to 100\n"
		"foo: is not a key that ackfs knows\n"},
	{"{\"name\":\"a\",\"name\":\"a\"}", -EINVAL, "name", "is there twice",
		""},
	{"{\"name\":\"a\\n\"}", -EINVAL, "name", "is not a name", ""},
	{"{\"key_pair\":\"ab\\n\"}", -EINVAL, "key_pair", "control character",
		""},
	{"{\"vswitch_ids\":\"[\\\"vsw-a\\\"\"}", -EINVAL, "vswitch_ids",
		"the JSON in this string is not closed", ""},
	{"{\"nodepools\":{}}", -EINVAL, "nodepools", "has to be a JSON list",
		""},
	{"{\"nodepools\":[1]}", -EINVAL, "extra_nodepools",
		"\"1\" is not a node pool, which is a JSON object", ""},
	{"{\"nodepools\":[{\"scaling_group\":[]}]}", -EINVAL, "extra_nodepools",
		"in a node pool, scaling_group: has to be a JSON object", ""},
	{"{\"nodepools\":[{\"scaling_group\":{\"desired_sise\":3}}]}", -EINVAL,
		"extra_nodepools",
		"in a node pool, scaling_group.desired_sise: is not a key "
		"that ackfs knows; did you mean desired_size?",
		""},
	{"{\"nodepools\":[{},{\"kubernetes_config\":{\"runtime\":3}}]}",
		-EINVAL, "extra_nodepools",
		"in a node pool, runtime: has to be a JSON string", ""},
	/* every fault of every pool */
	{"{\"nodepools\":[{\"a\":1,\"b\":2},{\"scaling_group\":{"
	 "\"desired_size\":-1}}]}",
		-EINVAL, "extra_nodepools",
		"in a node pool, a: is not a key that ackfs knows",
		"extra_nodepools: in a node pool, b: is not a key that ackfs "
		"knows\n"
		"extra_nodepools: in a node pool, desired_size: \"-1\" is not "
		"a whole number from 0 to 2147483647\n"},
	{"{\"nodepools\":[{\"nodepool_info\":{\"name\":\"x\"},"
	 "\"scaling_group\":{\"login_password\":\"aB345678\"}},"
	 "{\"scaling_group\":{\"login_password\":\"aB345679\"}}]}",
		-EINVAL, "login_password", "is there twice", ""},
	{"{\"nodepools\":[{\"nodepool_info\":{\"name\":\"x\"}}],"
	 "\"num_of_nodes\":3}",
		-EINVAL, "num_of_nodes", "does not go with the first of", ""},
	{"{\"nodepools\":[{\"nodepool_info\":{\"name\":\"x\"}},"
	 "{\"nodepool_info\":{\"name\":\"x\"}}]}",
		-EINVAL, "extra_nodepools", "\"x\" is there twice", ""},
	{"{\"rrsa_config\":true}", -EINVAL, "rrsa_config",
		"has to be a JSON object", ""},
	{"{\"rrsa_config\":{\"enable\":true}}", -EINVAL, "rrsa_config.enable",
		"did you mean enabled?", ""},
	{"{\"audit_log_config\":{\"enabled\":1}}", -EINVAL, "audit_log_config",
		"enabled has to be a JSON boolean", ""},
	{"{\"audit_log_config\":true}", -EINVAL, "audit_log_config",
		"has to be a JSON list or object", ""},
	{"{\"nodepools[0].scaling_group.key_pair\":\"ab\","
	 "\"nodepools\":[]}",
		-EINVAL, "nodepools[0].scaling_group.key_pair",
		"is not a key that ackfs knows", ""},
	{"{\"\":1}", -EINVAL, "", "is not a key that ackfs knows", ""},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(refused); i++) {
		struct ack_values v = ACK_VALUES_INIT;
		struct ack_error e;

		ack_values_set(&v, ACK_P_os_type, "Linux", 5, 1);
		int ret = parse(
			refused[i].body, strlen(refused[i].body), &v, &e);

		if (ret != refused[i].ret ||
			strcmp(e.param, refused[i].param) != 0 ||
			!strstr(e.message, refused[i].message) ||
			strcmp(e.more, refused[i].more) != 0)
			fail_msg("%s\n%d, %s: %s\n%s", refused[i].body, ret,
				e.param, e.message, e.more);
		assert_string_equal(
			ack_values_get(&v, ACK_P_os_type, NULL), "Linux");
		ack_values_release(&v);
	}
}

/* A NUL is no blank and no bracket, though strchr(3) finds it among them. */
static void test_nul(void **state)
{
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_error e;

	(void)state;
	assert_int_equal(parse("\0", 1, &v, &e), -EINVAL);
	assert_non_null(strstr(e.message, "line 1, column 1"));
	assert_int_equal(parse("{}\0", 3, &v, &e), -EINVAL);
}

/* A request of nothing but faults ends, and soon. */
static void test_flood(void **state)
{
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_buf body = ACK_BUF_INIT(1u << 20);
	struct ack_error e;

	(void)state;
	ack_buf_puts(&body, "{\"\":1");
	for (unsigned i = 0; i < 8000; i++)
		ack_buf_printf(&body, ",\"k%u\":1", i);
	ack_buf_puts(&body, "}");
	assert_int_equal(parse(body.data, body.len, &v, &e), -EINVAL);
	assert_non_null(strstr(e.more, "more"));
	ack_buf_release(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_many_round_trips),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_flood),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
