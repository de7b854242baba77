/* SPDX-License-Identifier: MIT */
/* Texts, bodies and tables when memory is short: -ENOMEM, and nothing else. */
#include "failing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "client/endpoint.h"
#include "client/sign.h"
#include "params/body.h"
#include "params/params.h"
#include "params/types.h"
#include "params/values.h"
#include "unit.h"

#define TEXT_MAX (4u << 20)

struct text {
	const struct ack_param *param;
	const char *text;
};

static int parse(const struct text *t, const char *text, struct ack_buf *canon)
{
	struct ack_error e;
	int ret = ack_param_parse(t->param, text, strlen(text), canon, &e);

	assert_true(!ret || -e.err == ret);
	return ret;
}

/* As it was written, as JSON of a request, and read back from that. */
static int write_and_read(void *arg)
{
	const struct text *t = arg;
	struct ack_buf canon = ACK_BUF_INIT(TEXT_MAX);
	struct ack_buf wire = ACK_BUF_INIT(TEXT_MAX);
	struct ack_buf again = ACK_BUF_INIT(TEXT_MAX);
	struct ack_json *n = NULL;
	struct ack_error e;
	int ret;

	failing_begin();
	ret = parse(t, t->text, &canon);
	if (!ret) {
		n = t->param->type->wire(t->param, ack_buf_text(&canon));
		ret = n ? 0 : -ENOMEM;
	}
	if (!ret) {
		ack_json_print(n, false, &wire);
		ret = ack_buf_status(&wire);
	}
	if (!ret)
		ret = ack_param_read(t->param, n, &again, &e);
	failing_end();
	if (!ret)
		assert_string_equal(ack_buf_text(&again), ack_buf_text(&canon));
	/* a list is also written as its JSON */
	ack_buf_clear(&again);
	failing_begin();
	if (!ret && t->param->type->list && !ack_json_string(n))
		ret = parse(t, ack_buf_text(&wire), &again);
	failing_end();
	ack_json_free(n);
	ack_buf_release(&again);
	ack_buf_release(&wire);
	ack_buf_release(&canon);
	return ret;
}

static void try_rows(const struct ack_table *t)
{
	for (unsigned row = 0; row < t->count; row++) {
		const struct ack_param *p = &t->rows[row];
		struct text text = {
			p, p->example ? p->example : p->type->example};

		if (p->choices && !p->type->list)
			text.text = p->choices[0];
		every_allocation(p->name, write_and_read, &text);
	}
}

static void test_values(void **state)
{
	(void)state;
	try_rows(&ack_cluster_table);
	try_rows(&ack_pool_table);
}

static const struct {
	unsigned row;
	const char *text;
} sample[] = {
	{ACK_P_name, "test"},
	{ACK_P_num_of_nodes, "3"},
	{ACK_P_addons, "flannel\nlog {\"a\":\"b\"}\nother@1.2"},
	{ACK_P_worker_instance_types, "ecs.g7.large\necs.g7.xlarge"},
	{ACK_P_worker_data_disks, "cloud_ssd 500"},
	{ACK_P_vswitch_ids, "vsw-2ze48rkq464rsdts1abcd"},
	{ACK_P_login_password, "Test@1900ackfs"},
	{ACK_P_taints, "special=true:NoSchedule"},
	{ACK_P_tags, "a=b\nc=d"},
};

static void fill(struct ack_values *v)
{
	for (size_t i = 0; i < LENGTH(sample); i++)
		assert_int_equal(
			ack_values_set(v, sample[i].row, sample[i].text,
				strlen(sample[i].text), 1),
			0);
}

static int build(void *arg)
{
	const enum ack_form *form = arg;
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_buf out = ACK_BUF_INIT(TEXT_MAX);
	int ret;

	fill(&v);
	failing_begin();
	ret = ack_body_build(&ack_cluster_table, &v, *form, true, true, &out);
	failing_end();
	ack_values_release(&v);
	ack_buf_release(&out);
	return ret;
}

static int read_body(void *arg)
{
	const enum ack_form *form = arg;
	struct ack_values v = ACK_VALUES_INIT, old = ACK_VALUES_INIT;
	struct ack_buf text = ACK_BUF_INIT(TEXT_MAX);
	struct ack_error e;
	size_t len;
	int ret;

	fill(&v);
	assert_int_equal(ack_body_build(&ack_cluster_table, &v, *form, true,
				 false, &text),
		0);
	ack_values_release(&v);
	ack_values_set(&v, ACK_P_name, "before", 6, 1);
	ack_values_copy(&old, &v);
	failing_begin();
	ret = ack_body_parse(
		&ack_cluster_table, ack_buf_text(&text), text.len, 2, &v, &e);
	failing_end();
	/* all of it or nothing */
	if (ret) {
		assert_int_equal(v.len, old.len);
		assert_memory_equal(v.block, old.block, v.len);
		assert_int_equal(e.err, -ret);
	} else {
		assert_string_equal(
			ack_values_get(&v, ACK_P_tags, &len), "a=b\nc=d");
	}
	ack_values_release(&v);
	ack_values_release(&old);
	ack_buf_release(&text);
	return ret;
}

static void test_bodies(void **state)
{
	enum ack_form forms[] = {ACK_CLASSIC, ACK_NODEPOOLS};

	(void)state;
	for (size_t i = 0; i < LENGTH(forms); i++) {
		every_allocation("building a body", build, &forms[i]);
		every_allocation("reading a body", read_body, &forms[i]);
	}
}

static int read_answer(void *arg)
{
	static const char text[] =
		"{\"cluster_id\":\"c1\",\"name\":\"a\",\"size\":3,"
		"\"vswitch_ids\":[\"vsw-1\",\"vsw-2\"],"
		"\"deletion_protection\":true,"
		"\"tags\":[{\"key\":\"a\",\"value\":\"b\"}]}";
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_json *n;
	size_t where = 0;
	int ret = 0;

	(void)arg;
	failing_begin();
	n = ack_json_parse(text, sizeof(text) - 1, &where);
	if (!n)
		ret = where == ACK_JSON_NO_MEMORY ? -ENOMEM : -EINVAL;
	else
		ret = ack_body_read(&ack_cluster_table, n, 1, &v);
	failing_end();
	ack_json_free(n);
	ack_values_release(&v);
	return ret;
}

static int print_schema(void *arg)
{
	struct ack_buf out = ACK_BUF_INIT(TEXT_MAX);
	int ret;

	(void)arg;
	failing_begin();
	ack_param_schema(&ack_cluster_table.rows[ACK_P_addons], &out);
	failing_end();
	ret = ack_buf_status(&out);
	ack_buf_release(&out);
	return ret;
}

static int sign(void *arg)
{
	static const struct ack_query query[] = {{"b", "1"}, {"a", NULL}};
	static const struct ack_header headers[] = {
		{"host", "h"}, {"x-acs-date", "2026-01-02T03:04:05Z"}};
	static const struct ack_sign_request r = {.method = "GET",
		.path = "/clusters",
		.query = query,
		.nquery = LENGTH(query),
		.headers = headers,
		.nheaders = LENGTH(headers),
		.payload_hash = "0"};
	struct ack_buf out = ACK_BUF_INIT(TEXT_MAX);
	int ret;

	(void)arg;
	failing_begin();
	ret = ack_authorization(&r, "id", "word", &out);
	failing_end();
	ack_buf_release(&out);
	return ret;
}

static void test_others(void **state)
{
	(void)state;
	every_allocation("reading an answer", read_answer, NULL);
	every_allocation("schema/addons", print_schema, NULL);
	every_allocation("signing", sign, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_others),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
