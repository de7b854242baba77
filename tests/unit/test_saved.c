/* SPDX-License-Identifier: MIT */
/* What a directory is on disk, and what becomes of rows that make no sense. */
#include "fleet_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/commit.h"
#include "actions/draft.h"
#include "actions/naming.h"
#include "base/json.h"
#include "cloud/story.h"
#include "model/intent.h"
#define ID "c0123456789abcdef0123456789abcdef"

static struct object *named(struct fixture *x, const char *name)
{
	return fleet_by_name(&x->fleet, name);
}

static void set(struct object *o, unsigned row, const char *text)
{
	struct ack_error e;

	assert_int_equal(object_write(o, row, text, strlen(text), &e), 0);
}

static void test_draft(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	int64_t time, created, changed;
	struct ack_error e;

	set(o, ACK_P_num_of_nodes, "3");
	set(o, ACK_P_tags, "a=1\nb=\"\\");
	set(o, ACK_P_snat_entry, "yes");
	assert_int_equal(object_put(o, ACK_P_snat_entry, NULL, &e), 0);
	assert_int_equal(object_param_remove(o, ACK_P_taints, &e), 0);
	ack_error_set(&e, EINVAL, "tags", "a \"reason\"\n\twith all");
	object_fail(o, &e);
	assert_int_equal(saved_put(o, &e), 0);
	time = ack_values_time(&o->values, ACK_P_num_of_nodes);
	created = o->created;
	changed = o->changed;
	fixture_kill(x);
	o = named(x, "test");
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
	/* a write that succeeds clears what the last failure said */
	set(o, ACK_P_num_of_nodes, "4");
	fixture_kill(x);
	assert_null(named(x, "test")->error);
	assert_string_equal(
		fixture_value(named(x, "test"), ACK_P_num_of_nodes), "4");
}

static void test_secret(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	char command[256];
	struct ack_error e;

	set(o, ACK_P_login_password, "Test@1900x");
	assert_non_null(fixture_value(o, ACK_P_login_password));
	assert_int_equal(saved_put(o, &e), 0);
	snprintf(
		command, sizeof(command), "! grep -qr 'Test@1900x' %s", x->dir);
	assert_int_equal(system(command), 0);
	fixture_kill(x);
	assert_null(fixture_value(named(x, "test"), ACK_P_login_password));
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
	fixture_kill(x);
	o = named(x, "test");
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
	set(o, ACK_P_deletion_protection, "true");
	set(o, ACK_P_tags, "a=b");
	assert_int_equal(
		object_param_remove(o, ACK_P_tags, &(struct ack_error){0}), 0);
	fixture_kill(x);
	o = named(x, "test");
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
	assert_string_equal(
		ack_values_get(&o->edits, ACK_P_deletion_protection, NULL),
		"true");
	assert_false(object_edited(o, ACK_P_tags));
}

static void test_back_to_draft(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct ack_error e;

	o->intent = intent_new("test", false);
	assert_int_equal(saved_put(o, &e), 0);
	ack_error_set(&e, EINVAL, NULL, "refused");
	commit_draft(o, &e);
	fixture_kill(x);
	o = named(x, "test");
	assert_int_equal(o->state, COURSE_DRAFT);
	assert_null(o->intent);
	assert_non_null(strstr(o->error, "refused"));
}

/* A cluster c with an edit and a pool p; a draft d; an intent i. */
static void populate(struct fixture *x)
{
	struct object *c = fixture_draft(x, "c"), *d = fixture_draft(x, "d"),
		      *i = fixture_draft(x, "i"), *p;
	struct ids ids = {ID, "R-1", "T-1"};
	struct ack_error e;

	fixture_exists(x, c, &ids);
	set(c, ACK_P_deletion_protection, "true");
	p = naming_create(&x->fleet, c, "p", &e);
	assert_non_null(p);
	set(p, ACK_POOL_P_system_disk_size, "120");
	set(d, ACK_P_num_of_nodes, "3");
	set(d, ACK_P_tags, "a=b");
	set(i, ACK_P_num_of_nodes, "5");
	i->intent = intent_new("i", true);
	assert_int_equal(saved_put(i, &e), 0);
}

static const char *nodes_of(struct fixture *x, const char *name)
{
	return named(x, name)
		       ? fixture_value(named(x, name), ACK_P_num_of_nodes)
		       : NULL;
}

#define INTO "INSERT INTO directories VALUES "

/* Rows that make no sense, and words of what is said of them; what they leave
 * of the directories: those of their letters. */
static const struct {
	const char *sql, *why, *left;
} senseless[] = {
	{"UPDATE parameters SET parameter = 'nonsense' WHERE value = 'a=b'",
		"d nonsense was not read back: there is no such parameter",
		"cdip"},
	{"INSERT INTO parameters VALUES ((SELECT id FROM directories WHERE "
	 "name = 'd'), 'login_password', 'Test@1900x', 1, 0)",
		"d login_password was not read back", "cdip"},
	{"UPDATE parameters SET value = printf('%.*c', 2000000, 'x') WHERE "
	 "value = 'a=b'",
		"d tags was not read back: it is too long", "cdip"},
	{"UPDATE parameters SET value = 'many' WHERE parameter = "
	 "'system_disk_size'",
		"p system_disk_size was not read back", "cdip"},
	{"UPDATE edits SET parameter = 'nonsense'",
		"c nonsense was not read back", "cdip"},
	{"UPDATE directories SET name = 'a b' WHERE name = 'd'",
		"the directory a b was not read back: mkdir", "cip"},
	{"UPDATE directories SET name = '..' WHERE name = 'd'",
		"mkdir would refuse", "cip"},
	{"UPDATE directories SET name = '' WHERE name = 'd'",
		"mkdir would refuse", "cip"},
	{"UPDATE directories SET id = -3 WHERE name = 'd'", "out of range",
		"cip"},
	{"UPDATE directories SET id = 9007199254740993 WHERE name = 'd'",
		"out of range", "cip"},
	{"UPDATE directories SET name = 'i' WHERE name = 'd'",
		"another directory has its name", "cip"},
	{"UPDATE directories SET pool_of = 99 WHERE name = 'd'", "no cluster",
		"cip"},
	{"UPDATE directories SET pool_of = id WHERE name = 'd'", "no cluster",
		"cip"},
	{INTO "(77, NULL, 'x', 'exists', '" ID
	      "', 'running', NULL, NULL, 1, 1, NULL)",
		"another directory has its ID", "cdip"},
	{"UPDATE directories SET cloud_id = NULL WHERE name = 'c'",
		"the directory c was not read back: it has no ID", "di"},
	{"UPDATE directories SET cloud_id = '../x' WHERE name = 'c'", "no ID",
		"di"},
	/* words that make no sense are left out */
	{"UPDATE directories SET state = 'run' || char(7), following = 'a b'",
		NULL, "cdip"},
	{"UPDATE directories SET error = 'be' || char(7) || 'll'", NULL,
		"cdip"},
	{"UPDATE receipts SET request_id = '<b>', task_id = char(10)", NULL,
		"cdip"},
	/* an intent is one, whatever it says */
	{"DELETE FROM intents", NULL, "cdip"},
	{"UPDATE intents SET uuid = 'short', name = '', date = -1", NULL,
		"cdip"},
	{"UPDATE intents SET name = 'be' || char(7) || 'll', date = 1 << 60",
		NULL, "cdip"},
	{"DELETE FROM parameters", NULL, "cdip"},
};

static void check_left(struct fixture *x, const char *left)
{
	struct object *c = named(x, "c"), *i = named(x, "i");

	assert_int_equal(!!c, !!strchr(left, 'c'));
	assert_int_equal(!!named(x, "d"), !!strchr(left, 'd'));
	assert_int_equal(
		c && objects_find(&c->pools, "p"), !!strchr(left, 'p'));
	assert_non_null(i);
	assert_int_equal(i->state, COURSE_UNKNOWN);
	assert_non_null(i->intent);
	assert_string_equal(i->intent->name, "i");
	assert_true(i->intent->date > 0);
}

static void test_senseless(void **state)
{
	for (size_t n = 0; n < LENGTH(senseless); n++) {
		struct fixture *x = *state;
		const char *why = senseless[n].why;

		populate(x);
		fixture_end(x);
		fixture_sql(x, senseless[n].sql);
		if (fixture_begin(x, fixture_open))
			fail_msg("%s: %s", senseless[n].sql, x->why.message);
		if (!why != !x->fleet.error ||
			(why && !strstr(x->fleet.error, why)))
			fail_msg("%s: %s", senseless[n].sql, x->fleet.error);
		check_left(x, senseless[n].left);
		/* and what is left is whole */
		fixture_check_kept(x);
		fixture_teardown(state);
		fixture_setup(state);
	}
}

/* An intent that has no place: the mount is refused, and nothing is lost. */
static void test_homeless(void **state)
{
	static const char *const bad[] = {
		"UPDATE directories SET id = -1 WHERE name = 'i'",
		"UPDATE directories SET name = '..' WHERE name = 'i'",
		"UPDATE directories SET pool_of = 99 WHERE name = 'i'",
		("UPDATE directories SET record = 'intent' WHERE name = 'p'; "
		 "UPDATE directories SET cloud_id = NULL WHERE name = 'c'"),
	};

	for (size_t n = 0; n < LENGTH(bad); n++) {
		struct fixture *x = *state;

		populate(x);
		fixture_end(x);
		fixture_sql(x, bad[n]);
		assert_int_equal(fixture_begin(x, fixture_open), -EINVAL);
		assert_non_null(strstr(x->why.message, "may have been sent"));
		fixture_teardown(state);
		fixture_setup(state);
	}
}

/* What is lost is lost alone, and the next thing written is kept. */
static void test_goes_on(void **state)
{
	struct fixture *x = *state;

	populate(x);
	fixture_end(x);
	fixture_sql(x, "UPDATE parameters SET value = 'many' WHERE value = "
		       "'3'; UPDATE directories SET name = 'a b' WHERE name = "
		       "'c'");
	assert_int_equal(fixture_begin(x, fixture_open), 0);
	assert_null(nodes_of(x, "d"));
	assert_non_null(strstr(x->fleet.error, "d num_of_nodes"));
	assert_string_equal(fixture_value(named(x, "d"), ACK_P_tags), "a=b");
	set(named(x, "d"), ACK_P_num_of_nodes, "7");
	fixture_draft(x, "c");
	fixture_again(x);
	assert_string_equal(nodes_of(x, "d"), "7");
	assert_string_equal(nodes_of(x, "i"), "5");
	assert_non_null(named(x, "c"));
}

/* Numbers are not used again while their directories are there. */
static void test_serials(void **state)
{
	struct fixture *x = *state;
	uint64_t a = fixture_draft(x, "a")->serial;
	uint64_t b = fixture_draft(x, "b")->serial;
	struct object *c;

	fixture_again(x);
	assert_true(named(x, "a")->serial == a);
	assert_true(named(x, "b")->serial == b);
	c = fixture_draft(x, "c");
	assert_true(c->serial > b);
	assert_ptr_equal(fleet_by_serial(&x->fleet, c->serial), c);
	assert_ptr_equal(fleet_by_serial(&x->fleet, a), named(x, "a"));
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
		CASE(test_senseless),
		CASE(test_homeless),
		CASE(test_goes_on),
		CASE(test_serials),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
