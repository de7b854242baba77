/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/event.h"

static struct ack_events ev;

static int setup(void **state)
{
	struct ack_error e;

	(void)state;
	return ack_events_init(&ev, &e);
}

static int teardown(void **state)
{
	(void)state;
	ack_events_release(&ev);
	return 0;
}

struct end {
	struct ack_watch watch;
	int fds[2];
	unsigned calls;
	struct end *other;
	uint32_t other_wants;
	bool free_other;
};

static struct end *last_called;

static void end_ready(void *arg, uint32_t what)
{
	struct end *e = arg;
	char c;

	last_called = e;
	e->calls++;
	if (what & EPOLLIN)
		assert_int_equal(read(e->fds[0], &c, 1), 1);
	if (!e->other)
		return;
	ack_watch_set(&ev, &e->other->watch, e->other_wants);
	if (e->free_other) {
		memset(e->other, 0xee, sizeof(*e->other));
		free(e->other);
	}
	e->other = NULL;
}

static struct end *end_new(void)
{
	struct end *e = calloc(1, sizeof(*e));

	assert_non_null(e);
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, e->fds), 0);
	e->watch = (struct ack_watch){
		.fd = e->fds[0], .ready = end_ready, .arg = e};
	assert_int_equal(ack_watch_set(&ev, &e->watch, EPOLLIN), 0);
	return e;
}

static void end_free(struct end *e)
{
	ack_watch_set(&ev, &e->watch, 0);
	close(e->fds[0]);
	close(e->fds[1]);
	free(e);
}

static void test_watch(void **state)
{
	struct end *a = end_new();

	(void)state;
	assert_int_equal(write(a->fds[1], "xy", 2), 2);
	assert_int_equal(ack_events_turn(&ev), 0);
	assert_int_equal(ack_events_turn(&ev), 0);
	assert_int_equal(a->calls, 2);
	ack_watch_set(&ev, &a->watch, 0);
	ack_watch_set(&ev, &a->watch, EPOLLOUT);
	assert_int_equal(ack_events_turn(&ev), 0);
	assert_int_equal(a->calls, 3);
	end_free(a);
}

/* Both are ready in one batch; the first one called ends the other. */
static void test_stale(void **state)
{
	struct end *a = end_new(), *b = end_new();

	(void)state;
	a->other = b;
	b->other = a;
	assert_int_equal(write(a->fds[1], "x", 1), 1);
	assert_int_equal(write(b->fds[1], "x", 1), 1);
	assert_int_equal(ack_events_turn(&ev), 0);
	assert_int_equal(a->calls + b->calls, 1);
	end_free(a);
	end_free(b);
}

/* … and frees it, with its event still in the batch. */
static void test_stale_freed(void **state)
{
	struct end *a = end_new(), *b = end_new();
	int fds[2][2];

	(void)state;
	memcpy(fds[0], a->fds, sizeof(fds[0]));
	memcpy(fds[1], b->fds, sizeof(fds[1]));
	a->other = b;
	b->other = a;
	a->free_other = b->free_other = true;
	assert_int_equal(write(a->fds[1], "x", 1), 1);
	assert_int_equal(write(b->fds[1], "x", 1), 1);
	assert_int_equal(ack_events_turn(&ev), 0);
	int gone = last_called->fds[0] == fds[0][0];
	assert_int_equal(last_called->calls, 1);
	end_free(last_called);
	close(fds[gone][0]);
	close(fds[gone][1]);
}

/* Only what is wanted now is delivered, though more was fetched. */
static void test_changed(void **state)
{
	struct end *a = end_new(), *b = end_new();

	(void)state;
	a->other = b;
	b->other = a;
	a->other_wants = b->other_wants = EPOLLRDHUP;
	assert_int_equal(write(a->fds[1], "x", 1), 1);
	assert_int_equal(write(b->fds[1], "x", 1), 1);
	assert_int_equal(ack_events_turn(&ev), 0);
	assert_int_equal(a->calls + b->calls, 1);
	end_free(a);
	end_free(b);
}

/* The descriptor was closed, and its number given out again. */
static void test_reused_number(void **state)
{
	struct end *a = end_new();
	int fds[2];

	(void)state;
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(dup2(fds[0], a->fds[0]), a->fds[0]);
	close(fds[0]);
	assert_int_equal(
		ack_watch_set(&ev, &a->watch, EPOLLIN | EPOLLRDHUP), 0);
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(ack_events_turn(&ev), 0);
	assert_int_equal(a->calls, 1);
	close(fds[1]);
	end_free(a);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static unsigned breaths;

static bool breathe(void *arg)
{
	(void)arg;
	breaths++;
	return false;
}

static void end_itself(void *arg, uint32_t what)
{
	struct end *e = arg;

	(void)what;
	close(e->fds[0]);
	close(e->fds[1]);
	ack_watch_set(&ev, &e->watch, 0);
	explicit_bzero(e, sizeof(*e)); /* a memset would be left out */
	free(e);
}

/* A watch may be gone when it has been called, whoever comes first of all. */
static void test_ends_itself(void **state)
{
	(void)state;
	for (unsigned other = 0; other < 2; other++) {
		struct end *e = end_new();

		breaths = 0;
		ev.first_of_all = breathe;
		ev.first_arg = other ? &ev : (void *)e;
		e->watch.ready = end_itself;
		assert_int_equal(write(e->fds[1], "x", 1), 1);
		assert_int_equal(ack_events_turn(&ev), 0);
		assert_int_equal(breaths, other);
	}
	ev.first_of_all = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_watch),
		CASE(test_stale),
		CASE(test_stale_freed),
		CASE(test_changed),
		CASE(test_reused_number),
		CASE(test_ends_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
