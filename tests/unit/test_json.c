/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/length.h"

/* Copied to its exact size, so that a sanitizer sees a read beyond it. */
static struct ack_json *parse(const char *text, size_t len, size_t *where)
{
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	struct ack_json *n = ack_json_parse(copy, len, where);
	free(copy);
	return n;
}

#define EARLY SIZE_MAX

static const struct {
	const char *text;
	size_t len; /* 0: strlen */
	size_t where;
} refused[] = {
	{"", 0, EARLY},
	{"  ", 0, EARLY},
	{"{", 0, EARLY},
	{"{\"a\"", 0, EARLY},
	{"{\"a\":", 0, EARLY},
	{"{\"a\":1", 0, EARLY},
	{"{\"a\":1,", 0, EARLY},
	{"[1,", 0, EARLY},
	{"\"ab", 0, EARLY},
	{"\"ab\\", 0, EARLY},
	{"\"ab\\u00", 0, EARLY},
	{"\"\\ud83d\\u", 0, EARLY},
	{"\"\xe4\xb8", 0, EARLY},
	{"tru", 0, EARLY},
	{"-", 0, EARLY},
	{"1.", 0, EARLY},
	{"1e+", 0, EARLY},
	{"{}x", 0, 2},
	{"{} {}", 0, 3},
	{"[1,]", 0, 3},
	{"{\"a\":1,}", 0, 7},
	{"{a:1}", 0, 1},
	{"{'a':1}", 0, 1},
	{"[01]", 0, 2},
	{"[+1]", 0, 1},
	{"[.5]", 0, 1},
	{"[NaN]", 0, 1},
	{"nul1", 0, 3},
	{"\"a\nb\"", 0, 2},
	{"\"\\x\"", 0, 2},
	{"\"\\u00g0\"", 0, 5},
	{"\"\\u0000\"", 0, 2},
	{"\"a\0b\"", 5, 2},
	{"1\0", 2, 1},
	{"\"\\udc00\"", 0, 2},
	{"\"\\ud83dx\"", 0, 7},
	{"\"\\ud83d\\u0041\"", 0, 9},
	{"\"\xff\"", 0, 1},
	{"\"\xc0\x80\"", 0, 1},
	{"\"\xed\xa0\x80\"", 0, 1},
	{"\xef\xbb\xbf{}", 0, 0},
	{"<html>", 0, 0},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(refused); i++) {
		const char *text = refused[i].text;
		size_t len = refused[i].len ? refused[i].len : strlen(text);
		size_t where = 12345;

		if (parse(text, len, &where))
			fail_msg("accepted: %s", text);
		if (where !=
			(refused[i].where == EARLY ? len : refused[i].where))
			fail_msg("%s: fault at %zu", text, where);
	}
}

static void test_depth(void **state)
{
	char text[2 * (ACK_JSON_DEPTH + 1) + 1] = "";
	size_t where;

	(void)state;
	memset(text, '[', ACK_JSON_DEPTH);
	memset(text + ACK_JSON_DEPTH, ']', ACK_JSON_DEPTH);
	struct ack_json *n = parse(text, strlen(text), &where);
	assert_non_null(n);
	ack_json_free(n);
	memset(text, '[', ACK_JSON_DEPTH + 1);
	memset(text + ACK_JSON_DEPTH + 1, ']', ACK_JSON_DEPTH + 1);
	assert_null(parse(text, strlen(text), &where));
	assert_int_equal(where, ACK_JSON_DEPTH);
}

/* Read and printed again, numbers keep every digit. */
static void test_print(void **state)
{
	static const char text[] =
		"{\"s\":\"q\\\" b\\\\ \\n\\t\\u0001 \xe4\xb8\xad \\u00e9\","
		"\"n\":[0,-1,12345678901234567890,1.50,1e400,[],{}],"
		"\"b\":[true,false,null]}";
	static const char line[] =
		"{\"s\":\"q\\\" b\\\\ \\n\\t\\u0001 \xe4\xb8\xad \xc3\xa9\","
		"\"n\":[0,-1,12345678901234567890,1.50,1e400,[],{}],"
		"\"b\":[true,false,null]}";
	static const char pretty[] = "{\n  \"a\": [\n    1,\n    {\n"
				     "      \"b\": {}\n    }\n  ]\n}";
	struct ack_buf out = ACK_BUF_INIT(10000);
	size_t where;

	(void)state;
	struct ack_json *n = parse(text, strlen(text), &where);
	ack_json_print(n, false, &out);
	assert_string_equal(ack_buf_text(&out), line);
	ack_json_free(n);

	ack_buf_clear(&out);
	n = parse(" {\"a\":[1,{\"b\":{}}]}\n", 20, &where);
	ack_json_print(n, true, &out);
	assert_string_equal(ack_buf_text(&out), pretty);
	ack_json_free(n);
	ack_buf_release(&out);
}

/* What a terminal obeys: it leaves as it came, but never as it is. */
static void test_print_escapes(void **state)
{
	static const char text[] =
		"{\"\xc2\x9b\":\"\x7f\xc2\x80\xc2\x9f\xc2\xa0"
		"\\u001b\\u0085\"}";
	static const char line[] =
		"{\"\\u009b\":\"\\u007f\\u0080\\u009f\xc2\xa0"
		"\\u001b\\u0085\"}";
	struct ack_buf out = ACK_BUF_INIT(10000);
	size_t where;

	(void)state;
	struct ack_json *n = parse(text, strlen(text), &where);
	ack_json_print(n, false, &out);
	assert_string_equal(ack_buf_text(&out), line);
	ack_json_free(n);
	ack_buf_release(&out);
}

/* What a service says may hold so many values, and not one more. */
static void test_many(void **state)
{
	static const char *const units[] = {
		"0,", "[],", "\"\\u0041,[{\",", "null,", "-1.5e3,"};
	size_t where;

	(void)state;
	for (size_t i = 0; i < LENGTH(units); i++) {
		for (size_t count = ACK_JSON_VALUES - 1;
			count <= ACK_JSON_VALUES; count++) {
			struct ack_buf text = ACK_BUF_INIT(4u << 20);

			ack_buf_putc(&text, '[');
			for (size_t k = 0; k < count; k++)
				ack_buf_puts(&text, units[i]);
			text.data[text.len - 1] = ']';
			struct ack_json *n = ack_json_parse_answer(
				text.data, text.len, &where);
			assert_int_equal(n != NULL, count < ACK_JSON_VALUES);
			ack_json_free(n);
			n = ack_json_parse(text.data, text.len, &where);
			assert_int_equal(ack_json_count(n), count);
			ack_json_free(n);
			ack_buf_release(&text);
		}
	}
}

static void test_values(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} rows[] = {
		{"0", true, 0},
		{"-7", true, -7},
		{"3.0", true, 3},
		{"9007199254740991", true, 9007199254740991},
		{"-9007199254740991", true, -9007199254740991},
		{"9007199254740993", false, 0},
		{"1e400", false, 0},
		{"1.5", false, 0},
		{"\"1\"", false, 0},
		{"true", false, 0},
	};
	size_t where;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		int64_t value = 0;
		struct ack_json *n = parse(
			rows[i].text, strlen(rows[i].text), &where);

		if (ack_json_integer(n, &value) != rows[i].ok ||
			value != rows[i].value)
			fail_msg("%s", rows[i].text);
		ack_json_free(n);
	}
}

static void test_walk(void **state)
{
	static const char text[] =
		"{\"Code\":\"x\",\"code\":\"y\",\"n\":3,\"b\":true}";
	const struct ack_json *n;
	size_t where;
	bool b;

	(void)state;
	struct ack_json *root = parse(text, strlen(text), &where);
	assert_string_equal(ack_json_get_string(root, "code"), "y");
	assert_string_equal(ack_json_get_string(root, "Code"), "x");
	assert_null(ack_json_get_string(root, "CODE"));
	assert_null(ack_json_get_string(root, "n"));
	assert_string_equal(ack_json_number(ack_json_get(root, "n")), "3");
	assert_true(ack_json_boolean(ack_json_get(root, "b"), &b) && b);
	assert_int_equal(ack_json_count(root), 4);
	n = ack_json_first(root);
	assert_string_equal(ack_json_key(n), "Code");
	assert_string_equal(ack_json_key(ack_json_next(n)), "code");
	ack_json_free(root);

	/* None of them minds NULL. */
	assert_null(ack_json_get(NULL, "a"));
	assert_null(ack_json_first(NULL));
	assert_null(ack_json_next(NULL));
	assert_string_equal(ack_json_key(NULL), "");
	assert_null(ack_json_string(NULL));
	assert_null(ack_json_number(NULL));
	assert_int_equal(ack_json_count(NULL), 0);
	assert_false(ack_json_is_object(NULL) || ack_json_is_array(NULL) ||
		     ack_json_is_number(NULL) || ack_json_is_null(NULL));
	assert_false(ack_json_boolean(NULL, &b));
	ack_json_free(NULL);
}

static void test_build(void **state)
{
	struct ack_json *root = ack_json_object(), *list = ack_json_array();
	struct ack_buf out = ACK_BUF_INIT(1000);

	(void)state;
	assert_int_equal(ack_json_add_string(root, "s", "a\"b"), 0);
	assert_int_equal(
		ack_json_add(list, NULL, ack_json_new_number("007")), 0);
	assert_int_equal(
		ack_json_add(list, NULL, ack_json_new_boolean(false)), 0);
	assert_int_equal(ack_json_add(root, "l", list), 0);
	assert_int_not_equal(ack_json_add(root, "x", NULL), 0);
	assert_int_not_equal(
		ack_json_add(NULL, "x", ack_json_new_string("freed")), 0);
	ack_json_print(root, false, &out);
	assert_string_equal(
		ack_buf_text(&out), "{\"s\":\"a\\\"b\",\"l\":[007,false]}");
	ack_json_free(root);
	ack_buf_release(&out);
}

static struct ack_json *parsed(const char *text)
{
	size_t where;
	struct ack_json *n = ack_json_parse(text, strlen(text), &where);

	assert_non_null(n);
	return n;
}

static void test_same(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{"{\"a\":1,\"b\":[true,null]}", "{ \"b\":[true,null],\"a\":1 }",
			true},
		{"{}", "{}", true},
		{"{}", "[]", false},
		{"[1,2]", "[2,1]", false},
		{"[1]", "[1,1]", false},
		{"{\"a\":1}", "{\"a\":2}", false},
		{"{\"a\":1}", "{\"b\":1}", false},
		{"{\"a\":1}", "{\"a\":\"1\"}", false},
		{"{\"a\":{\"b\":\"\\u0041\"}}", "{\"a\":{\"b\":\"A\"}}", true},
		{"[true]", "[false]", false},
		{"[false]", "[null]", false},
		{"[null]", "[null]", true},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct ack_json *a = parsed(rows[i].a), *b = parsed(rows[i].b);

		if (ack_json_same(a, b) != rows[i].same ||
			ack_json_same(b, a) != rows[i].same)
			fail_msg("%s %s", rows[i].a, rows[i].b);
		ack_json_free(a);
		ack_json_free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_print_escapes),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_same),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
