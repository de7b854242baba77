/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "state/dirname.h"

#define ID "c0123456789abcdef0123456789abcdef"

#define TEN   "0123456789"
#define FIFTY TEN TEN TEN TEN TEN

static int digit(char c)
{
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : c - '0';
}

/* What a program that reads directory names has to do: the name, and the ID
 * that follows it, or NULL. */
static const char *decode(const char *dir, char *name)
{
	for (; *dir && *dir != '@'; dir++) {
		if (*dir != '%') {
			*name++ = *dir;
			continue;
		}
		*name++ = (char)(digit(dir[1]) * 16 + digit(dir[2]));
		dir += 2;
	}
	*name = '\0';
	return *dir ? dir + 1 : NULL;
}

static const struct {
	const char *name, *dir;
} rows[] = {
	{"test", "test"},
	{"集群-1", "集群-1"},
	{"a_b c", "a_b c"},
	{" a ", " a "},
	{"-rf", "-rf"},
	{"a.b..", "a.b.."},
	{"~", "~"},
	{"\\", "\\"},
	/* what no file name holds, or means something else */
	{"", "%00"},
	{".", "%2E"},
	{"..", "%2E."},
	{".hidden", "%2Ehidden"},
	{"/", "%2F"},
	{"a/b/c", "a%2Fb%2Fc"},
	{"../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"},
	/* what the encoding itself is made of */
	{"%", "%25"},
	{"%2F", "%252F"},
	{"%00", "%2500"},
	{"100%", "100%25"},
	{"a@b", "a%40b"},
	{"@", "%40"},
	{"a@" ID, "a%40" ID},
	{"a:b", "a%3Ab"},
	/* what a terminal obeys */
	{"a\nb", "a%0Ab"},
	{"\t\r\b", "%09%0D%08"},
	{"\x1b[31mred\x1b[0m", "%1B[31mred%1B[0m"},
	{"\x01\x1f\x7f", "%01%1F%7F"},
	{"a\xc2\x85\xc2\x9b\xc2\x9f", "a%C2%85%C2%9B%C2%9F"},
	{"a\xc2\xa0\xc2\x80", "a\xc2\xa0%C2%80"},
	/* what is no UTF-8: alone, cut short, overlong, half of a pair */
	{"\xff\xfe", "%FF%FE"},
	{"a\x80", "a%80"},
	{"\xc3", "%C3"},
	{"\xc3(", "%C3("},
	{"\xe4\xb8", "%E4%B8"},
	{"\xc0\xaf", "%C0%AF"},
	{"\xed\xa0\x80", "%ED%A0%80"},
	{"\xf4\x90\x80\x80", "%F4%90%80%80"},
	{"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
};

static void test_table(void **state)
{
	char dir[DIRNAME_MAX], name[DIRNAME_MAX], wanted[2 * DIRNAME_MAX];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		dirname_encode(dir, rows[i].name, NULL);
		assert_string_equal(dir, rows[i].dir);
		assert_true(dirname_sound(dir));
		assert_false(dirname_too_long(rows[i].name));
		assert_null(decode(dir, name));
		assert_string_equal(name, rows[i].name);

		dirname_encode(dir, rows[i].name, ID);
		snprintf(wanted, sizeof(wanted), "%s@%s", rows[i].dir, ID);
		assert_string_equal(dir, wanted);
		assert_true(dirname_sound(dir));
		assert_string_equal(decode(dir, name), ID);
		assert_string_equal(name, rows[i].name);
	}
}

static void test_unsound(void **state)
{
	static const char *const names[] = {"", ".", "..", ".a", "a/b", "a\nb",
		"a\x7f", "\x1b[0m", "a\xff", "a\xc2\x85", "a:b", "@" ID,
		FIFTY FIFTY FIFTY FIFTY TEN TEN TEN TEN};

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++)
		if (dirname_sound(names[i]))
			fail_msg("row %zu: %s", i, names[i]);
}

/* A long name is cut, never in the middle of a character, and its ID tells
 * which it is. */
static void test_long(void **state)
{
	static const char *const parts[] = {
		"a", "/", "é", "集", "\xf0\x9f\x98\x80", "\xff"};
	static const size_t widths[] = {1, 3, 2, 3, 4, 3};
	char name[400], dir[DIRNAME_MAX], back[DIRNAME_MAX];

	(void)state;
	for (size_t i = 0; i < LENGTH(parts); i++) {
		*name = '\0';
		for (size_t n = 1; strlen(name) < 300; n++) {
			bool longer = n * widths[i] > 191;

			strcat(name, parts[i]);
			assert_int_equal(dirname_too_long(name), longer);
			dirname_encode(dir, name, longer ? ID : NULL);
			assert_true(dirname_sound(dir));
			if (!longer) {
				assert_null(decode(dir, back));
				assert_string_equal(back, name);
				continue;
			}
			assert_string_equal(decode(dir, back), ID);
			assert_memory_equal(back, name, strlen(back));
			assert_int_equal(strlen(back) % strlen(parts[i]), 0);
			assert_true(strlen(dir) > 191);
		}
	}
}

static bool is_safe(const char *dir)
{
	size_t len = strlen(dir), n;

	if (!len || *dir == '.' || len >= DIRNAME_MAX)
		return false;
	for (size_t i = 0; i < len; i += n) {
		unsigned char byte = (unsigned char)dir[i];

		n = byte < 0x80 ? 1 : ack_utf8_next(dir + i, len - i);
		if (!n || n == ACK_UTF8_SHORT || byte < ' ' || byte == '/' ||
			byte == 0x7f)
			return false;
	}
	return true;
}

/* Any bytes at all: a safe name, and back again. */
static void test_any(void **state)
{
	char name[64], dir[DIRNAME_MAX], back[DIRNAME_MAX];
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		size_t len = 0;

		do {
			seed = seed * 1664525 + 1013904223;
			name[len] = (char)(seed >> 24);
			/* more of what matters */
			if (seed & 1 << 16)
				name[len] = "./%@:\xc2\xe4\x85"[seed >> 29];
		} while (name[len] && ++len < sizeof(name) - 1 &&
			 seed >> 8 & 15);
		name[len] = '\0';
		dirname_encode(dir, name, round & 1 ? ID : NULL);
		if (!is_safe(dir) || !dirname_sound(dir))
			fail_msg("unsafe: %s", dir);
		if (!decode(dir, back) != !(round & 1))
			fail_msg("ID of %s", dir);
		if (strcmp(back, name) && !dirname_too_long(name))
			fail_msg("not reversible: %s", dir);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_unsound),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
