/* SPDX-License-Identifier: MIT */
/* Bodies of other years and tools, as they are imported. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "params/body.h"
#include "params/body_drop.h"
#include "params/params.h"
#include "params/types.h"
#include "params/values.h"

struct pair {
	unsigned row;
	const char *text;
};

static void set_all(struct ack_values *v, const struct pair *pairs)
{
	for (; pairs->text; pairs++)
		assert_int_equal(ack_values_set(v, pairs->row, pairs->text,
					 strlen(pairs->text), 1),
			0);
}

static void parse(const char *body, struct ack_values *v)
{
	struct ack_error e;

	if (ack_body_parse(&ack_cluster_table, body, strlen(body), 7, v, &e))
		fail_msg("%s\n%s: %s\n%s", body, e.param, e.message, e.more);
}

/* Puts `n` where the path leads; the ways are objects. */
static void put_at(
	struct ack_json *object, const char *path, struct ack_json *n)
{
	size_t len = strcspn(path, ". ");
	char key[64];

	snprintf(key, sizeof(key), "%.*s", (int)len, path);
	if (path[len] != '.') {
		assert_int_equal(ack_json_add(object, key, n), 0);
		return;
	}
	if (!ack_json_get(object, key))
		ack_json_add(object, key, ack_json_object());
	put_at(ack_json_get(object, key), path + len + 1, n);
}

/* What a body of that one value gives; the row of what was dropped, too. */
static void read_at(const struct ack_table *t, const char *path,
	struct ack_json *n, struct ack_values *v)
{
	struct ack_json *body = ack_json_object();
	struct ack_buf text = ACK_BUF_INIT(65536);
	struct ack_error e;

	put_at(body, path, n);
	ack_json_print(body, false, &text);
	if (ack_body_parse(t, ack_buf_text(&text), text.len, 7, v, &e))
		fail_msg("%s: %s: %s", ack_buf_text(&text), e.param, e.message);
	ack_json_free(body);
	ack_buf_release(&text);
}

static const struct ack_table *const tables[] = {
	&ack_cluster_table, &ack_pool_table};

/* A value that is there under another name means what it means under its own.
 */
static void check_alias(
	const struct ack_table *t, unsigned row, const char *path)
{
	const struct ack_param *p = &t->rows[row];
	const char *example = p->example         ? p->example
			      : p->type->example ? p->type->example
						 : p->choices[0];
	struct ack_buf canon = ACK_BUF_INIT(65536);
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_error e;

	if (ack_param_parse(p, example, strlen(example), &canon, &e))
		fail_msg("%s: %s", path, e.message);
	read_at(t, path, p->type->wire(p, ack_buf_text(&canon)), &v);
	if (!ack_values_get(&v, row, NULL))
		fail_msg("%s says nothing", path);
	assert_string_equal(
		ack_values_get(&v, row, NULL), ack_buf_text(&canon));
	assert_null(ack_values_get(&v, ack_body_dropped_row(t), NULL));
	ack_values_release(&v);
	ack_buf_release(&canon);
}

/* A row for each alias. */
static void test_aliases(void **state)
{
	unsigned count = 0;

	(void)state;
	for (size_t k = 0; k < LENGTH(tables); k++)
		for (unsigned i = 0; i < tables[k]->count; i++) {
			const char *path = tables[k]->rows[i].alias;

			for (; path; path = strchr(path, ' '), count++) {
				path += *path == ' ';
				check_alias(tables[k], i, path);
			}
		}
	assert_true(count > 20);
}

/* A row for each key that is dropped: it is named, and nothing comes of it;
 * and no parameter has its place there. */
static void check_dropped(
	const struct ack_table *t, const struct ack_dropped *d)
{
	struct ack_values v = ACK_VALUES_INIT, none = ACK_VALUES_INIT;
	const char *said;
	char path[128];

	snprintf(path, sizeof(path), "%s%s",
		strncmp(d->path, "*.", 2) ? "" : "scaling_group.",
		d->path + (strncmp(d->path, "*.", 2) ? 0 : 2));
	if (path[strlen(path) - 1] == '*')
		strcpy(path + strlen(path) - 1, "x");
	assert_true(strlen(d->why) > 10);
	if (!strcmp(path, "worker_vswitch_ids")) /* an alias, too */
		return;
	read_at(t, path, ack_json_new_string("x"), &v);
	said = ack_values_get(&v, ack_body_dropped_row(t), NULL);
	if (!said || strcmp(said, path))
		fail_msg("%s: %s", path, said ? said : "not named");
	assert_string_equal(ack_body_dropped_why(t, said), d->why);
	assert_int_equal(ack_values_next(&v, 0), ack_body_dropped_row(t));
	ack_values_release(&v);
	/* what says nothing is not missed */
	read_at(t, path, ack_json_array(), &none);
	assert_int_equal(ack_values_next(&none, 0), -1);
	ack_values_release(&none);
}

static void test_dropped(void **state)
{
	(void)state;
	for (size_t k = 0; k < LENGTH(tables); k++) {
		const struct ack_table *t = tables[k];

		for (const struct ack_dropped *d = t->dropped; d->path; d++)
			check_dropped(t, d);
		for (unsigned i = 0; i < t->count; i++)
			for (int form = 0; form <= ACK_NODEPOOLS; form++) {
				const char *path = t->rows[i].place[form];

				assert_true(!path || t->rows[i].alias ||
					    !ack_table_dropped(t, path));
			}
	}
}

/* Bodies as the console, other tools and other years have them: what they
 * mean here, and which keys of them have no place. */
static const struct {
	const char *body;
	struct pair values[8];
	const char *dropped; /* NULL: nothing */
} others[] = {
	{"{\"vpc_id\":\"vpc-a\",\"zoneid\":\"cn-hangzhou-a\","
	 "\"pod_cidr\":\"10.0.0.0/16\",\"enable_rrsa\":false,"
	 "\"worker_instance_type\":\"ecs.g7.large\","
	 "\"custom_san\":\"a.b,10.0.0.1\"}",
		{{ACK_P_vpcid, "vpc-a"}, {ACK_P_zone_ids, "cn-hangzhou-a"},
			{ACK_P_container_cidr, "10.0.0.0/16"},
			{ACK_P_rrsa_config, "false"},
			{ACK_P_worker_instance_types, "ecs.g7.large"},
			{ACK_P_extra_sans, "a.b\n10.0.0.1"}},
		NULL},
	{"{\"taint\":[{\"key\":\"a\",\"value\":\"b\",\"effect\":"
	 "\"NoExecute\"}],\"vpc_id\":\"vpc-a\",\"vpcid\":\"vpc-a\"}",
		{{ACK_P_taints, "a=b:NoExecute"}, {ACK_P_vpcid, "vpc-a"}},
		NULL},
	{"{\"worker_vswitch_ids\":[\"vsw-a\"],\"master_count\":3,"
	 "\"master_vswitch_ids\":[],\"charge_type\":\"PostPaid\"}",
		{{ACK_P_vswitch_ids, "vsw-a"}}, "master_count\ncharge_type"},
	{"{\"worker_vswitch_ids\":[\"vsw-b\"],\"vswitch_ids\":[\"vsw-a\"]}",
		{{ACK_P_vswitch_ids, "vsw-a"}}, "worker_vswitch_ids"},
	{"{\"worker_system_disk_performance_level\":\"PL1\","
	 "\"image_id\":\"m-1\",\"nodepools\":[]}",
		{{ACK_P_worker_system_disk_performance_level, "PL1"},
			{ACK_P_image_id, "m-1"}, {ACK_P_num_of_nodes, "0"}},
		NULL},
	/* a pool without what is dropped of it is spread over parameters */
	{"{\"nodepools\":[{\"scaling_group\":{\"desired_size\":2,"
	 "\"platform\":\"AliyunLinux\",\"image_type\":\"AliyunLinux3\"},"
	 "\"management\":{\"rolling_policy\":{\"max_parallelism\":5}}}]}",
		{{ACK_P_num_of_nodes, "2"}, {ACK_P_platform, "AliyunLinux3"}},
		"nodepools[0].scaling_group.platform\n"
		"nodepools[0].management.rolling_policy"},
	/* and the password of any pool is no text of the pools */
	{"{\"nodepools\":[{\"nodepool_info\":{\"name\":\"b\"},"
	 "\"count\":2,\"scaling_group\":{\"login_password\":\"aB345678\","
	 "\"platform\":\"x\"}}]}",
		{{ACK_P_num_of_nodes, "0"}, {ACK_P_login_password, "aB345678"},
			{ACK_P_extra_nodepools,
				"{\"nodepool_info\":{\"name\":\"b\"},"
				"\"scaling_group\":{\"instance_charge_type\":"
				"\"PostPaid\",\"desired_size\":2},"
				"\"kubernetes_config\":{\"runtime\":"
				"\"containerd\"}}"}},
		"nodepools[0].scaling_group.platform"},
};

static void test_others(void **state)
{
	const unsigned row = ack_body_dropped_row(&ack_cluster_table);

	(void)state;
	for (size_t i = 0; i < LENGTH(others); i++) {
		struct ack_values v = ACK_VALUES_INIT, want = ACK_VALUES_INIT;

		set_all(&want, others[i].values);
		if (others[i].dropped)
			ack_values_set(&want, row, others[i].dropped,
				strlen(others[i].dropped), 1);
		parse(others[i].body, &v);
		for (unsigned r = 0; r <= row; r++) {
			const char *a = ack_values_get(&want, r, NULL);
			const char *b = ack_values_get(&v, r, NULL);

			if (!a != !b || (a && strcmp(a, b)))
				fail_msg("%s\n%u: %s", others[i].body, r,
					b ? b : "");
		}
		ack_values_release(&v);
		ack_values_release(&want);
	}
}

/* Nodes of pools without a key pair have the password of the cluster. */
static void test_shared_password(void **state)
{
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_buf out = ACK_BUF_INIT(65536);
	static const char body[] =
		"{\"login_password\":\"aB345678\",\"nodepools\":["
		"{\"nodepool_info\":{\"name\":\"b\"},\"scaling_group\":{}},"
		"{\"nodepool_info\":{\"name\":\"c\"},\"scaling_group\":{"
		"\"key_pair\":\"kk\"}}]}";

	(void)state;
	parse(body, &v);
	ack_body_build(
		&ack_cluster_table, &v, ACK_NODEPOOLS, true, false, &out);
	assert_non_null(
		strstr(out.data, "\"b\"},\"scaling_group\":{"
				 "\"instance_charge_type\":\"PostPaid\","
				 "\"login_password\":\"aB345678\"}"));
	assert_null(strstr(strstr(out.data, "\"c\""), "login_password"));
	ack_buf_clear(&out);
	ack_body_build(
		&ack_cluster_table, &v, ACK_NODEPOOLS, false, false, &out);
	assert_null(strstr(out.data, "aB345678"));
	ack_buf_release(&out);
	ack_values_release(&v);
}

static void test_no_nodes(void **state)
{
	static const struct pair some[] = {
		{ACK_P_vpcid, "vpc-a"}, {ACK_P_vswitch_ids, "vsw-a"}, {0}};
	struct ack_values v = ACK_VALUES_INIT, w = ACK_VALUES_INIT;

	(void)state;
	set_all(&v, some);
	assert_int_equal(ack_body_no_nodes(&ack_cluster_table, &v, 1), 0);
	assert_string_equal(ack_values_get(&v, ACK_P_num_of_nodes, NULL), "0");
	ack_values_set(&w, ACK_P_worker_instance_types, "ecs.a", 5, 1);
	assert_int_equal(ack_body_no_nodes(&ack_cluster_table, &w, 1), 0);
	assert_null(ack_values_get(&w, ACK_P_num_of_nodes, NULL));
	assert_int_equal(ack_body_no_nodes(&ack_pool_table, &w, 1), 0);
	ack_values_release(&v);
	ack_values_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_shared_password),
		cmocka_unit_test(test_no_nodes),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
