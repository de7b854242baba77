/* SPDX-License-Identifier: MIT */
/*
 * Every state with every event, against a table of its own: what follows and
 * what is done, in words, so that neither table can be copied from the other.
 */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "model/course.h"

static const char *const states[COURSE_STATES] = {"draft", "asking",
	"recording", "sending", "keeping", "unknown", "exists"};

static const char *const events[COURSE_EVENTS] = {"commit", "name free",
	"name taken", "ask failed", "recorded", "not recorded", "accepted",
	"refused", "unsent", "lost", "found", "undecided", "absent", "adopt",
	"give up", "kept", "mount"};

static const char *const actions[] = {"nothing", "refuse", "ask", "record",
	"post", "keep", "show", "clear", "look", "tell"};

/* All that can happen; what is not here cannot. */
static const struct {
	const char *state, *event, *next, *action;
} steps[] = {
	/* an order is taken from a draft alone */
	{"draft", "commit", "asking", "ask"},
	{"asking", "commit", "asking", "refuse"},
	{"recording", "commit", "recording", "refuse"},
	{"sending", "commit", "sending", "refuse"},
	{"unknown", "commit", "unknown", "refuse"},
	{"exists", "commit", "exists", "refuse"},
	/* before the intent is on disk nothing has happened */
	{"asking", "name free", "recording", "record"},
	{"asking", "name taken", "draft", "tell"},
	{"asking", "ask failed", "draft", "tell"},
	{"recording", "not recorded", "draft", "tell"},
	/* one way to the POST */
	{"recording", "recorded", "sending", "post"},
	{"sending", "accepted", "keeping", "keep"},
	{"sending", "refused", "draft", "clear"},
	{"sending", "unsent", "draft", "clear"},
	{"sending", "lost", "unknown", "look"},
	/* and from there on nothing but looking */
	{"unknown", "found", "keeping", "keep"},
	{"unknown", "adopt", "keeping", "keep"},
	{"unknown", "undecided", "unknown", "look"},
	{"unknown", "absent", "draft", "clear"},
	{"unknown", "give up", "draft", "clear"},
	/* shown once it is kept */
	{"keeping", "commit", "keeping", "refuse"},
	{"keeping", "kept", "exists", "show"},
	/* a mount finds these three only */
	{"draft", "mount", "draft", "nothing"},
	{"unknown", "mount", "unknown", "look"},
	{"exists", "mount", "exists", "nothing"},
};

static void test_every_step(void **state)
{
	size_t valid = 0;

	(void)state;
	for (int s = 0; s < COURSE_STATES; s++)
		for (int v = 0; v < COURSE_EVENTS; v++) {
			struct course_step got = course_next(
				(enum course_state)s, (enum course_event)v);
			size_t i = 0;

			while (i < LENGTH(steps) &&
				(strcmp(steps[i].state, states[s]) ||
					strcmp(steps[i].event, events[v])))
				i++;
			if (got.valid != (i < LENGTH(steps)))
				fail_msg("%s in %s", events[v], states[s]);
			if (i == LENGTH(steps)) {
				assert_int_equal(got.state, s);
				assert_int_equal(got.action, ACTION_NONE);
				continue;
			}
			valid++;
			assert_string_equal(states[got.state], steps[i].next);
			assert_string_equal(
				actions[got.action], steps[i].action);
		}
	assert_int_equal(valid, LENGTH(steps));
}

static void test_promises(void **state)
{
	(void)state;
	for (int s = 0; s < COURSE_STATES; s++)
		for (int v = 0; v < COURSE_EVENTS; v++) {
			struct course_step n = course_next(
				(enum course_state)s, (enum course_event)v);

			/* only a recorded intent is sent, and once */
			if (n.action == ACTION_POST) {
				assert_int_equal(s, COURSE_RECORDING);
				assert_int_equal(v, EVENT_RECORDED);
				assert_int_equal(n.state, COURSE_SENDING);
			}
			/* nobody comes to `sending` otherwise */
			if (n.valid && n.state == COURSE_SENDING &&
				s != COURSE_SENDING)
				assert_int_equal(n.action, ACTION_POST);
			/* what exists goes on to exist */
			if (s == COURSE_EXISTS)
				assert_int_equal(n.state, COURSE_EXISTS);
			/* what is shown was kept on disk before */
			if (n.state == COURSE_EXISTS && s != COURSE_EXISTS) {
				assert_int_equal(s, COURSE_KEEPING);
				assert_int_equal(n.action, ACTION_SHOW);
			}
			if (n.state == COURSE_KEEPING && s != COURSE_KEEPING)
				assert_int_equal(n.action, ACTION_KEEP);
			if (n.state == COURSE_DRAFT && s > COURSE_RECORDING)
				assert_int_equal(n.action, ACTION_CLEAR);
		}
}

static void test_out_of_range(void **state)
{
	(void)state;
	assert_false(course_next(COURSE_STATES, EVENT_COMMIT).valid);
	assert_false(course_next(COURSE_DRAFT, COURSE_EVENTS).valid);
}

static void test_recover(void **state)
{
	(void)state;
	assert_int_equal(course_recover(RECORD_DRAFT), COURSE_DRAFT);
	assert_int_equal(course_recover(RECORD_INTENT), COURSE_UNKNOWN);
	assert_int_equal(course_recover(RECORD_EXISTS), COURSE_EXISTS);
	/* what a damaged byte says is not believed to be harmless */
	assert_int_equal(
		course_recover((enum course_record)99), COURSE_UNKNOWN);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(course_state_name(COURSE_DRAFT), "draft");
	assert_string_equal(course_state_name(COURSE_ASKING), "committing");
	assert_string_equal(course_state_name(COURSE_RECORDING), "committing");
	assert_string_equal(course_state_name(COURSE_SENDING), "committing");
	assert_string_equal(course_state_name(COURSE_UNKNOWN), "unknown");
	for (int v = 0; v < COURSE_EVENTS; v++) {
		const char *name = course_event_name((enum course_event)v);

		assert_non_null(name);
		/* one word of audit.log each */
		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"),
			strlen(name));
		for (int w = 0; w < v; w++)
			assert_string_not_equal(
				name, course_event_name((enum course_event)w));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_step),
		cmocka_unit_test(test_promises),
		cmocka_unit_test(test_out_of_range),
		cmocka_unit_test(test_recover),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
