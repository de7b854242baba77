/* SPDX-License-Identifier: MIT */
/* A ceiling on how often something happens. */
#include "unit.h"

#include "base/error.h"
#include "base/event.h"
#include "client/pace.h"

static struct ack_events ev;
static unsigned came;

static void come(void *arg)
{
	came++;
	(void)arg;
}

static struct ack_pace_turn turns[64];
static struct ack_pace *endless;

static unsigned at_once(struct ack_pace *p, unsigned n)
{
	unsigned now = 0;

	came = 0;
	for (unsigned i = 0; i < n; i++) {
		turns[i] = (struct ack_pace_turn){.come = come};
		now += ack_pace_ask(p, &turns[i]);
	}
	return now;
}

static void begin(struct ack_pace *p, double qps)
{
	struct ack_error e;

	assert_int_equal(ack_events_init(&ev, &e), 0);
	ack_pace_init(p, &ev, qps);
}

static void end(struct ack_pace *p)
{
	ack_pace_release(p);
	ack_events_release(&ev);
}

static void test_burst(void **state)
{
	struct ack_pace p;

	(void)state;
	begin(&p, 5);
	assert_int_equal(at_once(&p, 30), 10);
	end(&p);
}

static void test_none(void **state)
{
	struct ack_pace p;

	(void)state;
	begin(&p, 0);
	assert_int_equal(at_once(&p, 64), 64);
	end(&p);
}

/* Less than one a second still lets the first one go. */
static void test_slow(void **state)
{
	struct ack_pace p;

	(void)state;
	begin(&p, 0.1);
	assert_int_equal(at_once(&p, 3), 1);
	end(&p);
}

static void test_rest_comes_in_its_time(void **state)
{
	struct ack_pace p;
	int64_t start = ack_now_ms();

	(void)state;
	begin(&p, 100);
	p.tokens = p.most = 1;
	assert_int_equal(at_once(&p, 11), 1);
	while (came < 10)
		assert_int_equal(ack_events_turn(&ev), 0);
	/* ten at a hundred a second; never sooner */
	assert_true(ack_now_ms() - start >= 99);
	end(&p);
}

static void test_leaving(void **state)
{
	struct ack_pace p;

	(void)state;
	begin(&p, 100);
	p.tokens = p.most = 1;
	assert_int_equal(at_once(&p, 3), 1);
	ack_pace_leave(&p, &turns[1]);
	ack_pace_leave(&p, &turns[1]);
	ack_pace_leave(&p, &turns[0]);
	while (came < 1)
		assert_int_equal(ack_events_turn(&ev), 0);
	assert_false(turns[2].waiting);
	assert_true(TAILQ_EMPTY(&p.queues[false]));
	end(&p);
}

static void test_patience(void **state)
{
	struct ack_pace p;

	(void)state;
	begin(&p, 100);
	p.tokens = p.most = 1;
	came = 0;
	for (unsigned i = 0; i < 4; i++) {
		turns[i] = (struct ack_pace_turn){
			.come = come, .patient = i < 3};
		assert_true(ack_pace_ask(&p, &turns[i]) == (i == 0));
	}
	while (came < 1)
		assert_int_equal(ack_events_turn(&ev), 0);
	assert_false(turns[3].waiting);
	assert_true(turns[1].waiting);
	while (came < 3)
		assert_int_equal(ack_events_turn(&ev), 0);
	assert_false(turns[2].waiting);
	end(&p);
}

/* Who asks again as soon as he had his turn holds nobody up for ever. */
static void again(void *arg)
{
	struct ack_pace_turn *t = arg;

	came++;
	if (came < 20 && ack_pace_ask(endless, t))
		fail_msg("two turns at once");
}

static void test_no_starving(void **state)
{
	struct ack_pace p;
	struct ack_pace_turn first = {.come = come},
			     polls = {.come = come, .patient = true},
			     readers[3];

	(void)state;
	begin(&p, 100);
	p.tokens = p.most = 1;
	endless = &p;
	while (ack_pace_ask(&p, &first))
		;
	assert_false(ack_pace_ask(&p, &polls));
	for (unsigned i = 0; i < LENGTH(readers); i++) {
		readers[i] = (struct ack_pace_turn){
			.come = again, .arg = &readers[i]};
		assert_false(ack_pace_ask(&p, &readers[i]));
	}
	came = 0;
	while (polls.waiting && came < 20)
		assert_int_equal(ack_events_turn(&ev), 0);
	assert_false(polls.waiting);
	for (unsigned i = 0; i < LENGTH(readers); i++)
		ack_pace_leave(&p, &readers[i]);
	ack_pace_leave(&p, &first);
	end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_rest_comes_in_its_time),
		cmocka_unit_test(test_leaving),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_no_starving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
