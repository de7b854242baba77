/* SPDX-License-Identifier: MIT */
/* What the service says of something that exists becomes values. */
#include "unit.h"

#include <string.h>

#include "base/json.h"
#include "params/body.h"
#include "params/values.h"

struct pair {
	unsigned row;
	const char *text; /* "": it is not set */
};

#define PAIRS 16

static const struct {
	const char *answer;
	struct pair before[4], after[PAIRS];
} clusters[] = {
	{"{}", {{0}}, {{0}}},
	{"{\"cluster_id\":\"c1\",\"name\":\"a\","
	 "\"cluster_type\":\"ManagedKubernetes\",\"region_id\":\"cn-beijing\","
	 "\"current_version\":\"1.32.1-aliyun.1\",\"vpc_id\":\"vpc-1\","
	 "\"vswitch_ids\":[\"vsw-1\",\"vsw-2\"],\"security_group_id\":\"sg-1\","
	 "\"container_cidr\":\"172.20.0.0/16\","
	 "\"service_cidr\":\"172.21.0.0/20\",\"node_cidr_mask\":\"26\","
	 "\"proxy_mode\":\"ipvs\",\"size\":3,\"deletion_protection\":true,"
	 "\"tags\":[{\"key\":\"a\",\"value\":\"b\"}],\"unknown\":{\"x\":1}}",
		{{0}},
		{{ACK_P_name, "a"}, {ACK_P_cluster_type, "ManagedKubernetes"},
			{ACK_P_region_id, "cn-beijing"},
			{ACK_P_kubernetes_version, "1.32.1-aliyun.1"},
			{ACK_P_vpcid, "vpc-1"},
			{ACK_P_vswitch_ids, "vsw-1\nvsw-2"},
			{ACK_P_security_group_id, "sg-1"},
			{ACK_P_container_cidr, "172.20.0.0/16"},
			{ACK_P_service_cidr, "172.21.0.0/20"},
			{ACK_P_node_cidr_mask, "26"},
			{ACK_P_proxy_mode, "ipvs"}, {ACK_P_num_of_nodes, "3"},
			{ACK_P_deletion_protection, "true"},
			{ACK_P_tags, "a=b"}}},
	/* what is not told stays, what is told to be nothing goes */
	{"{\"size\":5,\"vpc_id\":\"\",\"proxy_mode\":null,\"tags\":[]}",
		{{ACK_P_name, "old"}, {ACK_P_vpcid, "vpc-1"},
			{ACK_P_proxy_mode, "ipvs"}, {ACK_P_tags, "a=b"}},
		{{ACK_P_name, "old"}, {ACK_P_num_of_nodes, "5"}}},
	/* bounds and choices are for new values */
	{"{\"size\":5000,\"node_cidr_mask\":20,\"proxy_mode\":\"ebpf\","
	 "\"cluster_type\":\"Ask\",\"container_cidr\":\"10.0.0.0/30\","
	 "\"vswitch_ids\":[\"vsw-1\",\"vsw-2\",\"vsw-3\",\"vsw-4\"]}",
		{{0}},
		{{ACK_P_num_of_nodes, "5000"}, {ACK_P_node_cidr_mask, "20"},
			{ACK_P_proxy_mode, "ebpf"}, {ACK_P_cluster_type, "Ask"},
			{ACK_P_container_cidr, "10.0.0.0/30"},
			{ACK_P_vswitch_ids, "vsw-1\nvsw-2\nvsw-3\nvsw-4"}}},
	/* text of another form stays text, anything else does not count */
	{"{\"name\":\"a_b c\",\"current_version\":\"1.32-beta\","
	 "\"container_cidr\":\"100.64.0.0/10,fd00::/64\","
	 "\"vpc_id\":\"vpc_1\",\"region_id\":3,\"service_cidr\":\"a\\nb\","
	 "\"size\":\"many\",\"deletion_protection\":\"perhaps\","
	 "\"vswitch_ids\":\"vsw-1\",\"tags\":{\"a\":\"b\"},"
	 "\"proxy_mode\":[]}",
		{{ACK_P_num_of_nodes, "3"}},
		{{ACK_P_name, "a_b c"}, {ACK_P_kubernetes_version, "1.32-beta"},
			{ACK_P_container_cidr, "100.64.0.0/10,fd00::/64"},
			{ACK_P_vpcid, "vpc_1"}, {ACK_P_vswitch_ids, "vsw-1"}}},
	/* of a list, what can be written */
	{"{\"tags\":[{\"key\":\"acs:rg\",\"value\":\"x\"},"
	 "{\"key\":\"a\",\"value\":\"b\",\"scope\":\"all\"},null,3,\"\","
	 "{\"key\":\"a\",\"value\":\"c\"}],"
	 "\"vswitch_ids\":[\"vsw-1\",{},\"two words\"]}",
		{{0}}, {{ACK_P_vswitch_ids, "vsw-1"}}},
	{"{\"tags\":[{\"key\":\"acs:rg\",\"value\":\"x\"},"
	 "{\"key\":\"a\",\"value\":\"b\",\"scope\":\"all\"}]}",
		{{0}}, {{ACK_P_tags, "a=b"}}},
	/* the first that has a value */
	{"{\"current_version\":\"\",\"init_version\":\"1.32.1-aliyun.1\"}",
		{{0}}, {{ACK_P_kubernetes_version, "1.32.1-aliyun.1"}}},
	{"[]", {{ACK_P_name, "a"}}, {{ACK_P_name, "a"}}},
};

static const struct {
	const char *answer;
	struct pair after[PAIRS];
} pools[] = {
	{"{\"nodepool_info\":{\"nodepool_id\":\"np1\",\"name\":\"default\","
	 "\"is_default\":true},\"scaling_group\":{\"desired_size\":200,"
	 "\"instance_types\":[\"ecs.g7.xlarge\"],\"period\":11,"
	 "\"login_password\":\"******\",\"key_pair\":\"\","
	 "\"data_disks\":[{\"category\":\"cloud_new\",\"size\":20}],"
	 "\"tags\":[]},"
	 "\"kubernetes_config\":{\"runtime\":\"containerd\","
	 "\"runtime_version\":\"1.6.38\",\"labels\":[{\"key\":\"a.b/c\","
	 "\"value\":\"d\"}],\"user_data\":\"\"},"
	 "\"auto_scaling\":{\"enable\":false,\"max_instances\":2},"
	 "\"management\":{\"enable\":true},\"status\":{\"state\":\"active\"}}",
		{{ACK_POOL_P_name, "default"}, {ACK_POOL_P_desired_size, "200"},
			{ACK_POOL_P_instance_types, "ecs.g7.xlarge"},
			{ACK_POOL_P_period, "11"},
			{ACK_POOL_P_data_disks, "cloud_new 20"},
			{ACK_POOL_P_runtime, "containerd"},
			{ACK_POOL_P_runtime_version, "1.6.38"},
			{ACK_POOL_P_labels, "a.b/c=d"},
			{ACK_POOL_P_auto_scaling, "false"},
			{ACK_POOL_P_max_instances, "2"},
			{ACK_POOL_P_management, "true"}}},
};

static void read_answer(const struct ack_table *t, const char *answer,
	int64_t time, struct ack_values *v)
{
	size_t where;
	struct ack_json *root = ack_json_parse(answer, strlen(answer), &where);

	assert_non_null(root);
	assert_int_equal(ack_body_read(t, root, time, v), 0);
	ack_json_free(root);
}

static void set_all(struct ack_values *v, const struct pair *pairs, size_t n)
{
	for (size_t i = 0; i < n && pairs[i].text; i++)
		assert_int_equal(ack_values_set(v, pairs[i].row, pairs[i].text,
					 strlen(pairs[i].text), 1),
			0);
}

static void check_same(const struct ack_table *t, const char *answer,
	const struct ack_values *v, const struct pair *pairs)
{
	struct ack_values want = ACK_VALUES_INIT;

	set_all(&want, pairs, PAIRS);
	for (unsigned row = 0; row < t->count; row++) {
		const char *wanted = ack_values_get(&want, row, NULL);
		const char *got = ack_values_get(v, row, NULL);

		if (!wanted != !got || (got && strcmp(got, wanted) != 0))
			fail_msg("%s\n%s: \"%s\"", answer, t->rows[row].name,
				got ? got : "");
	}
	ack_values_release(&want);
}

static void test_clusters(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(clusters); i++) {
		struct ack_values v = ACK_VALUES_INIT;

		set_all(&v, clusters[i].before, 4);
		read_answer(&ack_cluster_table, clusters[i].answer, 7, &v);
		check_same(&ack_cluster_table, clusters[i].answer, &v,
			clusters[i].after);
		ack_values_release(&v);
	}
}

static void test_pools(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(pools); i++) {
		struct ack_values v = ACK_VALUES_INIT;

		read_answer(&ack_pool_table, pools[i].answer, 7, &v);
		check_same(
			&ack_pool_table, pools[i].answer, &v, pools[i].after);
		ack_values_release(&v);
	}
}

/* Polling does not make files look changed. */
static void test_times(void **state)
{
	struct ack_values v = ACK_VALUES_INIT;

	(void)state;
	read_answer(&ack_cluster_table, "{\"size\":3,\"name\":\"a\"}", 5, &v);
	read_answer(&ack_cluster_table,
		"{\"size\":4,\"name\":\"a\",\"tags\":[]}", 6, &v);
	assert_int_equal(ack_values_time(&v, ACK_P_name), 5);
	assert_int_equal(ack_values_time(&v, ACK_P_num_of_nodes), 6);
	assert_int_equal(ack_values_time(&v, ACK_P_tags), 0);
	read_answer(&ack_cluster_table, "{\"size\":null}", 7, &v);
	assert_null(ack_values_get(&v, ACK_P_num_of_nodes, NULL));
	assert_int_equal(ack_values_time(&v, ACK_P_num_of_nodes), 7);
	ack_values_release(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clusters),
		cmocka_unit_test(test_pools),
		cmocka_unit_test(test_times),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
