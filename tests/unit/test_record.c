/* SPDX-License-Identifier: MIT */
#include "fleet_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "commit.h"
#include "draft.h"
#include "intent.h"
#include "json.h"
#include "outcome.h"
#include "record.h"
#include "saved.h"
#include "story.h"

#define ID "c0123456789abcdef0123456789abcdef"

/* The text of c's record, wherever it is on disk. */
static void text_of(struct object *o, struct ack_buf *out)
{
	ack_buf_init(out, 1u << 20);
	assert_int_equal(record_write(o, out), 0);
}

static int read_text(struct object *o, const char *text, struct ack_error *e)
{
	size_t where;
	struct ack_json *j = ack_json_parse(text, strlen(text), &where);
	int ret = j ? record_read(o, j, e)
		    : ack_error_set(e, EINVAL, NULL, "not JSON from byte");

	ack_json_free(j);
	return ret;
}

static void test_draft(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	int64_t time, created, changed;
	struct ack_error e;

	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	assert_int_equal(object_write(o, ACK_P_tags, "a=1\nb=\"\\", 8, &e), 0);
	assert_int_equal(object_write(o, ACK_P_snat_entry, "yes", 3, &e), 0);
	assert_int_equal(object_put(o, ACK_P_snat_entry, NULL, &e), 0);
	assert_int_equal(object_param_remove(o, ACK_P_taints, &e), 0);
	ack_error_set(&e, EINVAL, "tags", "a \"reason\"\n\twith all");
	object_fail(o, &e);
	assert_int_equal(saved_put(o, &e), 0);
	time = ack_values_time(&o->values, ACK_P_num_of_nodes);
	created = o->created;
	changed = o->changed;
	fixture_again(x);
	o = fleet_by_name(&x->fleet, "test");
	assert_non_null(o);
	assert_int_equal(o->state, COURSE_DRAFT);
	assert_string_equal(fixture_value(o, ACK_P_num_of_nodes), "3");
	assert_string_equal(fixture_value(o, ACK_P_tags), "a=1\nb=\"\\");
	assert_null(fixture_value(o, ACK_P_snat_entry));
	assert_true(ack_values_time(&o->values, ACK_P_snat_entry) > 0);
	assert_true(object_hidden(o, NODE_PARAMS + ACK_P_taints));
	assert_false(object_hidden(o, NODE_PARAMS + ACK_P_snat_entry));
	/* to the nanosecond: make(1) compares them */
	assert_true(ack_values_time(&o->values, ACK_P_num_of_nodes) == time);
	assert_true(o->created == created);
	assert_true(o->changed == changed);
	assert_non_null(strstr(o->error, "a \"reason\""));
}

static void test_secret(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct ack_error e;
	struct ack_buf text;

	assert_int_equal(
		object_write(o, ACK_P_login_password, "Test@1900x", 10, &e), 0);
	assert_non_null(fixture_value(o, ACK_P_login_password));
	text_of(o, &text);
	assert_null(strstr(ack_buf_text(&text), "Test@1900x"));
	assert_null(strstr(ack_buf_text(&text), "login_password"));
	ack_buf_release(&text);
	fixture_again(x);
	o = fleet_by_name(&x->fleet, "test");
	assert_null(fixture_value(o, ACK_P_login_password));
}

static void test_intent(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct ack_error e;
	char commit[37];
	int64_t date;

	o->intent = intent_new("other name", true);
	strcpy(commit, o->intent->commit);
	date = o->intent->date;
	assert_int_equal(saved_put(o, &e), 0);
	fixture_again(x);
	o = fleet_by_name(&x->fleet, "test");
	assert_int_equal(o->state, COURSE_UNKNOWN);
	assert_non_null(o->resolve);
	assert_string_equal(o->intent->commit, commit);
	assert_string_equal(o->intent->name, "other name");
	assert_true(o->intent->date == date);
	assert_true(o->intent->tagged);
	/* it says until when, and what can be done */
	assert_non_null(strstr(o->error, "hint: "));
	assert_non_null(strstr(o->error, "adopt"));
}

static void test_exists(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct ids ids = {ID, "R-1", "T-1"};

	o->intent = intent_new("test", false);
	fixture_exists(x, o, &ids);
	fixture_again(x);
	o = fleet_by_name(&x->fleet, "test");
	assert_int_equal(o->state, COURSE_EXISTS);
	assert_string_equal(o->id, ID);
	assert_string_equal(object_request_id(o), "R-1");
	assert_string_equal(object_task_id(o), "T-1");
	assert_string_equal(object_state_word(o), "initial");
	/* so that it is told how it ended, even if that was meanwhile */
	assert_non_null(o->story);
	assert_string_equal(o->story->task, "T-1");
	assert_null(o->intent);
	assert_ptr_equal(fleet_by_id(&x->fleet, ID), o);
	assert_null(fleet_by_id(&x->fleet, "c2"));
}

static void test_back_to_draft(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct ack_error e;

	o->intent = intent_new("test", false);
	assert_int_equal(saved_put(o, &e), 0);
	ack_error_set(&e, EINVAL, NULL, "refused");
	outcome_draft(o, &e);
	fixture_again(x);
	o = fleet_by_name(&x->fleet, "test");
	assert_int_equal(o->state, COURSE_DRAFT);
	assert_null(o->intent);
	assert_non_null(strstr(o->error, "refused"));
}

#define HEAD   "{\"format\":\"ackfs-1\",\"directory\":\"test\","
#define DRAFT  HEAD "\"record\":\"draft\","
#define COMMIT "\"commit\":\"00000000-0000-0000-0000-000000000001\""

/* What is not a whole and sound record, and words of the reason. */
static const struct {
	const char *text, *why;
} unsound[] = {
	{"", "not JSON"},
	{"\n", "not JSON"},
	{"{", "not JSON"},
	{HEAD "\"record\":\"draft\"", "not JSON from byte"},
	{HEAD "\"record\":\"draft\"}x", "not JSON"},
	{"[]", "not the record"},
	{"null", "not the record"},
	{"{}", "not the record"},
	{"{\"format\":\"ackfs-2\",\"directory\":\"test\",\"record\":"
	 "\"draft\"}",
		"not the record"},
	{"{\"format\":\"ackfs-1\",\"directory\":\"Test\",\"record\":"
	 "\"draft\"}",
		"not the record"},
	{"{\"format\":\"ackfs-1\",\"record\":\"draft\"}", "not the record"},
	{HEAD "\"x\":1}", "does not say"},
	{HEAD "\"record\":\"running\"}", "does not say"},
	{HEAD "\"record\":1}", "does not say"},
	{HEAD "\"record\":\"exists\"}", "does not say"},
	{HEAD "\"record\":\"exists\",\"cluster_id\":\"c123\"}", "does not say"},
	{HEAD "\"record\":\"exists\",\"cluster_id\":\"../../x\"}",
		"does not say"},
	{HEAD "\"record\":\"intent\"}", "intent is not whole"},
	{HEAD "\"record\":\"intent\",\"intent\":{\"name\":\"x\"}}",
		"intent is not whole"},
	{HEAD "\"record\":\"intent\",\"intent\":{" COMMIT "}}",
		"intent is not whole"},
	{HEAD "\"record\":\"intent\",\"intent\":{\"name\":\"\"," COMMIT "}}",
		"intent is not whole"},
	{HEAD "\"record\":\"intent\",\"intent\":{\"name\":\"x\",\"commit\":"
	      "\"short\"}}",
		"intent is not whole"},
	{DRAFT "\"values\":{\"nonsense\":{\"text\":\"1\"}}}",
		"unknown parameter, nonsense"},
	{DRAFT "\"values\":{\"login_password\":{\"text\":\"Test@1900x\"}}}",
		"unknown parameter, login_password"},
	{DRAFT "\"values\":{\"num_of_nodes\":{\"text\":\"many\"}}}",
		"num_of_nodes"},
	{DRAFT "\"values\":{\"num_of_nodes\":{\"text\":\"3\\u0000\"}}}", ""},
};

static void test_unsound(void **state)
{
	struct fixture *x = *state;

	for (size_t i = 0; i < LENGTH(unsound); i++) {
		struct object *o = fleet_restore(&x->fleet, NULL, "test");
		size_t len = strlen(unsound[i].text);
		char *copy = strndup(unsound[i].text, len);
		struct ack_error e;

		assert_non_null(o);
		ack_error_clear(&e);
		if (read_text(o, copy, &e) != -EINVAL)
			fail_msg("taken: %s", copy);
		if (!strstr(e.message, unsound[i].why))
			fail_msg("%s: %s", copy, e.message);
		free(copy);
		fleet_discard(&x->fleet, o);
	}
	assert_int_equal(x->fleet.clusters.count, 0);
}

/* Cut anywhere, a record is refused, and nothing breaks. */
static void test_cut(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct ack_buf text;
	struct ack_error e;

	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	assert_int_equal(object_write(o, ACK_P_tags, "a=1", 3, &e), 0);
	o->intent = intent_new("test", true);
	text_of(o, &text);
	assert_int_equal(x->fleet.clusters.count, 1);
	intent_free(o->intent);
	o->intent = NULL;
	fleet_discard(&x->fleet, o);
	for (size_t len = 0; len < text.len; len++) {
		char *copy = strndup(text.data, len);

		o = fleet_restore(&x->fleet, NULL, "test");
		assert_int_equal(read_text(o, copy, &e), -EINVAL);
		free(copy);
		fleet_discard(&x->fleet, o);
	}
	ack_buf_release(&text);
}

/* Names that mkdir would refuse do not come from the disk either. */
static void test_names(void **state)
{
	static const char *const names[] = {
		".", "..", "a b", "a\tb", "-x", " test", "test\n", "<x>"};
	struct fixture *x = *state;
	struct ack_buf text;

	for (size_t i = 0; i < LENGTH(names); i++) {
		struct object *o = fleet_restore(&x->fleet, NULL, names[i]);
		struct ack_error e;

		text_of(o, &text);
		if (read_text(o, ack_buf_text(&text), &e) != -EINVAL)
			fail_msg("taken: %s", names[i]);
		ack_buf_release(&text);
		fleet_discard(&x->fleet, o);
	}
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_draft),
		CASE(test_secret),
		CASE(test_intent),
		CASE(test_exists),
		CASE(test_back_to_draft),
		CASE(test_unsound),
		CASE(test_cut),
		CASE(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
