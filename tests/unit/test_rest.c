/* SPDX-License-Identifier: MIT */
/*
 * When nothing goes on any more: every word for a state with every word for
 * its task, in either order, and then with its node pools.
 */
#include "fleet_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cloud/live.h"
#include "cloud/rest.h"
#include "cloud/story.h"
#include "model/kind.h"
#include "model/waiter.h"

#define ID        "c0123456789abcdef0123456789abcdef"
#define NP(digit) "np0123456789abcdef0123456789abcde" digit

enum verdict { WELL, BADLY, MOVES, GONE };

struct word {
	const char *word;
	enum verdict verdict;
};

/* Written down here once more, by what SERVICE.md, States, says of them. */
static const struct word states[] = {{"initial", MOVES}, {"creating", MOVES},
	{"updating", MOVES}, {"upgrading", MOVES}, {"scaling", MOVES},
	{"removing", MOVES}, {"draining", MOVES}, {"deleting", MOVES},
	{"waiting", MOVES}, {"connecting", MOVES}, {"migrating", MOVES},
	{"Updating", MOVES}, {"DELETING", MOVES}, {"running", WELL},
	{"Running", WELL}, {"active", WELL}, {"disconnected", WELL},
	{"failed", BADLY}, {"inactive", BADLY}, {"unavailable", BADLY},
	{"stopped", BADLY}, {"delete_failed", BADLY}, {"deleteFailed", BADLY},
	{"deleted_failed", BADLY}, {"updating_failed", BADLY},
	{"upgrade_failed", BADLY}, {"scaling_failed", BADLY},
	{"Create_Failed", BADLY}, {"deleted", GONE},
	/* and some that it does not use */
	{"hibernated", WELL}, {"frozen", WELL}, {"locked", WELL},
	{"healthy", WELL}, {"ready", WELL}, {"normal", WELL}, {"ok", WELL},
	{"suspended", WELL}, {"archived", WELL}, {"v2-running", WELL},
	{"x", WELL}, {"RUNNABLE", WELL}, {"paused", WELL}, {"standby", WELL},
	{"degraded", WELL}, {"unknown", WELL}, {"success", WELL}, {"a.b", WELL},
	{"7", WELL}, {"maintenance", WELL}};

static const struct word tasks[] = {{"running", MOVES}, {"pending", MOVES},
	{"initial", MOVES}, {"paused", MOVES}, {"RUNNING", MOVES},
	{"success", WELL}, {"succeeded", WELL}, {"Success", WELL},
	{"fail", BADLY}, {"failed", BADLY}, {"FAILED", BADLY}, {"error", BADLY},
	{"canceled", BADLY}, {"cancelled", BADLY},
	/* GONE: it says nothing; the state alone counts */
	{"", GONE}, {"done", GONE}, {"finished", GONE}, {"queued", GONE},
	{"skipped", GONE}, {"ok", GONE}, {"0", GONE}, {"completing", GONE},
	{"timeout", GONE}, {"aborted", GONE}, {"ready", GONE},
	{"scheduled", GONE}, {"new", GONE}, {"closed", GONE}, {"active", GONE},
	{"blocked", GONE}, {"retrying", GONE}, {"void", GONE}, {"null", GONE},
	{"two words", GONE}};

static struct ack_json *parse(const char *text)
{
	size_t where;
	struct ack_json *n = ack_json_parse(text, strlen(text), &where);

	if (!n)
		fail_msg("no JSON: %s", text);
	return n;
}

/* The service says that the cluster is in that state. */
static struct object *is(struct fixture *x, const char *state)
{
	struct ack_json *n;
	struct object *o;
	char text[256];

	snprintf(text, sizeof(text),
		"{\"cluster_id\":\"" ID "\",\"name\":\"test\","
		"\"state\":\"%s\"}",
		state);
	n = parse(text);
	o = live_find(&x->fleet, NULL, n);
	assert_non_null(o);
	live_take(o, n, ack_now_ms());
	ack_json_free(n);
	return o;
}

static void task_is(struct object *o, const char *state)
{
	struct ack_json *n;
	char text[64];

	snprintf(text, sizeof(text), "{\"state\":\"%s\"}", state);
	n = parse(text);
	story_task(o, n);
	ack_json_free(n);
}

struct asked {
	struct waiter w;
	int done, err;
};

static void answered(struct waiter *w, int err)
{
	struct asked *a = (struct asked *)w;

	a->done++;
	a->err = err;
}

static int ask(struct object *o, struct asked *a)
{
	ACK_UNSET struct ack_error e;

	*a = (struct asked){.w = {.done = answered}};
	return rest_wait(o, &a->w, &e);
}

/* It has come to rest, whoever waits was told how, and so is who asks now. */
static bool rests(struct object *o, const struct asked *a, bool badly)
{
	struct asked late;
	int err = badly ? -EREMOTEIO : 0;

	return rest_settled(o) && a->done == 1 && a->err == err &&
	       ask(o, &late) == err;
}

/* Nobody was told yet, and who asks now waits. */
static bool goes_on(struct object *o, const struct asked *a)
{
	struct asked late;
	bool waits = ask(o, &late) == NODE_LATER;

	waiter_leave(&late.w);
	return waits && !a->done && !rest_settled(o);
}

static bool walk(struct fixture *x, const struct word *s, const struct word *t,
	bool task_first)
{
	struct object *o = is(x, "updating");
	bool badly = t->verdict == BADLY || s->verdict == BADLY;
	struct asked a;
	bool sound = true;

	story_begin(o, "T-1");
	assert_int_equal(ask(o, &a), NODE_LATER);
	if (task_first)
		task_is(o, t->word);
	sound &= goes_on(o, &a);
	is(x, s->word);
	if (!task_first && s->verdict != GONE) {
		sound &= goes_on(o, &a);
		task_is(o, t->word);
		/* a state from before that is too old */
		if (t->verdict == GONE) {
			sound &= goes_on(o, &a);
			is(x, s->word);
		}
	}
	if (t->verdict == MOVES && s->verdict != GONE) {
		sound &= goes_on(o, &a);
		task_is(o, "success");
	}
	if (s->verdict == MOVES) {
		sound &= goes_on(o, &a);
		is(x, "running");
	}
	if (s->verdict == GONE)
		badly = task_first && t->verdict == BADLY;
	sound &= rests(o, &a, badly);
	fleet_discard(&x->fleet, o);
	return sound;
}

static void test_words(void **state)
{
	struct fixture *x = *state;

	for (size_t s = 0; s < LENGTH(states); s++)
		for (size_t t = 0; t < LENGTH(tasks); t++)
			for (int first = 0; first < 2; first++)
				if (!walk(x, &states[s], &tasks[t], first))
					fail_msg("state %s, task %s, %s first",
						states[s].word, tasks[t].word,
						first ? "task" : "state");
}

/* The service lists a node pool in that state, beside one that rests; NULL:
 * the list has it no more. */
static void pool_is(struct object *o, const char *state)
{
	struct ack_json *n;
	char text[512];

	snprintf(text, sizeof(text),
		"[{\"nodepool_info\":{\"nodepool_id\":\"" NP(
			"0") "\",\"name\":\"default\"},\"status\":{\"state\":"
			     "\"active\"}}"
			     "%s%s%s]",
		state ? ",{\"nodepool_info\":{\"nodepool_id\":\"" NP(
				"1") "\",\"name\":\"gpu\"},\"status\":{"
				     "\"state\":\""
		      : "",
		state ? state : "", state ? "\"}}" : "");
	n = parse(text);
	live_nodepools(o, n, ack_now_ms());
	ack_json_free(n);
}

static void test_pools(void **state)
{
	struct fixture *x = *state;

	for (size_t s = 0; s < LENGTH(states); s++) {
		struct object *o = is(x, "updating");
		struct asked a;
		bool sound;

		if (states[s].verdict == GONE)
			continue;
		assert_int_equal(ask(o, &a), NODE_LATER);
		pool_is(o, states[s].word);
		sound = goes_on(o, &a);
		is(x, "running");
		if (states[s].verdict == MOVES) {
			sound &= goes_on(o, &a);
			pool_is(o, "active");
		}
		sound &= rests(o, &a, states[s].verdict == BADLY);
		if (!sound)
			fail_msg("pool %s", states[s].word);
		fleet_discard(&x->fleet, o);
	}
}

/* What was being made and is gone is no good end, unless it was deleted here.
 */
static void test_gone(void **state)
{
	static const struct {
		bool pool, made, unwanted;
		int err;
	} rows[] = {
		{false, false, false, -EREMOTEIO},
		{false, true, false, 0},
		{false, false, true, 0},
		{true, false, false, -EREMOTEIO},
		{true, true, false, 0},
		{true, false, true, 0},
	};
	struct fixture *x = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct object *o = is(x, rows[i].pool ? "running" : "initial");
		struct object *of = o;
		struct asked a;

		if (rows[i].pool) {
			pool_is(o, "initial");
			of = objects_find(&o->pools, "gpu");
		}
		assert_non_null(story_of(of));
		story_begin(of, "");
		if (rows[i].made && rows[i].pool)
			pool_is(o, "active");
		else if (rows[i].made)
			is(x, "running");
		if (rows[i].unwanted)
			story_unwanted(of);
		if (rows[i].pool)
			pool_is(o, "deleting");
		else
			is(x, "deleting");
		assert_int_equal(ask(o, &a), NODE_LATER);
		live_gone(of);
		if (a.done != 1 || a.err != rows[i].err)
			fail_msg("row %zu: %d, %d", i, a.done, a.err);
		if (rows[i].pool)
			fleet_discard(&x->fleet, o);
	}
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_words),
		CASE(test_pools),
		CASE(test_gone),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
