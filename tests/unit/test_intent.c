/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "intent.h"
#include "json.h"
#include "kind.h"

#define ID     "c0123456789abcdef0123456789abcdef"
#define COMMIT "00000000-0000-0000-0000-000000000001"

/* The request's date is 2026-01-02T03:04:05Z. */
#define DATE 1767323045

static enum intent_kin compare(bool tagged, const char *name, const char *rest)
{
	struct intent i = {.commit = COMMIT,
		.tagged = tagged,
		.name = (char *)(uintptr_t) "test",
		.date = DATE};
	char text[1024];
	struct ack_json *j;
	struct identity one;
	size_t where;
	enum intent_kin kin;

	snprintf(text, sizeof(text),
		"{\"name\":\"%s\",\"cluster_id\":\"" ID "\"%s}", name, rest);
	j = ack_json_parse(text, strlen(text), &where);
	assert_non_null(j);
	kind_cluster.identify(j, &one);
	kin = intent_compare(&i, &one);
	ack_json_free(j);
	return kin;
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
		/* whatever its date, and only if it is this one */
		{CREATED TAGS(TAG("ackfs-commit", "other")), INTENT_STRANGE},
		{CREATED TAGS(TAG("ackfs", COMMIT)), INTENT_STRANGE},
		{CREATED TAGS(""), INTENT_STRANGE},
		{CREATED, INTENT_STRANGE},
		{",\"tags\":null", INTENT_STRANGE},
		{",\"tags\":{\"ackfs-commit\":1}", INTENT_STRANGE},
		{TAGS("{\"key\":\"ackfs-commit\"}"), INTENT_STRANGE},
		{TAGS("1,\"x\""), INTENT_STRANGE},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		if (compare(true, "test", rows[i].rest) != rows[i].kin)
			fail_msg("row %zu: %s", i, rows[i].rest);
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
		size_t where;
		struct ack_json *j = ack_json_parse(
			texts[n], strlen(texts[n]), &where);

		struct identity one = {NULL};

		kind_cluster.identify(j, &one);
		assert_int_equal(intent_compare(&i, &one), INTENT_STRANGE);
		ack_json_free(j);
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
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
