/* SPDX-License-Identifier: MIT */
/* What a list says becomes directories: which, under what names, and until
 * when. */
#include "fleet_fixture.h"

#include <stdio.h>
#include <string.h>

#include "actions/commit.h"
#include "actions/draft.h"
#include "base/json.h"
#include "cloud/live.h"
#include "model/intent.h"

#define ID(n)   "c0123456789abcdef0123456789abcde" n
#define CAPITAL "C0123456789abcdef0123456789abcdef"

static struct object *find(
	struct fixture *x, struct object *parent, const char *text)
{
	size_t where;
	struct ack_json *n = ack_json_parse(text, strlen(text), &where);
	struct object *o;

	assert_non_null(n);
	o = live_find(&x->fleet, parent, n);
	if (o)
		live_take(o, n, ack_now_ms());
	ack_json_free(n);
	return o;
}

static struct object *cluster(
	struct fixture *x, const char *id, const char *name)
{
	char text[1024];

	snprintf(text, sizeof(text),
		"{\"cluster_id\":\"%s\",\"name\":\"%s\",\"state\":\"running\"}",
		id, name);
	return find(x, NULL, text);
}

static void test_names(void **state)
{
	struct fixture *x = *state;
	struct object *one = cluster(x, ID("1"), "twin");
	struct object *two = cluster(x, ID("2"), "twin");
	struct object *draft = fixture_draft(x, "mine");
	struct object *other = cluster(x, ID("3"), "mine");

	assert_string_equal(one->name, "twin");
	assert_string_equal(two->name, "twin@" ID("2"));
	assert_string_equal(other->name, "mine@" ID("3"));
	assert_ptr_equal(fleet_by_name(&x->fleet, "mine"), draft);
	assert_string_equal(cluster(x, ID("4"), "a/b")->name, "a%2Fb");
	/* again, and under another name: the same directory */
	assert_ptr_equal(cluster(x, ID("2"), "twin"), two);
	assert_ptr_equal(cluster(x, ID("1"), "renamed"), one);
	assert_string_equal(one->name, "twin");
	assert_string_equal(object_name(one), "renamed");
	/* the first goes: its name is for the next one that comes */
	live_gone(one);
	assert_string_equal(two->name, "twin@" ID("2"));
	assert_string_equal(cluster(x, ID("5"), "twin")->name, "twin");
	assert_int_equal(x->fleet.clusters.count, 5);
}

static void test_nonsense(void **state)
{
	static const char *const texts[] = {"null", "[]", "{}", "7",
		"{\"name\":\"a\"}", "{\"cluster_id\":\"" ID("1") "\"}",
		"{\"cluster_id\":\"" ID("1") "\",\"name\":7}",
		"{\"cluster_id\":\"" ID("1") "x\",\"name\":\"a\"}",
		"{\"cluster_id\":\"" CAPITAL "\",\"name\":\"a\"}",
		"{\"cluster_id\":\"../../etc/passwd\",\"name\":\"a\"}",
		"{\"cluster_id\":\"\",\"name\":\"a\"}"};
	struct fixture *x = *state;

	for (size_t i = 0; i < LENGTH(texts); i++)
		if (find(x, NULL, texts[i]))
			fail_msg("%s", texts[i]);
	assert_int_equal(x->fleet.clusters.count, 0);
}

/* Words that are no states change nothing. */
static void test_states(void **state)
{
	static const char *const rows[][2] = {{"\"updating\"", "updating"},
		{"\"delete_failed\"", "delete_failed"},
		{"\"\"", "delete_failed"}, {"null", "delete_failed"},
		{"7", "delete_failed"}, {"\"Two Words\"", "delete_failed"},
		{"\"a\\nb\"", "delete_failed"},
		{"\"a_word_that_is_longer_than_any_state_could_be_even_if_"
		 "it_were_new\"",
			"delete_failed"},
		{"\"Running\"", "Running"},
		{"\"deleteFailed\"", "deleteFailed"},
		{"\"something_new\"", "something_new"}};
	struct fixture *x = *state;
	struct object *o = cluster(x, ID("1"), "test");
	char text[256];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		snprintf(text, sizeof(text),
			"{\"cluster_id\":\"" ID("1") "\",\"name\":\"test\","
						     "\"state\":%s}",
			rows[i][0]);
		assert_ptr_equal(find(x, NULL, text), o);
		assert_string_equal(object_state_word(o), rows[i][1]);
	}
}

/* One that a commit of here may be making gets no second directory. */
static void test_making(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct ids ids = {ID("1"), "R", "T"};

	o->intent = intent_new("test", false);
	object_become(o, COURSE_UNKNOWN);
	assert_null(cluster(x, ID("1"), "test"));
	assert_non_null(cluster(x, ID("2"), "other"));
	fixture_exists(x, o, &ids);
	assert_ptr_equal(cluster(x, ID("1"), "test"), o);
	assert_string_equal(cluster(x, ID("3"), "test")->name, "test@" ID("3"));
}

static struct object *pool(
	struct fixture *x, struct object *o, const char *id, const char *name)
{
	char text[256];

	snprintf(text, sizeof(text),
		"{\"nodepool_info\":{\"nodepool_id\":\"np%s\","
		"\"name\":\"%s\"},\"status\":{\"state\":\"active\"}}",
		id + 1, name);
	return find(x, o, text);
}

static void test_pools(void **state)
{
	struct fixture *x = *state;
	struct object *one = cluster(x, ID("1"), "one");
	struct object *two = cluster(x, ID("2"), "two");
	struct object *p = pool(x, one, ID("3"), "default");

	assert_string_equal(p->name, "default");
	assert_string_equal(pool(x, one, ID("4"), "default")->name,
		"default@np0123456789abcdef0123456789abcde4");
	assert_string_equal(pool(x, two, ID("5"), "default")->name, "default");
	/* a pool stays with its cluster, and goes with it */
	assert_null(pool(x, two, ID("3"), "default"));
	assert_ptr_equal(pool(x, one, ID("3"), "default"), p);
	live_gone(one);
	assert_null(
		fleet_by_id(&x->fleet, "np0123456789abcdef0123456789abcde3"));
	assert_string_equal(pool(x, two, ID("3"), "default")->name,
		"default@np0123456789abcdef0123456789abcde3");
	assert_int_equal(two->pools.count, 2);
}

/* Nothing of a list is on disk, until something of it is worth keeping. */
static void test_kept(void **state)
{
	struct fixture *x = *state;
	struct ack_error e;
	struct object *o = cluster(x, ID("1"), "a/b");

	assert_false(o->kept);
	assert_int_equal(
		object_put(o, ACK_P_deletion_protection, "true", &e), 0);
	assert_true(o->kept);
	cluster(x, ID("2"), "a/b");
	fixture_again(x);
	assert_int_equal(x->fleet.clusters.count, 1);
	o = cluster(x, ID("1"), "a/b");
	assert_string_equal(o->name, "a%2Fb");
	assert_true(object_edited(o, ACK_P_deletion_protection));
	live_gone(o);
	fixture_again(x);
	assert_int_equal(x->fleet.clusters.count, 0);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_names),
		CASE(test_nonsense),
		CASE(test_states),
		CASE(test_making),
		CASE(test_pools),
		CASE(test_kept),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
