/* SPDX-License-Identifier: MIT */
/* What DescribeTaskInfo says becomes progress, events and an end. */
#include "fleet_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "cloud/live.h"
#include "cloud/rest.h"
#include "cloud/story.h"
#include "model/kind.h"
#include "model/waiter.h"

#define ID "c0123456789abcdef0123456789abcdef"

static struct ack_json *parse(const char *text)
{
	size_t where;
	struct ack_json *n = ack_json_parse(text, strlen(text), &where);

	if (!n)
		fail_msg("no JSON: %s", text);
	return n;
}

/* A list or a description says that the cluster is in that state. */
static struct object *cluster(struct fixture *x, const char *state)
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

static void task(struct object *o, const char *text)
{
	struct ack_json *n = parse(text);

	story_task(o, n);
	ack_json_free(n);
}

/* progress without its last word, the time; and the line of watch */
static void check(struct object *o, const char *progress, const char *line)
{
	struct ack_buf text = ACK_BUF_INIT(4096);
	char *end;

	story_progress(o->fleet, o, &text);
	end = strrchr(ack_buf_text(&text), ',');
	assert_non_null(end);
	*end = '\0';
	assert_string_equal(ack_buf_text(&text), progress);
	ack_buf_clear(&text);
	story_line(o, &text);
	assert_string_equal(ack_buf_text(&text), line);
	ack_buf_release(&text);
}

#define STAGES(a, b, c)                                        \
	"\"stages\":[{\"state\":\"" a "\",\"message\":\"A\"}," \
	"{\"state\":\"" b "\",\"message\":\"B\"},"             \
	"{\"state\":\"" c "\",\"message\":\"C\"}]"

static void test_progress(void **state)
{
	static const struct {
		const char *task, *progress, *line;
	} rows[] = {
		{"{\"state\":\"running\"}", "0% [--------------------]",
			"initial 0%"},
		{"{\"state\":\"running\",\"stages\":[]}",
			"0% [--------------------]", "initial 0%"},
		{"{\"state\":\"running\",\"current_stage\":\"one\"," STAGES(
			 "running", "initial", "initial") "}",
			"16% [###-----------------] stage 1 of 3: one",
			"initial 16% one"},
		{"{\"state\":\"running\",\"current_stage\":\"two\"," STAGES(
			 "success", "running", "initial") "}",
			"50% [##########----------] stage 2 of 3: two",
			"initial 50% two"},
		{"{\"state\":\"paused\",\"current_stage\":\"two\"," STAGES(
			 "success", "paused", "") "}",
			"50% [##########----------] paused stage 2 of 3: two",
			"initial 50% paused two"},
		/* between two stages, and with a stage of no name */
		{"{\"state\":\"running\",\"current_stage\":\"\"," STAGES(
			 "succeeded", "succeeded", "initial") "}",
			"83% [################----] stage 3 of 3",
			"initial 83%"},
		{"{\"state\":\"running\"," STAGES(
			 "success", "success", "success") "}",
			"99% [###################-] stage 3 of 3",
			"initial 99%"},
		/* the ends: what a stage says stands in for its name */
		{"{\"state\":\"failed\"," STAGES(
			 "success", "failed", "initial") "}",
			"33% [######--------------] failed stage 2 of 3: B",
			"initial failed B"},
		{"{\"state\":\"fail\",\"current_stage\":\"two\"," STAGES(
			 "success", "fail", "initial") "}",
			"33% [######--------------] failed stage 2 of 3: two",
			"initial failed two"},
		{"{\"state\":\"success\",\"current_stage\":\"\"," STAGES(
			 "success", "success", "success") "}",
			"100% [####################] done stage 3 of 3",
			"initial 100%"},
		/* done is done, whatever the stages say */
		{"{\"state\":\"success\"," STAGES(
			 "success", "running", "initial") "}",
			"100% [####################] done stage 3 of 3",
			"initial 100%"},
		/* nonsense */
		{"{}", "0% [--------------------]", "initial 0%"},
		{"{\"state\":3,\"stages\":{\"a\":1},\"current_stage\":[]}",
			"50% [##########----------] stage 1 of 1",
			"initial 50%"},
		{"{\"state\":\"running\",\"stages\":[1,null,\"x\"],"
		 "\"current_stage\":\"\\u001b[31m\\n\"}",
			"16% [###-----------------] stage 1 of 3: ?[31m",
			"initial 16% ?[31m"},
	};
	struct fixture *x = *state;
	struct object *o = cluster(x, "initial");

	for (size_t i = 0; i < LENGTH(rows); i++) {
		print_message("row %zu\n", i);
		story_begin(o, "T-1");
		task(o, rows[i].task);
		check(o, rows[i].progress, rows[i].line);
	}
}

static void test_endings(void **state)
{
	static const struct {
		const char *word;
		bool over, bad;
	} rows[] = {
		{"success", true, false},
		{"succeeded", true, false},
		{"SUCCESS", true, false},
		{"fail", true, true},
		{"failed", true, true},
		{"Failed", true, true},
		{"error", true, true},
		{"canceled", true, true},
		{"cancelled", true, true},
		{"running", false, false},
		{"Running", false, false},
		{"pending", false, false},
		{"initial", false, false},
		{"paused", false, false},
	};
	struct fixture *x = *state;
	struct object *o = cluster(x, "running");
	char text[64];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		story_begin(o, "T-1");
		assert_false(story_at_rest(o));
		snprintf(
			text, sizeof(text), "{\"state\":\"%s\"}", rows[i].word);
		task(o, text);
		if (o->story->over != rows[i].over ||
			o->story->bad != rows[i].bad)
			fail_msg("%s", rows[i].word);
		assert_int_equal(story_at_rest(o), rows[i].over);
	}
}

/* A cancel from here is no failure; where the task ends otherwise, that
 * counts. */
static void test_canceled(void **state)
{
	static const struct {
		const char *word;
		bool canceled, bad;
	} rows[] = {
		{"canceled", true, false},
		{"Cancelled", true, false},
		{"success", false, false},
		{"failed", false, true},
	};
	struct fixture *x = *state;
	struct object *o = cluster(x, "running");
	char text[64];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		story_begin(o, "T-1");
		story_cancel(o);
		assert_false(story_at_rest(o));
		snprintf(
			text, sizeof(text), "{\"state\":\"%s\"}", rows[i].word);
		task(o, text);
		assert_true(o->story->over);
		assert_int_equal(o->story->canceled, rows[i].canceled);
		assert_int_equal(o->story->bad, rows[i].bad);
	}
}

/* The tasks of one change are followed in their order, up to the first that
 * fails; one that succeeds with a part that did not has failed. */
static void test_several(void **state)
{
	struct fixture *x = *state;
	struct object *o = cluster(x, "running");

	story_begin(o, "T-1");
	story_also(o, "T-2");
	story_also(o, "T-3");
	story_also(o, "../T-4");
	task(o, "{\"state\":\"running\"}");
	assert_string_equal(story_followed(o), "T-1");
	task(o, "{\"state\":\"success\"}");
	assert_string_equal(story_followed(o), "T-2");
	assert_false(story_at_rest(o));
	task(o, "{\"state\":\"success\",\"task_result\":[{\"status\":"
		"\"success\"},{\"status\":\"failed\",\"data\":\"x\"}]}");
	assert_true(o->story->over && o->story->bad);
	story_begin(o, "T-1");
	story_also(o, "T-2");
	task(o, "{\"state\":\"success\"}");
	task(o, "{\"state\":\"success\",\"task_result\":null}");
	assert_true(o->story->over && !o->story->bad);
	assert_true(story_at_rest(o));
}

/* What cannot be asked for is not waited for. */
static void test_no_task(void **state)
{
	static const char *const ids[] = {"", ".", "..", "../x", "a/b", "a b",
		"T-1\n", "T-\xc2\x9b",
		("01234567890123456789012345678901"
		 "23456789012345678901234567890123")};
	struct fixture *x = *state;
	struct object *o = cluster(x, "running");

	for (size_t i = 0; i < LENGTH(ids); i++) {
		story_begin(o, ids[i]);
		assert_string_equal(o->story->task, "");
		assert_true(story_at_rest(o));
	}
}

/* Only what lies before it was known here is taken for its beginning. */
static void test_created(void **state)
{
	static const struct {
		const char *created;
		int64_t began; /* seconds; 0: as it was */
	} rows[] = {
		{"2001-09-09T01:46:40Z", 1000000000},
		{"1970-01-01T00:00:01Z", 1},
		{"1969-01-01T00:00:00Z", 0},
		{"0000-01-01T00:00:00Z", 0},
		{"2262-04-11T23:47:16Z", 0},
		{"9999-12-31T23:59:59Z", 0},
	};
	struct fixture *x = *state;
	struct object *o = cluster(x, "running");
	char text[96];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		story_begin(o, "T-1");
		int64_t before = o->story->began;
		snprintf(text, sizeof(text), "{\"created\":\"%s\"}",
			rows[i].created);
		task(o, text);
		assert_int_equal(o->story->began,
			rows[i].began ? rows[i].began * 1000000000 : before);
	}
}

static const char *events(struct object *o)
{
	return ack_buf_text(&o->story->events);
}

#define EVENT(ms, reason, message)                                          \
	"{\"timestamp\":\"" ms "\",\"level\":\"info\",\"reason\":\"" reason \
	"\",\"message\":\"" message "\"}"
#define FIRST       EVENT("1767323045123", "one", "the first")
#define SECOND      EVENT("1767323046000", "two", "a\\nb\\u001bc")
#define FIRST_LINE  "2026-01-02T03:04:05Z info one: the first\n"
#define SECOND_LINE "2026-01-02T03:04:06Z info two: a b?c\n"

static void test_events(void **state)
{
	struct fixture *x = *state;
	struct object *o = cluster(x, "initial");

	story_begin(o, "T-1");
	task(o, "{\"state\":\"running\",\"events\":[" FIRST "]}");
	assert_string_equal(events(o), FIRST_LINE);
	/* each is told once, however often the task is asked for */
	task(o, "{\"state\":\"running\",\"events\":[" FIRST "]}");
	task(o, "{\"state\":\"running\",\"events\":[" FIRST "," SECOND "]}");
	assert_string_equal(events(o), FIRST_LINE SECOND_LINE);
	/* fewer than before, or none at all, is no reason to tell them again */
	task(o, "{\"state\":\"running\"}");
	assert_string_equal(events(o), FIRST_LINE SECOND_LINE);
	assert_true(story_has(
		o, 1767323045 * 1000000000ll, "info", "one", "the first"));
	assert_true(story_has(
		o, 1767323046 * 1000000000ll, "info", "two", "a\nb\033c"));
	assert_false(story_has(
		o, 1767323045 * 1000000000ll, "info", "one", "the firs"));
	assert_false(story_has(
		o, 1767323044 * 1000000000ll, "info", "one", "the first"));
	task(o, "{\"task_type\":\"cluster_create\",\"state\":\"failed\"}");
	assert_non_null(strstr(events(o), "Z error cluster_create: failed\n"));
	/* an end is told once, too */
	task(o, "{\"task_type\":\"cluster_create\",\"state\":\"failed\"}");
	assert_null(strstr(strstr(events(o), "failed\n") + 1, "failed\n"));
}

/* What was read stays: when it is full nothing more comes. */
static void test_full(void **state)
{
	struct fixture *x = *state;
	struct object *o = cluster(x, "initial");
	char text[400];
	size_t len;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 4000; i++)
		story_tell(o, 0, "info", "test", text);
	len = o->story->events.len;
	assert_true(len <= STORY_EVENTS_MAX);
	assert_true(len > STORY_EVENTS_MAX - 1000);
	assert_int_equal(ack_buf_status(&o->story->events), 0);
	assert_int_equal(events(o)[len - 1], '\n');
	story_tell(o, 0, "info", "test", text);
	assert_int_equal(o->story->events.len, len);
}

/* One of others may have run for long already. */
static void test_begin(void **state)
{
	struct fixture *x = *state;
	struct object *o = cluster(x, "initial");
	int64_t now = time_now_ns();

	story_begin(o, "T-1");
	assert_true(o->story->began >= now);
	task(o, "{\"state\":\"running\",\"created\":\"2026-01-02T11:04:05+08:"
		"00\"}");
	assert_true(o->story->began == 1767323045 * 1000000000ll);
	story_begin(o, "T-2");
	/* a clock that is ahead does not make a time that is yet to come */
	task(o, "{\"state\":\"running\",\"created\":\"2100-01-02T11:04:05Z\"}");
	assert_true(o->story->began >= now);
	assert_true(o->story->began <= time_now_ns());
	task(o, "{\"state\":\"running\",\"created\":\"yesterday\"}");
	assert_true(o->story->began >= now);
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

static int ask(struct object *o, struct asked *a, bool impatient)
{
	struct ack_error e;

	*a = (struct asked){.w = {.done = answered, .impatient = impatient}};
	return rest_wait(o, &a->w, &e);
}

static void test_wait(void **state)
{
	struct fixture *x = *state;
	struct object *o = cluster(x, "initial");
	struct asked a, b;

	assert_int_equal(ask(o, &a, true), -EAGAIN);
	assert_int_equal(ask(o, &a, false), NODE_LATER);
	assert_int_equal(ask(o, &b, false), NODE_LATER);
	waiter_leave(&b.w);
	story_begin(o, "T-1");
	task(o, "{\"state\":\"running\"," STAGES("success", "", "") "}");
	/* the state may be ahead of the task: both have to come to rest */
	cluster(x, "running");
	assert_int_equal(a.done, 0);
	assert_int_equal(ask(o, &b, true), -EAGAIN);
	task(o, "{\"state\":\"success\"}");
	assert_int_equal(a.done, 1);
	assert_int_equal(a.err, 0);
	assert_int_equal(b.done, 0);
	assert_int_equal(ask(o, &b, true), 0);
	/* a state that is no rest, and then a bad end */
	cluster(x, "deleting");
	assert_int_equal(ask(o, &a, false), NODE_LATER);
	cluster(x, "delete_failed");
	assert_int_equal(a.done, 1);
	assert_int_equal(a.err, -EREMOTEIO);
	assert_int_equal(ask(o, &a, true), -EREMOTEIO);
	/* and one that goes while somebody waits */
	cluster(x, "deleting");
	assert_int_equal(ask(o, &a, false), NODE_LATER);
	live_gone(o);
	assert_int_equal(a.done, 1);
	assert_int_equal(a.err, 0);
	assert_null(fleet_by_id(&x->fleet, ID));
}

static void test_unmount(void **state)
{
	struct fixture *x = *state;
	struct object *o = cluster(x, "initial");
	struct asked a;

	assert_int_equal(ask(o, &a, false), NODE_LATER);
	fixture_again(x);
	assert_int_equal(a.done, 1);
	assert_int_equal(a.err, -EINTR);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_progress),
		CASE(test_no_task),
		CASE(test_created),
		CASE(test_endings),
		CASE(test_canceled),
		CASE(test_several),
		CASE(test_events),
		CASE(test_full),
		CASE(test_begin),
		CASE(test_wait),
		CASE(test_unmount),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
