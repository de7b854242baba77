/* SPDX-License-Identifier: MIT */
/* The tables of texts: that a pair says the same with the same arguments. */
#include "unit.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/text.h"

#define ARGUMENTS 12

/*
 * What a format takes: the letters of its conversions, by the number of the
 * argument; * is the width or the precision. The count of them.
 */
static unsigned conversions(const char *format, char takes[ARGUMENTS])
{
	unsigned next = 0, most = 0;

	memset(takes, 0, ARGUMENTS);
	for (const char *p = strchr(format, '%'); p; p = strchr(p, '%')) {
		unsigned at = 0;
		char *end;

		if (*++p == '%') {
			p++;
			continue;
		}
		at = (unsigned)strtoul(p, &end, 10);
		if (at && *end == '$')
			p = end + 1;
		else
			at = 0;
		for (; *p && !isalpha((unsigned char)*p); p++)
			if (*p == '*') {
				unsigned star = (unsigned)strtoul(
					p + 1, &end, 10);

				if (*end == '$')
					p = end;
				else
					star = ++next;
				assert_in_range(star, 1, ARGUMENTS - 1);
				takes[star] = '*';
			}
		while (*p == 'l' || *p == 'z')
			p++;
		if (!at)
			at = ++next;
		assert_in_range(at, 1, ARGUMENTS - 1);
		takes[at] = *p;
		most = at > most ? at : most;
	}
	return most;
}

static bool has_chinese(const char *text)
{
	/* the first byte of what is from U+3000 up, with wide marks */
	for (; *text; text++)
		if ((unsigned char)*text >= 0xe3 &&
			(unsigned char)*text <= 0xef)
			return true;
	return false;
}

static void test_pairs(void **state)
{
	static const char *const heads[] = {"warning: ", "loses: "};
	const char *english, *chinese;
	char a[ARGUMENTS], b[ARGUMENTS];
	unsigned row = 0;

	(void)state;
	for (; ack_text_row(row, &english, &chinese); row++) {
		size_t n = strlen(english), m = strlen(chinese);

		if (conversions(english, a) != conversions(chinese, b) ||
			memcmp(a, b, sizeof(a)) != 0)
			fail_msg("%s: %s", english, chinese);
		if ((english[n - 1] == '\n') != (chinese[m - 1] == '\n'))
			fail_msg("%s: the line end", english);
		/* what scripts match stays */
		for (size_t i = 0; i < LENGTH(heads); i++)
			if (!strncmp(english, heads[i], strlen(heads[i])) !=
				!strncmp(chinese, heads[i], strlen(heads[i])))
				fail_msg("%s: %s", english, chinese);
		if (!has_chinese(chinese) &&
			strspn(english, "abcdefghijklmnopqrstuvwxyz, ") < n &&
			!strpbrk(english, "/%<"))
			fail_msg("%s: not translated", english);
	}
	assert_in_range(row, 400, 2000);
}

/* A row that is there twice would be found by chance. */
static void test_once(void **state)
{
	const char *before = NULL, *english, *chinese;

	(void)state;
	ack_text_language("zh");
	for (unsigned row = 0; ack_text_row(row, &english, &chinese); row++) {
		if (before && strcmp(before, english) >= 0)
			fail_msg("%s is there twice", english);
		assert_string_equal(ack_text(english), chinese);
		before = english;
	}
	ack_text_language("en");
}

static void test_language(void **state)
{
	static const struct {
		const char *locale;
		bool chinese;
	} rows[] = {{"zh", true}, {"zh_CN", true}, {"zh_CN.UTF-8", true},
		{"zh_CN.utf8@x", true}, {"zh_CN.GBK", false},
		{"zh.GB18030", false}, {"zh-Hans", true}, {"en", false},
		{"C", false}, {"", false}, {"zhuang", false},
		{"fr_FR.UTF-8", false}, {"POSIX", false}};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		ack_text_language(rows[i].locale);
		if (ack_text_is_chinese() != rows[i].chinese)
			fail_msg("%s", rows[i].locale);
	}
	/* the first that is set and not empty counts */
	setenv("LC_ALL", "", 1);
	setenv("LC_MESSAGES", "zh_CN.UTF-8", 1);
	setenv("LANG", "C", 1);
	ack_text_language(NULL);
	assert_true(ack_text_is_chinese());
	setenv("LC_ALL", "C", 1);
	ack_text_language(NULL);
	assert_false(ack_text_is_chinese());
}

static void test_said(void **state)
{
	struct ack_buf out = ACK_BUF_INIT(1000);
	struct ack_error e;

	(void)state;
	ack_text_language("zh");
	ack_error_set(&e, EINVAL, "num_of_nodes",
		"%s is not a whole number from %ld to %ld", "x", 0L, 9L);
	assert_string_equal(e.message, "x 不是 0 至 9 的整数");
	ack_buf_printf(&out, "cluster");
	assert_string_equal(ack_buf_text(&out), "集群");
	ack_buf_clear(&out);
	/* what users wrote is no text of ours */
	ack_buf_puts(&out, "cluster");
	ack_buf_printf(&out, "%s", "cluster");
	assert_string_equal(ack_buf_text(&out), "clustercluster");
	ack_buf_release(&out);
	ack_text_language("en");
	assert_string_equal(ack_text("cluster"), "cluster");
	assert_null(ack_text(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
