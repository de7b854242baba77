/* SPDX-License-Identifier: MIT */
/* Command lines without a shell. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "keys/command.h"

static void test_good(void **state)
{
	/* The arguments, each between bars. */
	static const struct {
		const char *line, *is;
	} rows[] = {
		{"a", "|a|"},
		{" a\tb  c\n", "|a|b|c|"},
		{"'a b' \"c d\"", "|a b|c d|"},
		{"a'b c'd", "|ab cd|"},
		{"a '' b", "|a||b|"},
		{"'a\"b' \"a'b\"", "|a\"b|a'b|"},
		{"a\\ b \\'c\\\\", "|a b|'c\\|"},
		{"\"a\\\"b\\\\c\\$d\\`e\\nf\"", "|a\"b\\c$d`e\\nf|"},
		{"'a\\'", "|a\\|"},
		{"$HOME * ; a|b >c", "|$HOME|*|;|a|b|>c|"},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct ack_command c;
		char is[128] = "|";

		assert_null(ack_command_split(&c, rows[i].line));
		for (size_t j = 0; c.argv[j]; j++) {
			strcat(is, c.argv[j]);
			strcat(is, "|");
		}
		assert_string_equal(is, rows[i].is);
		ack_command_release(&c);
	}
}

static void test_bad(void **state)
{
	static const struct {
		const char *line, *why;
	} rows[] = {
		{"", "empty"},
		{" \t", "empty"},
		{"''", "empty"},
		{"a 'b", "quote"},
		{"a \"b", "quote"},
		{"a \"b\\\"", "quote"},
		{"a\\", "backslash"},
	};
	char many[300] = "";
	struct ack_command c;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *why = ack_command_split(&c, rows[i].line);

		assert_non_null(why);
		if (!strstr(why, rows[i].why))
			fail_msg("%s: %s", rows[i].line, why);
		ack_command_release(&c);
	}
	for (int i = 0; i < ACK_COMMAND_ARGS; i++)
		strcat(many, "a ");
	assert_null(ack_command_split(&c, many));
	ack_command_release(&c);
	strcat(many, "a");
	assert_non_null(ack_command_split(&c, many));
	ack_command_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
