/* SPDX-License-Identifier: MIT */
/* Node pools by themselves, and the edits of what exists. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "params/body.h"
#include "params/rules.h"
#include "params/values.h"

struct pair {
	unsigned row;
	const char *text;
};

#define PAIRS 40

static void set_all(struct ack_values *v, const struct pair *pairs)
{
	for (size_t i = 0; i < PAIRS && pairs[i].text; i++)
		assert_int_equal(ack_values_set(v, pairs[i].row, pairs[i].text,
					 strlen(pairs[i].text), 1),
			0);
}

static const struct pair full[PAIRS] = {
	{ACK_POOL_P_name, "workers"},
	{ACK_POOL_P_vswitch_ids, "vsw-a\nvsw-b"},
	{ACK_POOL_P_instance_types, "ecs.g7.xlarge"},
	{ACK_POOL_P_desired_size, "2"},
	{ACK_POOL_P_key_pair, "my-key"},
	{ACK_POOL_P_system_disk_size, "120"},
	{ACK_POOL_P_data_disks, "cloud_essd 200"},
	{ACK_POOL_P_tags, "team=search"},
	{ACK_POOL_P_runtime_version, "1.6.38"},
	{ACK_POOL_P_cms_enabled, "true"},
	{ACK_POOL_P_labels, "example.com/role=web"},
	{ACK_POOL_P_taints, "a=b:NoExecute"},
	{ACK_POOL_P_auto_scaling, "true"},
	{ACK_POOL_P_max_instances, "5"},
	{ACK_POOL_P_min_instances, "1"},
	{ACK_POOL_P_management, "true"},
	{ACK_POOL_P_auto_repair, "false"},
	{ACK_POOL_P_ram_role_name, "role"},
};

#define FULL                                                             \
	"{\"nodepool_info\":{\"name\":\"workers\"},\"scaling_group\":{"  \
	"\"vswitch_ids\":[\"vsw-a\",\"vsw-b\"],"                         \
	"\"instance_types\":[\"ecs.g7.xlarge\"],"                        \
	"\"instance_charge_type\":\"PostPaid\",\"desired_size\":2,"      \
	"\"key_pair\":\"my-key\",\"system_disk_size\":120,"              \
	"\"data_disks\":[{\"category\":\"cloud_essd\",\"size\":200}],"   \
	"\"tags\":[{\"key\":\"team\",\"value\":\"search\"}],"            \
	"\"ram_role_name\":\"role\"},"                                   \
	"\"kubernetes_config\":{\"runtime\":\"containerd\","             \
	"\"runtime_version\":\"1.6.38\",\"cms_enabled\":true,"           \
	"\"labels\":[{\"key\":\"example.com/role\",\"value\":\"web\"}]," \
	"\"taints\":[{\"key\":\"a\",\"value\":\"b\","                    \
	"\"effect\":\"NoExecute\"}]},"                                   \
	"\"auto_scaling\":{\"enable\":true,\"max_instances\":5,"         \
	"\"min_instances\":1},"                                          \
	"\"management\":{\"enable\":true,\"auto_repair\":false}}"

static void test_body(void **state)
{
	const struct ack_table *t = &ack_pool_table;
	struct ack_values v = ACK_VALUES_INIT, again = ACK_VALUES_INIT;
	struct ack_buf out = ACK_BUF_INIT(1u << 20);
	struct ack_error e;

	(void)state;
	set_all(&v, full);
	for (int form = 0; form <= ACK_NODEPOOLS; form++) {
		ack_buf_clear(&out);
		assert_int_equal(ack_body_build(t, &v, (enum ack_form)form,
					 true, false, &out),
			0);
		assert_string_equal(ack_buf_text(&out), FULL);
	}
	assert_int_equal(
		ack_body_parse(t, out.data, out.len, 7, &again, &e), 0);
	for (size_t i = 0; i < PAIRS && full[i].text; i++)
		assert_string_equal(ack_values_get(&again, full[i].row, NULL),
			full[i].text);
	assert_string_equal(
		ack_values_get(&again, ACK_POOL_P_instance_charge_type, NULL),
		"PostPaid");
	ack_buf_release(&out);
	ack_values_release(&v);
	ack_values_release(&again);
}

static const struct {
	const char *body, *param, *message;
} refused[] = {
	{"{\"desired_size\":3}", "desired_size",
		"is not a key that ackfs knows"},
	{"{\"name\":\"a\"}", "name", "is not a key that ackfs knows"},
	{"{\"nodepools\":[]}", "nodepools", "is not a key that ackfs knows"},
	{"{\"scaling_grup\":{}}", "scaling_grup",
		"did you mean scaling_group?"},
	{"{\"scaling_group\":{\"desired_sise\":3}}",
		"scaling_group.desired_sise", "did you mean desired_size?"},
	{"{\"scaling_group\":{\"desired_size\":-1}}", "desired_size",
		"is not a whole number"},
	{"{\"auto_scaling\":true}", "auto_scaling", "has to be a JSON object"},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(refused); i++) {
		struct ack_values v = ACK_VALUES_INIT;
		struct ack_error e;
		int ret = ack_body_parse(&ack_pool_table, refused[i].body,
			strlen(refused[i].body), 7, &v, &e);

		if (ret != -EINVAL || strcmp(e.param, refused[i].param) != 0 ||
			!strstr(e.message, refused[i].message))
			fail_msg("%s\n%d, %s: %s\n%s", refused[i].body, ret,
				e.param, e.message, e.more);
	}
}

/* The body of the modifying call holds the edits, and nothing else. */
static const struct {
	const struct ack_table *table;
	struct pair edits[PAIRS];
	const char *body;
} edits[] = {
	{&ack_cluster_table, {{0}}, "{}"},
	{&ack_cluster_table,
		{{ACK_P_name, "new"}, {ACK_P_deletion_protection, "true"},
			{ACK_P_endpoint_public_access, "false"},
			{ACK_P_vswitch_ids, "vsw-a"},
			{ACK_P_security_group_id, "sg-a"}},
		"{\"cluster_name\":\"new\",\"deletion_protection\":true,"
		"\"vswitch_ids\":[\"vsw-a\"],\"api_server_eip\":false,"
		"\"security_group_id\":\"sg-a\"}"},
	/* other calls do these, or none */
	{&ack_cluster_table,
		{{ACK_P_kubernetes_version, "1.32.1"}, {ACK_P_tags, "a=b"},
			{ACK_P_num_of_nodes, "0"}, {ACK_P_vpcid, "vpc-a"},
			{ACK_P_worker_data_disk_size, "100"}},
		"{}"},
	{&ack_pool_table,
		{{ACK_POOL_P_desired_size, "0"},
			{ACK_POOL_P_ram_role_name, "r"},
			{ACK_POOL_P_login_password, "aB345678"}},
		"{\"scaling_group\":{\"desired_size\":0,"
		"\"login_password\":\"aB345678\"}}"},
	{&ack_pool_table, {{ACK_POOL_P_labels, "a=b"}},
		"{\"kubernetes_config\":{\"labels\":[{\"key\":\"a\","
		"\"value\":\"b\"}]},\"update_nodes\":true}"},
	{&ack_pool_table, {{ACK_POOL_P_cpu_policy, "none"}},
		"{\"kubernetes_config\":{\"cpu_policy\":\"none\"}}"},
	{&ack_pool_table, {{ACK_POOL_P_auto_repair, "true"}},
		"{\"management\":{\"auto_repair\":true}}"},
};

static void test_edits(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(edits); i++) {
		struct ack_values v = ACK_VALUES_INIT;
		struct ack_buf out = ACK_BUF_INIT(1u << 20);

		set_all(&v, edits[i].edits);
		assert_int_equal(ack_body_build(edits[i].table, &v, ACK_EDIT,
					 true, false, &out),
			0);
		assert_string_equal(ack_buf_text(&out), edits[i].body);
		ack_buf_release(&out);
		ack_values_release(&v);
	}
}

static void put(void *arg, const struct ack_finding *f)
{
	ack_buf_printf(arg, "%s%s %s: %s\n", f->warning ? "warning " : "",
		f->code, f->param, f->text);
}

#define GOOD                                                       \
	{ACK_POOL_P_name, "a"}, {ACK_POOL_P_vswitch_ids, "vsw-a"}, \
		{ACK_POOL_P_instance_types, "ecs.g7.large"},       \
	{                                                          \
		ACK_POOL_P_runtime_version, "1"                    \
	}

static const struct {
	struct pair values[PAIRS];
	const char *findings;
} rules[] = {
	{{{0}}, "MissingParameter name: is required\n"
		"MissingParameter vswitch_ids: is required\n"
		"MissingParameter instance_types: is required\n"
		"MissingParameter login_password: nodes need either this or "
		"key_pair\n"
		"warning MissingParameter runtime_version: is not set, so the "
		"service takes the newest that goes with the cluster\n"},
	{{GOOD, {ACK_POOL_P_desired_size, "0"},
		 {ACK_POOL_P_instance_types, "g7.xlarge\necs.g7\nt3.large\n"
					     "ecs.e-c1m2.2xlarge\nefg1."
					     "nvga8n\necs.gn7i-c8g1.2xlarge"}},
		"warning InvalidInstanceType instance_types: \"g7.xlarge\" has "
		"not the form of an instance type, such as ecs.g7.xlarge\n"
		"warning InvalidInstanceType instance_types: \"ecs.g7\" has "
		"not the form of an instance type, such as ecs.g7.xlarge\n"
		"warning InvalidInstanceType instance_types: \"t3.large\" has "
		"not the form of an instance type, such as ecs.g7.xlarge\n"},
	{{GOOD, {ACK_POOL_P_desired_size, "0"}}, ""},
	{{GOOD, {ACK_POOL_P_key_pair, "my-key"}}, ""},
	{{GOOD, {ACK_POOL_P_key_pair, "my-key"},
		 {ACK_POOL_P_login_password, "aB345678"}},
		"InvalidParameter.Conflict login_password: is set together "
		"with key_pair; keep one of the two\n"},
	{{GOOD, {ACK_POOL_P_login_password, "aB345678"},
		 {ACK_POOL_P_management, "true"}},
		"warning InvalidParameter.Conflict login_password: a managed "
		"pool takes only key_pair\n"},
	{{GOOD, {ACK_POOL_P_desired_size, "0"},
		 {ACK_POOL_P_instance_charge_type, "PrePaid"}},
		"MissingParameter period: is required when "
		"instance_charge_type is PrePaid\n"
		"MissingParameter period_unit: is required when "
		"instance_charge_type is PrePaid\n"},
	{{GOOD, {ACK_POOL_P_desired_size, "0"}, {ACK_POOL_P_period, "1"}},
		"warning IgnoredParameter period: is ignored unless "
		"instance_charge_type is PrePaid\n"},
	{{GOOD, {ACK_POOL_P_desired_size, "0"},
		 {ACK_POOL_P_auto_scaling, "true"}},
		"MissingParameter min_instances: is required because "
		"auto_scaling is true\n"
		"MissingParameter max_instances: is required because "
		"auto_scaling is true\n"
		"InvalidDesiredSizeOrCount.NotNull desired_size: is managed by "
		"the scaler because auto_scaling is true; unset it\n"},
	/* what the service says of what is not set */
	{{GOOD, {ACK_POOL_P_desired_size, "0"}, {ACK_POOL_P_period, "0"},
		 {ACK_POOL_P_auto_renew_period, "0"},
		 {ACK_POOL_P_internet_max_bandwidth_out, "0"}},
		""},
	{{GOOD, {ACK_POOL_P_key_pair, "my-key"},
		 {ACK_POOL_P_auto_scaling, "true"},
		 {ACK_POOL_P_min_instances, "10"},
		 {ACK_POOL_P_max_instances, "9"}},
		"InvalidParameter.Conflict min_instances: is 10, more than "
		"max_instances, which is 9\n"},
	{{GOOD, {ACK_POOL_P_key_pair, "my-key"},
		 {ACK_POOL_P_max_instances, "9"},
		 {ACK_POOL_P_image_type, "New"}},
		"warning UnknownWord image_type: \"New\" is not a word known "
		"here, such as AliyunLinux; it is sent as it stands\n"
		"warning IgnoredParameter max_instances: is ignored unless "
		"auto_scaling is true\n"},
};

static void test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(rules); i++) {
		struct ack_values v = ACK_VALUES_INIT;
		struct ack_buf out = ACK_BUF_INIT(65536);

		set_all(&v, rules[i].values);
		ack_rules_check(&ack_pool_table, &v, ACK_NODEPOOLS, put, &out);
		if (strcmp(ack_buf_text(&out), rules[i].findings) != 0)
			fail_msg("case %zu: found\n%snot\n%s", i,
				ack_buf_text(&out), rules[i].findings);
		ack_buf_release(&out);
		ack_values_release(&v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_body),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_rules),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
