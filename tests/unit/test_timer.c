/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/event.h"

static struct ack_events ev;

/* A timer that notes its name in a log, and does `then`. */
static char log_text[64];

struct noting {
	struct ack_timer timer;
	char name;
	void (*then)(struct noting *n);
	struct noting *other;
};

static void note(void *arg)
{
	struct noting *n = arg;
	size_t len = strlen(log_text);

	log_text[len] = n->name;
	log_text[len + 1] = '\0';
	if (n->then)
		n->then(n);
}

static void prepare(struct noting *n, char name)
{
	*n = (struct noting){.name = name};
	n->timer.fire = note;
	n->timer.arg = n;
}

static int setup(void **state)
{
	struct ack_error e;

	(void)state;
	log_text[0] = '\0';
	return ack_events_init(&ev, &e);
}

static int teardown(void **state)
{
	(void)state;
	ack_events_release(&ev);
	return 0;
}

static void turn_until(size_t count)
{
	while (strlen(log_text) < count)
		assert_int_equal(ack_events_turn(&ev), 0);
}

static void test_order(void **state)
{
	struct noting n[6];

	(void)state;
	for (int i = 0; i < 6; i++)
		prepare(&n[i], (char)('a' + i));
	ack_timer_set(&ev, &n[0].timer, 30);
	ack_timer_set(&ev, &n[1].timer, 10);
	ack_timer_set(&ev, &n[2].timer, 20);
	ack_timer_set(&ev, &n[3].timer, 0);
	ack_timer_set(&ev, &n[4].timer, 5);
	ack_timer_set(&ev, &n[5].timer, 1);
	ack_timer_set(&ev, &n[5].timer, 40); /* moved */
	ack_timer_cancel(&ev, &n[4].timer);
	ack_timer_cancel(&ev, &n[4].timer);
	turn_until(5);
	assert_string_equal(log_text, "dbcaf");
	assert_null(ev.first);
}

/* Timers of one moment fire in the order in which they were set. */
static void test_ties(void **state)
{
	struct noting n[26];

	(void)state;
	for (int i = 0; i < 26; i++)
		prepare(&n[i], (char)('a' + i));
	for (int i = 0; i < 26; i++)
		ack_timer_set(&ev, &n[i].timer, 0);
	/* The same moment, however slow this machine is. */
	for (int i = 0; i < 26; i++)
		assert_true(n[i].timer.due >= n[0].timer.due);
	turn_until(26);
	assert_string_equal(log_text, "abcdefghijklmnopqrstuvwxyz");
}

static void cancel_other(struct noting *n)
{
	ack_timer_cancel(&ev, &n->other->timer);
}

static void set_self(struct noting *n)
{
	ack_timer_set(&ev, &n->timer, 0);
}

static void test_from_callbacks(void **state)
{
	struct noting a, b, c;

	(void)state;
	prepare(&a, 'a');
	prepare(&b, 'b');
	prepare(&c, 'c');
	a.then = cancel_other;
	a.other = &b;
	ack_timer_set(&ev, &a.timer, 0);
	ack_timer_set(&ev, &b.timer, 0);
	ack_timer_set(&ev, &c.timer, 0);
	turn_until(2);
	assert_string_equal(log_text, "ac");

	/* Set again from its own callback: not in the same turn. */
	log_text[0] = '\0';
	a.then = set_self;
	ack_timer_set(&ev, &a.timer, 0);
	assert_int_equal(ack_events_turn(&ev), 0);
	assert_string_equal(log_text, "a");
	turn_until(3);
	ack_timer_cancel(&ev, &a.timer);
}

static int compare_due(const void *a, const void *b)
{
	const struct ack_timer *const *x = a, *const *y = b;

	return ((*x)->due > (*y)->due) - ((*x)->due < (*y)->due);
}

/* Against a sorted list: sets, moves and cancels by a fixed generator. */
static void test_many(void **state)
{
	enum { COUNT = 500 };
	static struct ack_timer timers[COUNT];
	struct ack_timer *live[COUNT];
	unsigned seed = 12345;
	size_t n = 0;

	(void)state;
	memset(timers, 0, sizeof(timers));
	for (int i = 0; i < 20000; i++) {
		seed = seed * 1103515245u + 12345u;
		struct ack_timer *t = &timers[(seed >> 8) % COUNT];

		if (seed >> 30 == 0)
			ack_timer_cancel(&ev, t);
		else
			ack_timer_set(&ev, t, 1000000 + (seed >> 4) % 10000);
	}
	for (int i = 0; i < COUNT; i++) {
		if (timers[i].link)
			live[n++] = &timers[i];
	}
	assert_true(n > COUNT / 2);
	qsort(live, n, sizeof(struct ack_timer *), compare_due);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(ev.first->due, live[i]->due);
		ack_timer_cancel(&ev, ev.first);
	}
	assert_null(ev.first);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_order),
		CASE(test_ties),
		CASE(test_from_callbacks),
		CASE(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
