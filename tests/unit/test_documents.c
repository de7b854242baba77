/* SPDX-License-Identifier: MIT */
/* Values that are JSON. */
#include "param_case.h"

#define WINDOW     ACK_P_maintenance_window
#define POLICY     ACK_P_operation_policy
#define POINTS     ACK_P_control_plane_endpoints_config
#define POOLS      ACK_P_extra_nodepools
#define POOL(text) ACK_POOL_P_##text

static const struct param_case cases[] = {
	{WINDOW, "{\"enable\":true,\"duration\":\"3h\"}",
		"{\"enable\":true,\"duration\":\"3h\"}", NULL},
	{WINDOW, " {\n \"duration\" : \"3h\",\n \"enable\": false }\n",
		"{\"duration\":\"3h\",\"enable\":false}", NULL},
	{WINDOW, "{\"enable\":null}", "{}", NULL},
	{WINDOW, "{\"duration\":\"a\\nb\"}", "{\"duration\":\"a\\nb\"}", NULL},
	{POLICY, "{\"cluster_auto_upgrade\":{\"channel\":\"patch\"}}",
		"{\"cluster_auto_upgrade\":{\"channel\":\"patch\"}}", NULL},
	{POINTS,
		"{\"load_balancers_config\":[{\"endpoint_type\":\"private\"},"
		"{}],\"internal_dns_config\":{\"bind_vpcs\":[\"vpc-1\"]}}",
		"{\"load_balancers_config\":[{\"endpoint_type\":\"private\"},"
		"{}],\"internal_dns_config\":{\"bind_vpcs\":[\"vpc-1\"]}}",
		NULL},
	/* not whole yet */
	{WINDOW, "{", NULL, NULL},
	{WINDOW, "{\n\"enable\":tr", NULL, NULL},
	{WINDOW, "[", NULL, "is JSON of the shape"},
	/* wrong */
	{WINDOW, "true", NULL, "is JSON of the shape {enable:boolean,"},
	{WINDOW, "[]", NULL, "the value has to be a JSON object"},
	{WINDOW, "{\"enable\":true}\nmore", NULL, "line 2, column 1"},
	{WINDOW, "{\n\"enable\":}", NULL, "line 2, column 10"},
	{WINDOW, "{\"enable\":\"true\"}", NULL,
		"enable has to be a JSON boolean"},
	{WINDOW, "{\"duration\":3}", NULL, "duration has to be a JSON string"},
	{WINDOW, "{\"enabled\":true}", NULL,
		"\"enabled\" is not known; did you mean enable?; schema/"},
	{WINDOW, "{\"x\":1}", NULL, "\"x\" is not known; schema/maintenance"},
	{WINDOW, "{\"enable\":true,\"enable\":true}", NULL,
		"enable is there twice"},
	{POLICY, "{\"cluster_auto_upgrade\":{\"chanel\":\"patch\"}}", NULL,
		"\"cluster_auto_upgrade.chanel\" is not known; did you mean "
		"channel?"},
	{POLICY, "{\"cluster_auto_upgrade\":[]}", NULL,
		"cluster_auto_upgrade has to be a JSON object"},
	{POINTS, "{\"load_balancers_config\":{}}", NULL,
		"load_balancers_config has to be a JSON list"},
	{POINTS, "{\"load_balancers_config\":[{},1]}", NULL,
		"load_balancers_config[1] has to be a JSON object"},
	{POINTS, "{\"internal_dns_config\":{\"bind_vpcs\":[1]}}", NULL,
		"internal_dns_config.bind_vpcs[0] has to be a JSON string"},
	/* lists, and objects of any kind */
	{POOL(spot_price_limit),
		"[{\"instance_type\":\"a\",\"price_limit\":\"0.3\"}]",
		"[{\"instance_type\":\"a\",\"price_limit\":\"0.3\"}]", NULL,
		&ack_pool_table},
	{POOL(spot_price_limit), "[]", "", NULL, &ack_pool_table},
	{POOL(spot_price_limit), "{}", NULL, "has to be a JSON list",
		&ack_pool_table},
	{POOL(kubelet_configuration), "{\"maxPods\": 12345678901234567890}",
		"{\"maxPods\":12345678901234567890}", NULL, &ack_pool_table},
	{POOL(kubelet_configuration), "[1]", NULL, "has to be a JSON object",
		&ack_pool_table},
	{POOL(instance_patterns), "[{\"cores\":4,\"max_price\":0.5}]",
		"[{\"cores\":4,\"max_price\":0.5}]", NULL, &ack_pool_table},
	{POOL(instance_patterns), "[{\"cores\":\"4\"}]", NULL,
		"[0].cores has to be a JSON number", &ack_pool_table},

	/* on and off */
	{ACK_P_rrsa_config, "true", "true", NULL},
	{ACK_P_rrsa_config, " off\n", "false", NULL},
	{ACK_P_rrsa_config, "{\"enabled\": true}", "true", NULL},
	{ACK_P_auto_mode, "{\n\"enable\": false\n}\n", "false", NULL},
	{ACK_P_auto_mode, "{\"enable\"", NULL, NULL},
	{ACK_P_auto_mode, "maybe", NULL, "is neither true nor false"},
	{ACK_P_auto_mode, "{}", NULL, "says neither enabled nor enable"},
	{ACK_P_auto_mode, "{\"enable\":1}", NULL, "has to be a JSON boolean"},
	{ACK_P_auto_mode, "[true]", NULL, "has to be a JSON object"},
	{ACK_P_auto_mode, "[", NULL, "is JSON of the shape {"},

	/* pools */
	{POOLS, "{\"nodepool_info\":{\"name\":\"a\"}}",
		"{\"nodepool_info\":{\"name\":\"a\"},\"scaling_group\":{"
		"\"instance_charge_type\":\"PostPaid\"},\"kubernetes_config\":"
		"{\"runtime\":\"containerd\"}}",
		NULL},
	{POOLS,
		"[\n{\"kubernetes_config\": {\"runtime\": \"docker\"}},\n"
		"{\"scaling_group\": {\"desired_size\": 3, "
		"\"instance_charge_type\": \"PrePaid\"}}]\n",
		"{\"scaling_group\":{\"instance_charge_type\":\"PostPaid\"},"
		"\"kubernetes_config\":{\"runtime\":\"docker\"}}\n"
		"{\"scaling_group\":{\"instance_charge_type\":\"PrePaid\","
		"\"desired_size\":3},\"kubernetes_config\":{\"runtime\":"
		"\"containerd\"}}",
		NULL},
	{POOLS, "[]", "", NULL},
	{POOLS, "[{", NULL, NULL},
	{POOLS, "web", NULL, "\"web\" is not a node pool"},
	{POOLS, "[1]", NULL, "neither an object nor a string"},
	{POOLS, "{\"name\":\"a\"}", NULL,
		"in a node pool, name: is not a key that ackfs knows"},
	{POOLS, "{\"nodepool_info\":{\"name\":\"-\"}}", NULL,
		"in a node pool, name: \"-\" is not a name"},
	{POOLS,
		"{\"nodepool_info\":{\"name\":\"a\"}}\n"
		"{\"nodepool_info\":{\"name\":\"a\"}}",
		NULL, "\"a\" is there twice"},
	{POOLS, "{\"scaling_group\":{\"login_password\":\"aB345678\"}}", NULL,
		"login_password does not belong here"},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		check_case(&cases[i]);
}

/* The service may say more than it is told. */
static void test_lenient(void **state)
{
	static const char answer[] =
		"{\"enable\":true,\"state\":\"x\",\"duration\":3,"
		"\"weekly_period\":\"Thursday\"}";
	struct ack_param p = ack_cluster_table.rows[WINDOW];
	struct ack_buf out = ACK_BUF_INIT(65536);
	struct ack_error e;

	(void)state;
	p.flags |= ACK_LENIENT;
	assert_int_equal(
		ack_param_parse(&p, answer, strlen(answer), &out, &e), 0);
	assert_string_equal(ack_buf_text(&out),
		"{\"enable\":true,\"weekly_period\":\"Thursday\"}");
	ack_buf_release(&out);
}

static void test_password_is_not_shown(void **state)
{
	static const char text[] =
		"{\"scaling_group\":{\"login_password\":\"c2VjcmV0-A1\"}}";
	struct ack_buf out = ACK_BUF_INIT(65536);
	struct ack_error e;

	(void)state;
	assert_int_equal(
		parse_bytes(POOLS, text, strlen(text), &out, &e), -EINVAL);
	assert_null(memmem(&e, sizeof(e), "c2VjcmV0", 8));
	ack_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_lenient),
		cmocka_unit_test(test_password_is_not_shown),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
