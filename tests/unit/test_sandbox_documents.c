/* SPDX-License-Identifier: MIT */
/* Copies and merges of JSON, and bodies against a table. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "sandbox/checks.h"
#include "sandbox/choices.h"
#include "sandbox/documents.h"
#include "sandbox/objections.h"
#include "sandbox/pool_rows.h"
#include "sandbox/releases.h"

static struct ack_json *parse(const char *text)
{
	size_t where;
	struct ack_json *n = ack_json_parse(text, strlen(text), &where);

	assert_non_null(n);
	return n;
}

/* Compares, and frees n. */
static void assert_json(struct ack_json *n, const char *text)
{
	struct ack_buf out = ACK_BUF_INIT(4096);

	assert_non_null(n);
	ack_json_print(n, false, &out);
	assert_string_equal(ack_buf_text(&out), text);
	ack_buf_release(&out);
	ack_json_free(n);
}

static void test_merge(void **state)
{
	static const char *const cases[][3] = {
		{"{}", "{}", "{}"},
		{"{\"a\":1}", "{}", "{\"a\":1}"},
		{"{}", "{\"a\":1}", "{\"a\":1}"},
		{"{\"a\":1,\"b\":2}", "{\"a\":3}", "{\"a\":3,\"b\":2}"},
		{"{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"b\":3,\"d\":4}}",
			"{\"a\":{\"b\":3,\"c\":2,\"d\":4}}"},
		{"{\"a\":[1,2]}", "{\"a\":[3]}", "{\"a\":[3]}"},
		{"{\"a\":{\"b\":1}}", "{\"a\":\"x\"}", "{\"a\":\"x\"}"},
		{"{\"a\":\"x\"}", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1}}"},
		{"{\"a\":1,\"b\":2}", "{\"a\":null}", "{\"b\":2}"},
		{"{}", "{\"a\":null}", "{}"},
		{"{\"a\":{}}", "{\"a\":{\"login_password\":\"p\",\"b\":true}}",
			"{\"a\":{\"b\":true}}"},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct ack_json *base = parse(cases[i][0]);
		struct ack_json *change = parse(cases[i][1]);

		print_message("%s + %s\n", cases[i][0], cases[i][1]);
		assert_json(document_merge(base, change), cases[i][2]);
		assert_json(base, cases[i][0]);
		ack_json_free(change);
	}
}

static void test_copy_has_no_secrets(void **state)
{
	struct ack_json *n = parse("{\"a\":[{\"login_password\":\"p\","
				   "\"b\":1.50}],\"c\":null,\"d\":false}");

	(void)state;
	assert_json(document_copy(n), "{\"a\":[{\"b\":1.50}],\"d\":false}");
	assert_json(document_without(n, "a"), "{\"d\":false}");
	ack_json_free(n);
}

static void test_set(void **state)
{
	struct ack_json *root = NULL;

	(void)state;
	assert_int_equal(document_set(&root, "a", document_number(1)), 0);
	assert_int_equal(
		document_set_in(&root, "o", "b", ack_json_new_string("x")), 0);
	assert_int_equal(document_set(&root, "a", document_number(2)), 0);
	assert_int_equal(document_integer(root, "a", 0), 2);
	assert_int_equal(document_integer(root, "none", 7), 7);
	assert_false(document_flag(root, "a"));
	assert_json(root, "{\"o\":{\"b\":\"x\"},\"a\":2}");
}

static void test_depth(void **state)
{
	char text[128];

	(void)state;
	for (size_t depth = 1; depth < 24; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		text[2 * depth] = '\0';
		struct ack_json *n = parse(text);
		assert_int_equal(document_is_flat(n), depth <= 17);
		ack_json_free(n);
	}
}

/* How many faults the body of a pool has. */
static unsigned faults(const char *text, const char *change)
{
	struct ack_json *spec = parse(text);
	struct ack_json *part = change ? parse(change) : NULL;
	struct objections f = {NULL};
	unsigned count;

	pool_check(spec, part, &f);
	assert_int_equal(f.rc, 0);
	count = ack_json_count(f.data);
	ack_json_free(f.data);
	ack_json_free(spec);
	ack_json_free(part);
	return count;
}

static void test_pool_rows(void **state)
{
	static const char whole[] =
		"{\"nodepool_info\":{\"name\":\"x\"},\"scaling_group\":{"
		"\"vswitch_ids\":[\"vsw-a\"],\"instance_types\":[\"ecs\"]},"
		"\"kubernetes_config\":{\"runtime\":\"containerd\"}}";

	(void)state;
	assert_int_equal(faults("{}", NULL), 3);
	assert_int_equal(faults(whole, NULL), 0);
	assert_int_equal(faults(whole, "{}"), 0);
	assert_int_equal(faults(whole, "{\"nodepool_info\":{}}"), 0);
	assert_int_equal(
		faults(whole, "{\"nodepool_info\":{\"name\":\"\"}}"), 1);
	assert_int_equal(faults(whole, "{\"scaling_group\":{\"tags\":[1,{"
				       "\"key\":2}],\"desired_size\":1.5}}"),
		3);
	assert_int_equal(faults(whole, "{\"scaling_group\":{\"key_pair\":\"a\","
				       "\"login_password\":\"b\"}}"),
		1);
	assert_int_equal(faults(whole, "{\"management\":{\"upgrade_config\":"
				       "{\"surge\":1}}}"),
		0);
	assert_int_equal(faults(whole, "[]"), 1);
}

static const struct version *find(const char *name)
{
	for (size_t i = 0; i < nversions; i++)
		if (strcmp(versions[i].name, name) == 0)
			return &versions[i];
	abort();
}

static void test_versions(void **state)
{
	const struct version *newest = find(VERSION_NEWEST);

	(void)state;
	assert_true(version_is_offered("1.32.1-aliyun.1", newest));
	assert_true(version_is_offered("1.33.1-aliyun.1", newest));
	assert_true(version_is_offered("1.33.3-aliyun.0", newest));
	assert_false(version_is_offered(VERSION_NEWEST, newest));
	assert_false(version_is_offered("1.31.9-aliyun.1", newest));
	assert_false(version_is_offered("1.34.0-aliyun.1", newest));
	assert_false(version_is_offered("", newest));
	assert_false(version_is_offered("x", newest));
	assert_string_equal(version_next(VERSION_NEWEST), "");
	assert_string_equal(version_next("1.31.9-aliyun.1"), "1.32.7-aliyun.1");
	assert_string_equal(version_next("1.16.9-aliyun.1"), versions[0].name);
}

static void test_words(void **state)
{
	(void)state;
	assert_true(choice_is_among("a", "a|b"));
	assert_true(choice_is_among("b", "a|b"));
	assert_false(choice_is_among("", "a|b"));
	assert_false(choice_is_among("a|b", "a|b"));
	assert_false(choice_is_among("ab", "a|abc"));
	assert_true(choice_is_listed("c", "a,b,c", ','));
	assert_false(choice_is_listed("c", "", ','));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_copy_has_no_secrets),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_pool_rows),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_words),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
