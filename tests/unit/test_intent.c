/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "model/intent.h"
#include "model/kind.h"
#include "params/body.h"
#include "params/params.h"
#include "params/types.h"
#include "params/values.h"

#define ID     "c0123456789abcdef0123456789abcdef"
#define COMMIT "00000000-0000-0000-0000-000000000001"

/* The request's date is 2026-01-02T03:04:05Z. */
#define DATE 1767323045

static char why[INTENT_WHY];

/* The request said `sent`: NAME=TEXT, each ended by ";"; "|" is a line end. */
static void put(struct ack_values *v, const char *sent)
{
	char name[64], text[256];
	int n;

	for (; sscanf(sent, "%63[^=]=%255[^;];%n", name, text, &n) == 2;
		sent += n) {
		int row = ack_table_find(&ack_cluster_table, name);

		assert_in_range(row, 0, ACK_P_COUNT - 1);
		for (char *p = text; (p = strchr(p, '|'));)
			*p = '\n';
		assert_int_equal(
			ack_values_set(v, (unsigned)row, text, strlen(text), 1),
			0);
	}
	assert_string_equal(sent, "");
}

static enum intent_kin compare_with(
	const struct intent *i, const char *text, const char *sent)
{
	struct ack_values listed = ACK_VALUES_INIT, said = ACK_VALUES_INIT;
	struct identity one = {NULL};
	struct candidate c = {&kind_cluster, &one, &listed, &said};
	struct ack_json *j;
	enum intent_kin kin;
	size_t where;

	j = ack_json_parse(text, strlen(text), &where);
	assert_non_null(j);
	put(&said, sent);
	kind_cluster.identify(j, &one);
	assert_int_equal(ack_body_read(&ack_cluster_table, j, 1, &listed), 0);
	kin = intent_compare(i, &c, why);
	assert_true((kin == INTENT_DOUBTFUL) == (*why != 0));
	ack_values_release(&listed);
	ack_values_release(&said);
	ack_json_free(j);
	return kin;
}

static enum intent_kin compare(bool tagged, const char *name, const char *rest)
{
	struct intent i = {.commit = COMMIT,
		.tagged = tagged,
		.name = (char *)(uintptr_t) "test",
		.date = DATE,
		.signed_at = DATE};
	char text[1024];

	snprintf(text, sizeof(text),
		"{\"name\":\"%s\",\"cluster_id\":\"" ID "\"%s}", name, rest);
	return compare_with(&i, text, "");
}

static void test_dates(void **state)
{
	static const struct {
		const char *created;
		enum intent_kin kin;
	} rows[] = {
		{"2026-01-02T03:04:05Z", INTENT_OURS},
		{"2026-01-02T11:04:05+08:00", INTENT_OURS},
		{"2026-01-02T11:04:05.123+08:00", INTENT_OURS},
		{"2026-01-01T22:34:05-04:30", INTENT_OURS},
		/* 120 s of difference between the clocks */
		{"2026-01-02T03:02:05Z", INTENT_OURS},
		{"2026-01-02T03:02:04Z", INTENT_DOUBTFUL},
		/* and 15 minutes in which the request counts */
		{"2026-01-02T03:21:05Z", INTENT_OURS},
		{"2026-01-02T03:21:06Z", INTENT_DOUBTFUL},
		/* the same digits elsewhere in the world */
		{"2026-01-02T03:04:05+08:00", INTENT_DOUBTFUL},
		{"2025-01-02T03:04:05Z", INTENT_DOUBTFUL},
		/* a date that makes no sense rules nothing out */
		{"", INTENT_DOUBTFUL},
		{"2026-01-02", INTENT_DOUBTFUL},
		{"2026-01-02T03:04:05", INTENT_DOUBTFUL},
		{"2026-01-02T03:04:05*08:00", INTENT_DOUBTFUL},
		{"yesterday", INTENT_DOUBTFUL},
	};
	char rest[128];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		snprintf(rest, sizeof(rest), ",\"created\":\"%s\"",
			rows[i].created);
		if (compare(false, "test", rest) != rows[i].kin)
			fail_msg("created %s", rows[i].created);
	}
	assert_int_equal(compare(false, "test", ""), INTENT_DOUBTFUL);
}

#define CREATED ",\"created\":\"2026-01-02T03:04:05Z\""

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(compare(false, "test", CREATED), INTENT_OURS);
	/* the service's filter is a fuzzy one */
	assert_int_equal(compare(false, "test-2", CREATED), INTENT_STRANGE);
	assert_int_equal(compare(false, "Test", CREATED), INTENT_STRANGE);
	assert_int_equal(compare(false, "tes", CREATED), INTENT_STRANGE);
	assert_int_equal(compare(false, "", CREATED), INTENT_STRANGE);
}

#define TAGS(list)      ",\"tags\":[" list "]"
#define TAG(key, value) "{\"key\":\"" key "\",\"value\":\"" value "\"}"

static void test_tags(void **state)
{
	static const struct {
		const char *rest;
		enum intent_kin kin;
	} rows[] = {
		{TAGS(TAG("ackfs-commit", COMMIT)), INTENT_OURS},
		{TAGS(TAG("team", "a") "," TAG("ackfs-commit", COMMIT)),
			INTENT_OURS},
		/* whatever its date, and only if it is this one; a list may
		 * show the tags of what it has later, so nothing is absent */
		{CREATED TAGS(TAG("ackfs-commit", "other")), INTENT_DOUBTFUL},
		{CREATED TAGS(TAG("ackfs", COMMIT)), INTENT_DOUBTFUL},
		{CREATED TAGS(""), INTENT_DOUBTFUL},
		{CREATED, INTENT_DOUBTFUL},
		{",\"tags\":null", INTENT_DOUBTFUL},
		{",\"tags\":{\"ackfs-commit\":1}", INTENT_DOUBTFUL},
		{TAGS("{\"key\":\"ackfs-commit\"}"), INTENT_DOUBTFUL},
		{TAGS("1,\"x\""), INTENT_DOUBTFUL},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		if (compare(true, "test", rows[i].rest) != rows[i].kin)
			fail_msg("row %zu: %s", i, rows[i].rest);
	/* a tag of another commit speaks against one that has none, too */
	assert_int_equal(compare(false, "test",
				 CREATED TAGS(TAG("ackfs-commit", "other"))),
		INTENT_DOUBTFUL);
	assert_non_null(strstr(why, "another commit"));
}

/* What the list tells against what was sent; both may say more. */
static void test_contradictions(void **state)
{
	static const struct {
		const char *sent, *listed, *against; /* NULL: nothing */
	} rows[] = {
		{"", "\"vpc_id\":\"vpc-made\",\"size\":7", NULL},
		{"vpcid=vpc-a;", "\"size\":7", NULL},
		{"vpcid=vpc-a;", "\"vpc_id\":\"vpc-a\"", NULL},
		{"vpcid=vpc-a;", "\"vpc_id\":\"vpc-b\"",
			"its vpcid is vpc-b, not vpc-a"},
		{"vpcid=vpc-a;", "\"vpc_id\":\"\"", NULL},
		{"vswitch_ids=vsw-a|vsw-b;",
			"\"vswitch_ids\":[\"vsw-c\",\"vsw-b\",\"vsw-a\"]",
			NULL},
		{"vswitch_ids=vsw-a|vsw-b;", "\"vswitch_ids\":[\"vsw-a\"]",
			"its vswitch_ids lack vsw-b"},
		{"vswitch_ids=vsw-a;", "\"vswitch_ids\":[\"vsw-ab\"]",
			"its vswitch_ids lack vsw-a"},
		{"num_of_nodes=7;", "\"state\":\"running\",\"size\":7", NULL},
		{"num_of_nodes=7;", "\"state\":\"running\",\"size\":3",
			"its num_of_nodes is 3, not 7"},
		{"num_of_nodes=7;", "\"state\":\"running\",\"size\":0", NULL},
		/* they come one by one, and may not come */
		{"num_of_nodes=7;", "\"state\":\"initial\",\"size\":3", NULL},
		{"num_of_nodes=7;", "\"state\":\"failed\",\"size\":3", NULL},
		{"num_of_nodes=7;", "\"state\":\"initial\",\"size\":8",
			"its num_of_nodes is 8, not 7"},
		{"num_of_nodes=0;", "\"state\":\"running\",\"size\":2",
			"its num_of_nodes is 2, not 0"},
		{"kubernetes_version=1.32;",
			"\"current_version\":\"1.32.1-aliyun.1\"", NULL},
		{"kubernetes_version=1.32.1-aliyun.1;",
			"\"current_version\":\"1.32.1-aliyun.1\"", NULL},
		{"kubernetes_version=1.3;",
			"\"current_version\":\"1.32.1-aliyun.1\"",
			"its kubernetes_version is 1.32.1"},
		{"kubernetes_version=1.31.1-aliyun.1;",
			"\"current_version\":\"1.32.1-aliyun.1\"",
			"its kubernetes_version is"},
		{"container_cidr=172.20.0.0/16;",
			"\"container_cidr\":\"172.16.0.0/16\"",
			"its container_cidr"},
		{"cluster_spec=ack.pro.small;",
			"\"cluster_spec\":\"ack.standard\"",
			"its cluster_spec"},
		{"tags=owner=a;",
			"\"tags\":[" TAG("owner", "a") "," TAG(
				"acs:x", "y") "]",
			NULL},
		{"tags=owner=a;", "\"tags\":[" TAG("owner", "b") "]",
			"its tags lack owner=a"},
		{"tags=owner=a;", "\"tags\":[]", "its tags lack owner=a"},
		{"tags=owner=a;", "\"size\":7", "its tags lack owner=a"},
		{"", "\"tags\":[" TAG("owner", "b") "]", NULL},
		/* what may be another for other reasons */
		{"worker_instance_types=ecs.g7.large;",
			"\"worker_instance_types\":[\"ecs.g6.large\"]", NULL},
	};
	struct intent i = {.commit = COMMIT,
		.name = (char *)(uintptr_t) "test",
		.date = DATE,
		.signed_at = DATE};
	char text[1024];

	(void)state;
	for (size_t n = 0; n < LENGTH(rows); n++) {
		enum intent_kin kin;

		snprintf(text, sizeof(text),
			"{\"name\":\"test\",\"cluster_id\":\"" ID "\"%s,%s}",
			CREATED, rows[n].listed);
		kin = compare_with(&i, text, rows[n].sent);
		if (kin != (rows[n].against ? INTENT_DOUBTFUL : INTENT_OURS) ||
			(rows[n].against && !strstr(why, rows[n].against)))
			fail_msg("row %zu: %s", n, why);
	}
}

/* Recorded at DATE, signed later or by another clock. */
static void test_window(void **state)
{
	static const struct {
		int64_t signed_after;
		const char *created;
		bool covered;
	} rows[] = {
		{0, "2026-01-02T03:21:05Z", true},
		{0, "2026-01-02T03:21:06Z", false},
		{3600, "2026-01-02T03:02:05Z", true},
		{3600, "2026-01-02T03:02:04Z", false},
		{3600, "2026-01-02T04:21:05Z", true},
		{3600, "2026-01-02T04:21:06Z", false},
		{-600, "2026-01-02T02:52:05Z", true},
		{-600, "2026-01-02T02:52:04Z", false},
		{-600, "2026-01-02T03:21:05Z", true},
		{-600, "2026-01-02T03:21:06Z", false},
		{0, "", false},
	};

	(void)state;
	for (size_t n = 0; n < LENGTH(rows); n++) {
		struct intent i = {
			.date = DATE, .signed_at = DATE + rows[n].signed_after};

		if (intent_covers(&i, rows[n].created) != rows[n].covered)
			fail_msg("row %zu", n);
	}
}

static void test_nonsense(void **state)
{
	struct intent i = {.name = (char *)(uintptr_t) "test", .date = DATE};
	static const char *const texts[] = {"null", "[]", "{}", "1",
		"{\"name\":\"test\"}", "{\"name\":1,\"cluster_id\":\"c\"}",
		"{\"name\":\"test\",\"cluster_id\":\"\"}",
		"{\"name\":\"test\",\"cluster_id\":7}"};

	(void)state;
	for (size_t n = 0; n < LENGTH(texts); n++) {
		assert_int_equal(
			compare_with(&i, texts[n], ""), INTENT_STRANGE);
	}
}

static void test_new(void **state)
{
	struct intent *a = intent_new("test", false);
	struct intent *b = intent_new("test", true);

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	assert_string_equal(a->name, "test");
	assert_false(a->tagged);
	assert_true(b->tagged);
	assert_int_equal(strlen(a->commit), 36);
	assert_string_not_equal(a->commit, b->commit);
	assert_true(time(NULL) - a->date < 60);
	assert_true(!a->signed_at);
	intent_free(a);
	intent_free(b);
	intent_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_contradictions),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
