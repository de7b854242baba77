/* SPDX-License-Identifier: MIT */
#include "param_case.h"

#define A "vsw-2ze48rkq464rsdts1aaaa"
#define B "vsw-2ze48rkq464rsdts1bbbb"
#define C "vsw-2ze48rkq464rsdts1cccc"

static const struct param_case cases[] = {
	{ACK_P_vswitch_ids, A, A, NULL},
	{ACK_P_vswitch_ids, A "\n" B "\n", A "\n" B, NULL},
	{ACK_P_vswitch_ids, A "," B ", " C, A "\n" B "\n" C, NULL},
	{ACK_P_vswitch_ids, "  " A " \t" B "\r\n\r\n\n" C "\r\n",
		A "\n" B "\n" C, NULL},
	{ACK_P_vswitch_ids, "[\"" A "\",\"" B "\"]", A "\n" B, NULL},
	{ACK_P_vswitch_ids, "\n[\n  \"" A "\",\n  \"" B "\"\n]\n", A "\n" B,
		NULL},
	/* `>>` behind what was read */
	{ACK_P_vswitch_ids, A "\n[\"" B "\"]\n", A "\n" B, NULL},
	{ACK_P_vswitch_ids, "[\"" A "\"]\n" B "\n", A "\n" B, NULL},
	{ACK_P_vswitch_ids, "[]", "", NULL},
	{ACK_P_vswitch_ids, "", "", NULL},
	{ACK_P_vswitch_ids, " \n\t\n", "", NULL},
	{ACK_P_vswitch_ids, ",,", "", NULL},

	{ACK_P_vswitch_ids, A "\n" A, NULL, "\"" A "\" is there twice"},
	{ACK_P_vswitch_ids, A " " B " " C " vsw-d", A "\n" B "\n" C "\nvsw-d",
		NULL},
	{ACK_P_zone_ids, "a b c d e f", NULL, "there are more than 5 items"},
	{ACK_P_vswitch_ids, "vpc-abc", NULL, "\"vpc-abc\" is not an ID"},
	{ACK_P_vswitch_ids, A "\nvsw-X", NULL, "\"vsw-X\" is not an ID"},
	{ACK_P_vswitch_ids, "vsw-a\x01", NULL, "is not an ID"},
	{ACK_P_vswitch_ids, "[\"" A " \"]", NULL, "is not an ID"},
	{ACK_P_vswitch_ids, "[\"" A "\\n" B "\"]", NULL, "is not an ID"},
	{ACK_P_vswitch_ids, "[3]", NULL, "not a string"},
	{ACK_P_vswitch_ids, "[null]", NULL, "not a string"},
	{ACK_P_vswitch_ids, "[[\"" A "\"]]", NULL, "not a string"},
	{ACK_P_vswitch_ids, "{\"id\":\"" A "\"}", NULL, "not a string"},
	{ACK_P_vswitch_ids, "[\"" A "\"] " B, NULL,
		"the JSON is wrong at line 1, column 31"},
	{ACK_P_vswitch_ids, "[\n \"" A "\",\n ]", NULL,
		"the JSON is wrong at line 3, column 2"},
	{ACK_P_vswitch_ids, A "\n[}", NULL, "line 2, column 2"},

	/* JSON that is not closed yet */
	{ACK_P_vswitch_ids, "[", NULL, NULL},
	{ACK_P_vswitch_ids, "[\n\"" A "\",\n", NULL, NULL},
	{ACK_P_vswitch_ids, "[\"vsw-", NULL, NULL},
	{ACK_P_vswitch_ids, A "\n[", NULL, NULL},
	{ACK_P_vswitch_ids, A "\n[\"vsw-", NULL, NULL},

	{ACK_P_worker_instance_types, "ecs.g7.xlarge ecs.hfc5.xlarge",
		"ecs.g7.xlarge\necs.hfc5.xlarge", NULL},
	{ACK_P_worker_instance_types, "a b c d e f g h i j",
		"a\nb\nc\nd\ne\nf\ng\nh\ni\nj", NULL},
	{ACK_P_worker_instance_types, "a b c d e f g h i j k", NULL,
		"more than 10 items"},
	{ACK_P_worker_instance_types, "ecs.g7/xlarge", NULL,
		"is not a word such as ecs.g7.xlarge"},
	{ACK_P_worker_instance_types, "[\"\"]", NULL, "is not a word"},
	{ACK_P_controlplane_log_components, "kcm,scheduler", "kcm\nscheduler",
		NULL},
	{ACK_P_controlplane_log_components, "something-new", "something-new",
		NULL},
	{ACK_P_controlplane_log_components, "Kcm", NULL, "did you mean kcm?"},
	{ACK_P_extra_sans, "api.example.com *.a.b, 10.0.0.1\nfd00::1",
		"api.example.com\n*.a.b\n10.0.0.1\nfd00::1", NULL},
	{ACK_P_extra_sans, "*", NULL, "neither a host's name nor an address"},
	{ACK_P_extra_sans, "a_b", NULL, "\"a_b\" is neither a host's name"},
	{ACK_P_extra_sans, "a.b a.b", NULL, "\"a.b\" is there twice"},
	/* one is not a part of the other */
	{ACK_P_worker_instance_types, "ecs.g7.xlarge ecs.g7.x ecs.g7",
		"ecs.g7.xlarge\necs.g7.x\necs.g7", NULL},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		check_case(&cases[i]);
}

static void test_wire(void **state)
{
	const struct ack_param *p = &ack_cluster_table.rows[ACK_P_vswitch_ids];
	struct ack_json *n = p->type->wire(p, A "\n" B);
	struct ack_buf out = ACK_BUF_INIT(4096);
	struct ack_error e;

	(void)state;
	ack_json_print(n, false, &out);
	assert_string_equal(ack_buf_text(&out), "[\"" A "\",\"" B "\"]");
	ack_json_free(n);
	ack_buf_clear(&out);

	n = ack_json_new_boolean(true);
	assert_int_equal(p->type->unwire(p, n, &out, &e), -EINVAL);
	assert_string_equal(e.param, "vswitch_ids");
	ack_json_free(n);
	ack_buf_release(&out);
}

/* Only what has a limit can be refused for it: 64 KiB of items end soon. */
static void test_many(void **state)
{
	struct ack_buf text = ACK_BUF_INIT(ACK_VALUE_MAX);
	struct ack_buf out = ACK_BUF_INIT(ACK_VALUE_MAX);
	struct ack_error e;

	(void)state;
	for (unsigned i = 0; text.len < ACK_VALUE_MAX - 16; i++)
		ack_buf_printf(&text, "i%u\n", i);
	assert_int_equal(
		parse_bytes(ACK_P_addons, text.data, text.len, &out, &e),
		-EINVAL);
	assert_non_null(strstr(e.message, "more than 100 items"));
	ack_buf_release(&text);
	ack_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_wire),
		cmocka_unit_test(test_many),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
