/* SPDX-License-Identifier: MIT */
#include "param_case.h"

#include "params/guess.h"
#include "params/shape.h"

/* Those of the classic request, and what its rules need besides. */
static const char *const names[] = {"cluster_type", "key_pair",
	"login_password", "name", "num_of_nodes", "region_id", "snat_entry",
	"vswitch_ids", "worker_system_disk_category", "worker_system_disk_size",
	"addons", "container_cidr", "cloud_monitor_flags", "disable_rollback",
	"public_slb", "proxy_mode", "endpoint_public_access",
	"security_group_id", "service_cidr", "tags", "taints", "timeout_mins",
	"vpcid", "worker_auto_renew", "worker_auto_renew_period",
	"worker_data_disk", "worker_data_disks", "worker_data_disk_category",
	"worker_data_disk_size", "worker_instance_charge_type", "worker_period",
	"worker_period_unit", "worker_instance_types", "cpu_policy", "runtime",
	"platform", "os_type", "node_cidr_mask", "kubernetes_version",
	"deletion_protection", "is_enterprise_security_group",
	"retain_resources", "delete_options", "kubeconfig_minutes",
	"live_addons",
	/* today's */
	"profile", "cluster_spec", "resource_group_id", "timezone", "zone_ids",
	"ip_stack", "cluster_domain", "service_account_issuer", "api_audiences",
	"extra_sans", "user_ca", "encryption_provider_key", "load_balancer_id",
	"control_plane_endpoints_config", "controlplane_log_components",
	"controlplane_log_project", "controlplane_log_ttl", "audit_log_config",
	"maintenance_window", "operation_policy", "rrsa_config", "auto_mode",
	"extra_nodepools", "user_data", "node_name_mode", "image_type",
	"pod_vswitch_ids", "worker_system_disk_performance_level", "image_id",
	"rds_instances"};

static void test_names(void **state)
{
	const struct ack_table *t = &ack_cluster_table;

	(void)state;
	assert_int_equal(t->count, LENGTH(names));
	for (size_t i = 0; i < LENGTH(names); i++) {
		int row = ack_table_find(t, names[i]);

		assert_true(row >= 0);
		assert_string_equal(t->rows[row].name, names[i]);
	}
	assert_int_equal(ack_table_find(t, "taint"), -1);
	assert_int_equal(ack_table_find(t, ""), -1);
	assert_string_equal(t->rows[ACK_P_vpcid].name, "vpcid");
	assert_string_equal(
		t->rows[ACK_P_cloud_monitor_flags].name, "cloud_monitor_flags");
}

static const char *member(const struct ack_json *row, const char *key)
{
	return ack_json_get_string(row, key);
}

/* What is sent has the shape that the table tells. */
static void check_shape(const struct ack_param *p, const char *text)
{
	struct ack_json *n = p->type->wire(p, text), *fit;
	struct ack_error e;

	fit = ack_shape_fit(p, ack_param_shape(p), n, &e);
	if (!fit)
		fail_msg("%s: %s", p->name, e.message);
	ack_json_free(fit);
	ack_json_free(n);
}

/* Whatever a row gives as an example, default or choice is accepted. */
static void check_rows(const struct ack_table *t)
{
	struct ack_buf text = ACK_BUF_INIT(1u << 20);
	size_t where;

	ack_table_json(t, &text);
	assert_int_equal(ack_buf_status(&text), 0);
	struct ack_json *list = ack_json_parse(text.data, text.len, &where);
	assert_int_equal(ack_json_count(list), t->count);

	unsigned i = 0;
	for (const struct ack_json *row = ack_json_first(list); row;
		row = ack_json_next(row), i++) {
		const struct ack_param *p = &t->rows[i];
		const char *example = member(row, "example");
		struct param_case c = {i, example, example, NULL, t};

		assert_string_equal(member(row, "name"), ack_param_file(p));
		assert_string_equal(member(row, "type"), p->type->name);
		if (strlen(p->en) <= 20 || strlen(p->zh) <= 20)
			fail_msg("%s says too little", p->name);
		/* a cluster's upgrade has a call with another body */
		assert_int_equal(p->change == ACK_MODIFY ||
					 (p->change == ACK_UPGRADE &&
						 t == &ack_pool_table),
			p->place[ACK_EDIT] != NULL);
		assert_false(p->flags & ACK_SECRET && p->place[ACK_LIVE]);
		check_case(&c);
		check_shape(p, example);
		if (p->fallback) {
			c.text = c.canon = p->fallback;
			check_case(&c);
			assert_string_equal(member(row, "default"), c.text);
		}
		for (size_t k = 0;
			p->choices && k < 16 && p->choices[k] &&
			!p->type->list && p->type != &ack_type_runtime;
			k++) {
			c.text = c.canon = p->choices[k];
			check_case(&c);
		}
	}
	ack_json_free(list);
	ack_buf_release(&text);
}

static void test_rows_agree_with_themselves(void **state)
{
	(void)state;
	check_rows(&ack_cluster_table);
	check_rows(&ack_pool_table);
	assert_string_equal(ack_cluster_table.name, "cluster");
	assert_string_equal(ack_pool_table.name, "nodepool");
}

static void test_json_row(void **state)
{
	struct ack_buf text = ACK_BUF_INIT(1u << 20);
	size_t where;
	int64_t value;
	bool flag;

	(void)state;
	ack_table_json(&ack_cluster_table, &text);
	struct ack_json *list = ack_json_parse(text.data, text.len, &where);
	const struct ack_json *row = ack_json_first(list);

	while (strcmp(member(row, "name"), "worker_data_disk_size") != 0)
		row = ack_json_next(row);
	assert_true(ack_json_integer(ack_json_get(row, "min"), &value));
	assert_int_equal(value, 40);
	assert_true(ack_json_integer(ack_json_get(row, "max"), &value));
	assert_int_equal(value, 32768);
	assert_true(ack_json_is_null(ack_json_get(row, "choices")));
	assert_true(ack_json_boolean(ack_json_get(row, "deprecated"), &flag));
	assert_true(flag);
	assert_true(ack_json_boolean(ack_json_get(row, "secret"), &flag));
	assert_false(flag);
	assert_string_equal(member(row, "unit"), "GiB");
	assert_string_equal(member(row, "required"), "no");
	assert_string_equal(member(ack_json_get(row, "places"), "classic"),
		"worker_data_disks[+].size");
	assert_string_equal(member(row, "changes"), "never");
	row = ack_json_first(list);
	assert_string_equal(member(row, "changes"), "modify");
	assert_string_equal(
		member(ack_json_get(row, "places"), "live"), "name");
	assert_string_equal(
		member(ack_json_get(row, "places"), "edit"), "cluster_name");
	ack_json_free(list);
	ack_buf_release(&text);
}

static const struct {
	unsigned row;
	const char *start; /* as far as the meaning, which is prose */
} schemas[] = {
	{ACK_P_num_of_nodes,
		"name: num_of_nodes\n"
		"type: integer\n"
		"unit: nodes\n"
		"required: yes\n"
		"range: 0 to 100\n"
		"changes: at any time, by scaling\n"
		"write: 3\n"
		"request: num_of_nodes\n"
		"nodepools: nodepools[0].scaling_group.desired_size\n"
		"meaning: "},
	{ACK_P_public_slb, "name: public_slb\n"
			   "type: boolean\n"
			   "required: no\n"
			   "deprecated: yes\n"
			   "changes: never\n"
			   "write: true\n"
			   "request: endpoint_public_access\n"
			   "nodepools: endpoint_public_access\n"
			   "meaning: "},
	{ACK_P_login_password,
		"name: login_password\n"
		"type: password\n"
		"required: no\n"
		"characters: 8 to 30\n"
		"secret: yes\n"
		"changes: never\n"
		"write: correct-Horse-7\n"
		"request: login_password\n"
		"nodepools: nodepools[0].scaling_group.login_password\n"
		"meaning: "},
	{ACK_P_cluster_type, "name: cluster_type\n"
			     "type: choice\n"
			     "required: yes\n"
			     "choices: ManagedKubernetes\n"
			     "other words: accepted with a warning\n"
			     "default: ManagedKubernetes\n"
			     "changes: never\n"
			     "write: ManagedKubernetes\n"
			     "request: cluster_type\n"
			     "nodepools: cluster_type\n"
			     "meaning: "},
	{ACK_P_os_type, "name: os_type\n"
			"type: choice\n"
			"required: no\n"
			"choices: Linux Windows\n"
			"default: Linux\n"
			"changes: never\n"
			"write: Linux\n"
			"request: os_type\n"
			"nodepools: not sent\n"
			"meaning: "},
	{ACK_P_vswitch_ids, "name: vswitch_ids\n"
			    "type: ids\n"
			    "required: no\n"
			    "items: 1 to 20\nusually at most: 3\n"
			    "begins with: vsw-\n"
			    "changes: at any time\n"
			    "write: vsw-2ze48rkq464rsdts1abcd\n"
			    "request: vswitch_ids\n"
			    "nodepools: vswitch_ids nodepools[0].scaling_group."
			    "vswitch_ids\n"
			    "meaning: "},
};

static void test_schema(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(schemas); i++) {
		const char *start = schemas[i].start;
		struct ack_buf out = ACK_BUF_INIT(65536);

		ack_param_schema(&ack_cluster_table.rows[schemas[i].row], &out);
		if (strncmp(ack_buf_text(&out), start, strlen(start)) != 0)
			fail_msg("%snot\n%s", ack_buf_text(&out), start);
		assert_non_null(strstr(out.data, "\n含义："));
		assert_int_equal(out.data[out.len - 1], '\n');
		ack_buf_release(&out);
	}
}

static void test_guess(void **state)
{
	static const struct {
		const struct ack_table *table;
		const char *name, *meant;
	} guesses[] = {
		/* what a node pool calls otherwise, and the other way */
		{&ack_pool_table, "num_of_nodes", "desired_size"},
		{&ack_pool_table, "worker_instance_types", "instance_types"},
		{&ack_pool_table, "worker_system_disk_size",
			"system_disk_size"},
		{&ack_pool_table, "worker_period", "period"},
		{&ack_cluster_table, "desired_size", "num_of_nodes"},
		{&ack_cluster_table, "instance_types", "worker_instance_types"},
		{&ack_cluster_table, "system_disk_category",
			"worker_system_disk_category"},
		/* what other tools say */
		{&ack_cluster_table, "node_count", "num_of_nodes"},
		{&ack_cluster_table, "nodes", "num_of_nodes"},
		{&ack_pool_table, "count", "desired_size"},
		{&ack_cluster_table, "version", "kubernetes_version"},
		{&ack_cluster_table, "password", "login_password"},
		{&ack_pool_table, "key_name", "key_pair"},
		{&ack_cluster_table, "pod_cidr", "container_cidr"},
		{&ack_pool_table, "max_size", "max_instances"},
		{&ack_cluster_table, "region", "region_id"},
		/* a letter more or less */
		{&ack_cluster_table, "vpc_id", "vpcid"},
		{&ack_cluster_table, "num_of_node", "num_of_nodes"},
		{&ack_cluster_table, "vswitch_id", "vswitch_ids"},
		/* a word of it */
		{&ack_cluster_table, "protection", "deletion_protection"},
		{&ack_cluster_table, "maintenance", "maintenance_window"},
		/* no idea */
		{&ack_cluster_table, "", NULL},
		{&ack_cluster_table, "of_", NULL},
		{&ack_cluster_table, "nonsense", NULL},
		{&ack_pool_table, "container_cidr", NULL},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(guesses); i++) {
		const char *meant = ack_guess(
			guesses[i].table, guesses[i].name);

		if (!meant != !guesses[i].meant)
			fail_msg("%s: %s", guesses[i].name, meant);
		else if (!meant)
			continue;
		else
			assert_string_equal(meant, guesses[i].meant);
	}
	/* a name of the other table never means none of this one's places */
	for (unsigned i = 0; i < ack_cluster_table.count; i++) {
		const struct ack_param *p = &ack_cluster_table.rows[i];
		const char *meant = ack_guess(&ack_pool_table, p->name);

		if (!p->place[ACK_NODEPOOLS] ||
			strncmp(p->place[ACK_NODEPOOLS],
				"nodepools[0].scaling_group.", 27) ||
			strpbrk(p->place[ACK_NODEPOOLS], " +="))
			continue;
		assert_non_null(meant);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guess),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_rows_agree_with_themselves),
		cmocka_unit_test(test_json_row),
		cmocka_unit_test(test_schema),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
