/* SPDX-License-Identifier: MIT */
#include "param_case.h"

#define X10     "xxxxxxxxxx"
#define X60     X10 X10 X10 X10 X10 X10
#define ZHONG10 "中中中中中中中中中中"
#define ZHONG60 ZHONG10 ZHONG10 ZHONG10 ZHONG10 ZHONG10 ZHONG10

static const struct param_case cases[] = {
	/* integers */
	{ACK_P_num_of_nodes, "3", "3", NULL},
	{ACK_P_num_of_nodes, "3\n", "3", NULL},
	{ACK_P_num_of_nodes, " \t3 \r\n", "3", NULL},
	{ACK_P_num_of_nodes, "0", "0", NULL},
	{ACK_P_num_of_nodes, "100", "100", NULL},
	{ACK_P_num_of_nodes, "", "", NULL},
	{ACK_P_num_of_nodes, "\n", "", NULL},
	{ACK_P_num_of_nodes, " \n \n", "", NULL},
	{ACK_P_num_of_nodes, "101", NULL,
		"\"101\" is not a whole number from 0 to 100"},
	{ACK_P_num_of_nodes, "-1", NULL, "from 0 to 100"},
	{ACK_P_num_of_nodes, "-0", NULL, "from 0 to 100"},
	{ACK_P_num_of_nodes, "+3", NULL, "from 0 to 100"},
	{ACK_P_num_of_nodes, "3.0", NULL, "from 0 to 100"},
	{ACK_P_num_of_nodes, "1e2", NULL, "from 0 to 100"},
	{ACK_P_num_of_nodes, "0x10", NULL, "from 0 to 100"},
	{ACK_P_num_of_nodes, "3 4", NULL, "from 0 to 100"},
	{ACK_P_num_of_nodes, "3\n4", NULL, "from 0 to 100"},
	{ACK_P_num_of_nodes, "\xef\xbc\x93", NULL, "from 0 to 100"},
	{ACK_P_num_of_nodes, "03", NULL, "needless zero"},
	{ACK_P_num_of_nodes, "00", NULL, "needless zero"},
	{ACK_P_num_of_nodes, "18446744073709551619", NULL, "from 0 to 100"},
	{ACK_P_num_of_nodes, X60, NULL, "\"" X10 X10 X10 X10 "...\" is not"},
	{ACK_P_num_of_nodes, ZHONG60, NULL, "\"" ZHONG10 "中中中...\" is not"},
	{ACK_P_node_cidr_mask, "24", "24", NULL},
	{ACK_P_node_cidr_mask, "28", "28", NULL},
	{ACK_P_node_cidr_mask, "23", NULL, "from 24 to 28"},
	{ACK_P_node_cidr_mask, "29", NULL, "from 24 to 28"},
	{ACK_P_worker_system_disk_size, "40", "40", NULL},
	{ACK_P_worker_system_disk_size, "500", "500", NULL},
	{ACK_P_worker_system_disk_size, "39", NULL, "from 40 to 500"},
	{ACK_P_worker_system_disk_size, "501", NULL, "from 40 to 500"},
	{ACK_P_worker_period, "60", "60", NULL},
	{ACK_P_worker_period, "4", NULL,
		"\"4\" is not one of: 1, 2, 3, 6, 12, 24, 36, 48, 60"},
	{ACK_P_worker_auto_renew_period, "24", NULL, "1, 2, 3, 6, 12"},

	/* booleans */
	{ACK_P_snat_entry, "true", "true", NULL},
	{ACK_P_snat_entry, " TRUE\n", "true", NULL},
	{ACK_P_snat_entry, "1", "true", NULL},
	{ACK_P_snat_entry, "Yes", "true", NULL},
	{ACK_P_snat_entry, "y", "true", NULL},
	{ACK_P_snat_entry, "on", "true", NULL},
	{ACK_P_snat_entry, "false", "false", NULL},
	{ACK_P_snat_entry, "0", "false", NULL},
	{ACK_P_snat_entry, "NO", "false", NULL},
	{ACK_P_snat_entry, "n", "false", NULL},
	{ACK_P_snat_entry, "oFf", "false", NULL},
	{ACK_P_snat_entry, "maybe", NULL, "\"maybe\" is neither true nor"},
	{ACK_P_snat_entry, "t", NULL, "neither true nor false"},
	{ACK_P_snat_entry, "truefalse", NULL, "neither true nor false"},

	/* choices */
	{ACK_P_proxy_mode, "ipvs", "ipvs", NULL},
	{ACK_P_proxy_mode, " iptables\n", "iptables", NULL},
	{ACK_P_proxy_mode, "IPVS", NULL, "did you mean ipvs?"},
	{ACK_P_proxy_mode, "ip", NULL,
		"\"ip\" is not one of: iptables, ipvs, nftables"},
	{ACK_P_os_type, "linux", NULL, "did you mean Linux?"},
	{ACK_P_cluster_type, "ManagedKubernetes", "ManagedKubernetes", NULL},
	{ACK_P_cluster_type, "Kubernetes", "Kubernetes", NULL},
	{ACK_P_cluster_type, "managedkubernetes", NULL,
		"did you mean ManagedKubernetes?"},
	{ACK_P_cluster_type, "two words", NULL, "not a word such as"},
	{ACK_P_cluster_type, "a\x1b[2J", NULL, "not a word such as"},

	/* texts */
	{ACK_P_key_pair, "my-key", "my-key", NULL},
	{ACK_P_key_pair, " my key ", " my key ", NULL},
	{ACK_P_key_pair, "my-key\r\n", "my-key", NULL},
	{ACK_P_key_pair, "k", NULL, "has 1 characters; 2 to 128 are right"},
	{ACK_P_key_pair, "a\tb", NULL, "control character"},
	{ACK_P_key_pair, "a\nb", NULL, "control character"},
	{ACK_P_key_pair, "ab\r", NULL, "control character"},
	{ACK_P_key_pair,
		"a\x7f"
		"b",
		NULL, "control character"},
	{ACK_P_key_pair,
		"a\xc2\x9b"
		"31m",
		NULL, "control character"},
	{ACK_P_key_pair,
		"a\xc2\xa0"
		"b",
		"a\xc2\xa0"
		"b",
		NULL},

	/* names */
	{ACK_P_name, "test", "test", NULL},
	{ACK_P_name, "Test-1-测试", "Test-1-测试", NULL},
	{ACK_P_name, "一鿿", "一鿿", NULL},
	{ACK_P_name, X60 "xxx", X60 "xxx", NULL},
	{ACK_P_name, ZHONG60 "中中中", ZHONG60 "中中中", NULL},
	{ACK_P_name, ZHONG60 "中中中中", NULL, "64 characters; 1 to 63"},
	{ACK_P_name, X60 "xxxx", NULL, "64 characters; 1 to 63"},
	{ACK_P_name, "-test", NULL, "not beginning with -"},
	{ACK_P_name, "a_b", NULL, "is not a name"},
	{ACK_P_name, " test", NULL, "is not a name"},
	{ACK_P_name, "test\n\n", NULL, "is not a name"},
	{ACK_P_name, "ひらがな", NULL, "is not a name"},
	{ACK_P_name, "㐀", NULL, "is not a name"},
	{ACK_P_name, "é", NULL, "is not a name"},

	/* IDs */
	{ACK_P_vpcid, " vpc-2zegvl5etah5requ09nec\n",
		"vpc-2zegvl5etah5requ09nec", NULL},
	{ACK_P_vpcid, "vpc-", NULL, "vpc- and then lower-case letters"},
	{ACK_P_vpcid, "vsw-abc", NULL, "\"vsw-abc\" is not an ID such as vpc-"},
	{ACK_P_vpcid, "vpc-ABC", NULL, "is not an ID"},
	{ACK_P_vpcid, "vpc-2zegvl5****", NULL, "is not an ID"},
	{ACK_P_vpcid, "vpc-a-b", NULL, "is not an ID"},
	{ACK_P_vpcid, "vpc-" X60 "x", NULL, "is not an ID"},
	{ACK_P_region_id, "cn-beijing", "cn-beijing", NULL},
	{ACK_P_region_id, "cn_beijing", NULL,
		"is not an ID such as cn-beijing"},

	/* versions */
	{ACK_P_kubernetes_version, "1.32.1-aliyun.1", "1.32.1-aliyun.1", NULL},
	{ACK_P_kubernetes_version, " 1.32.1\n", "1.32.1", NULL},
	{ACK_P_kubernetes_version, "1.32", NULL, "is not a version such as"},
	{ACK_P_kubernetes_version, "v1.32.1", NULL, "is not a version"},
	{ACK_P_kubernetes_version, "1.32.1-", NULL, "is not a version"},
	{ACK_P_kubernetes_version, "1.32.1-aliyun", NULL, "is not a version"},
	{ACK_P_kubernetes_version, "1.32.1-aliyun.", NULL, "is not a version"},
	{ACK_P_kubernetes_version, "1.32.1-eks.1", NULL, "is not a version"},
	{ACK_P_kubernetes_version, "1.32.1.1", NULL, "is not a version"},
	{ACK_P_kubernetes_version, "1..1", NULL, "is not a version"},
	{ACK_P_kubernetes_version, "latest", NULL, "is not a version"},

	/* networks */
	{ACK_P_container_cidr, "172.20.0.0/16", "172.20.0.0/16", NULL},
	{ACK_P_container_cidr, " 10.0.0.0/8\n", "10.0.0.0/8", NULL},
	{ACK_P_container_cidr, "192.168.0.0/28", "192.168.0.0/28", NULL},
	{ACK_P_container_cidr, "192.168.0.0/29", NULL, "8 to 28 are right"},
	{ACK_P_container_cidr, "11.0.0.0/8", NULL, "private network"},
	{ACK_P_container_cidr, "172.32.0.0/16", NULL, "private network"},
	{ACK_P_container_cidr, "172.0.0.0/8", NULL, "private network"},
	{ACK_P_container_cidr, "172.20.0.1/16", NULL, "bits set behind"},
	{ACK_P_container_cidr, "172.20.0.0", NULL, "is not a network"},
	{ACK_P_container_cidr, "172.20.0.0/16/16/16/16", NULL,
		"is not a network"},
	{ACK_P_service_cidr, "172.21.0.0/24", "172.21.0.0/24", NULL},
	{ACK_P_service_cidr, "172.21.0.0/25", NULL, "16 to 24 are right"},
	{ACK_P_service_cidr, "10.0.0.0/15", NULL, "16 to 24 are right"},

	/* passwords */
	{ACK_P_login_password, "correct-Horse-7\n", "correct-Horse-7", NULL},
	{ACK_P_cluster_domain, "cluster.local", "cluster.local", NULL},
	{ACK_P_cluster_domain, " a-1.b \n", "a-1.b", NULL},
	{ACK_P_cluster_domain, "Cluster.local", NULL, "is not a domain such"},
	{ACK_P_cluster_domain, "-a.b", NULL, "is not a domain such"},
	{ACK_P_cluster_domain, "a-.b", NULL, "is not a domain such"},
	{ACK_P_cluster_domain, "a..b", NULL, "is not a domain such"},
	{ACK_P_cluster_domain, "a.", NULL, "is not a domain such"},
	{ACK_P_login_password, " aB3 xyz ", " aB3 xyz ", NULL},
	{ACK_P_login_password, "aB345678", "aB345678", NULL},
	{ACK_P_login_password, "aB34567", NULL, "8 to 30 characters"},
	{ACK_P_login_password, "aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3a", NULL,
		"8 to 30 characters"},
	{ACK_P_login_password, "alllower1", NULL, "at least three of"},
	{ACK_P_login_password, "two lines\nA1", NULL, "one line"},
	{ACK_P_login_password, "pässword1A", NULL, "one line of ASCII"},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		check_case(&cases[i]);
}

static const struct {
	const char *text;
	size_t len;
	int ret;
	const char *words;
} bytes[] = {
	{"a\0b", 3, -EINVAL, "NUL"},
	{"\0", 1, -EINVAL, "NUL"},
	{"a\xff", 2, -EINVAL, "UTF-8"},
	{"a\xc3", 2, -EINVAL, "UTF-8"},
	{"\xed\xa0\x80", 3, -EINVAL, "UTF-8"},
	{"\xc0\xaf", 2, -EINVAL, "UTF-8"},
};

/* What no row accepts. */
static void test_bytes(void **state)
{
	struct ack_buf out = ACK_BUF_INIT(ACK_VALUE_MAX);
	struct ack_error e;
	char *big = malloc(ACK_VALUE_MAX + 1);

	(void)state;
	assert_non_null(big);
	memset(big, '\n', ACK_VALUE_MAX + 1);
	for (unsigned row = 0; row < ACK_P_COUNT; row++) {
		for (size_t i = 0; i < LENGTH(bytes); i++) {
			assert_int_equal(parse_bytes(row, bytes[i].text,
						 bytes[i].len, &out, &e),
				bytes[i].ret);
			assert_non_null(strstr(e.message, bytes[i].words));
		}
		assert_int_equal(
			parse_bytes(row, big, ACK_VALUE_MAX + 1, &out, &e),
			-EFBIG);
		assert_int_equal(
			parse_bytes(row, big, ACK_VALUE_MAX, &out, &e), 0);
		assert_int_equal(out.len, 0);
		assert_int_equal(parse_bytes(row, "", 0, &out, &e), 0);
		assert_int_equal(out.len, 0);
	}
	free(big);
	ack_buf_release(&out);
}

/* A password never shows in what is said about it. */
static void test_password_is_not_told(void **state)
{
	static const char *const wrong[] = {"sesame", "sesamesesame",
		"sesame\nsesame", "sesame\xff",
		"sesamesesamesesamesesamesesamesesame"};
	struct ack_buf out = ACK_BUF_INIT(ACK_VALUE_MAX);
	struct ack_error e;

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		assert_int_equal(parse_bytes(ACK_P_login_password, wrong[i],
					 strlen(wrong[i]), &out, &e),
			-EINVAL);
		assert_null(memmem(&e, sizeof(e), "sesame", 6));
	}
	ack_buf_release(&out);
}

static void check_wire(unsigned row, const char *canon, const char *json)
{
	const struct ack_param *p = &ack_cluster_table.rows[row];
	struct ack_json *n = p->type->wire(p, canon);
	struct ack_buf out = ACK_BUF_INIT(4096);

	assert_non_null(n);
	ack_json_print(n, false, &out);
	assert_string_equal(ack_buf_text(&out), json);
	ack_buf_release(&out);
	ack_json_free(n);
}

static void test_wire(void **state)
{
	(void)state;
	check_wire(ACK_P_num_of_nodes, "3", "3");
	check_wire(ACK_P_node_cidr_mask, "25", "\"25\"");
	check_wire(ACK_P_snat_entry, "true", "true");
	check_wire(ACK_P_snat_entry, "false", "false");
	check_wire(ACK_P_key_pair, "a\"b", "\"a\\\"b\"");
	check_wire(ACK_P_worker_period, "12", "12");
}

static const struct {
	unsigned row;
	const char *json;
	const char *text; /* NULL: of the wrong type */
} read[] = {
	{ACK_P_num_of_nodes, "3", "3"},
	{ACK_P_num_of_nodes, "\"3\"", "3"},
	{ACK_P_num_of_nodes, "true", NULL},
	{ACK_P_num_of_nodes, "[3]", NULL},
	{ACK_P_node_cidr_mask, "25", "25"},
	{ACK_P_node_cidr_mask, "\"25\"", "25"},
	{ACK_P_snat_entry, "true", "true"},
	{ACK_P_snat_entry, "\"false\"", "false"},
	{ACK_P_snat_entry, "1", NULL},
	{ACK_P_name, "\"x\"", "x"},
	{ACK_P_name, "3", NULL},
	{ACK_P_login_password, "12345678", NULL},
	{ACK_P_container_cidr, "{}", NULL},
};

static void test_unwire(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(read); i++) {
		const struct ack_param *p =
			&ack_cluster_table.rows[read[i].row];
		struct ack_buf out = ACK_BUF_INIT(4096);
		struct ack_error e;
		size_t where;
		struct ack_json *n = ack_json_parse(
			read[i].json, strlen(read[i].json), &where);
		int ret = p->type->unwire(p, n, &out, &e);

		assert_int_equal(ret, read[i].text ? 0 : -EINVAL);
		if (read[i].text)
			assert_string_equal(ack_buf_text(&out), read[i].text);
		else
			assert_string_equal(e.param, p->name);
		ack_buf_release(&out);
		ack_json_free(n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_password_is_not_told),
		cmocka_unit_test(test_wire),
		cmocka_unit_test(test_unwire),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
