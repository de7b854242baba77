/* SPDX-License-Identifier: MIT */
/* Which of a caller's signals are a reason to end its call. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuse/ops_parked.h"

/* As proc_pid_status(5) has them; signal n is bit n - 1. */
static enum signals in(uint64_t own, uint64_t shared, uint64_t blocked)
{
	char text[512];

	snprintf(text, sizeof(text),
		"Name:\tbash\nSigQ:\t3/96174\nSigPnd:\t%016lx\n"
		"ShdPnd:\t%016lx\nSigBlk:\t%016lx\n"
		"SigIgn:\t0000000000000004\nSigCgt:\t0000000000010002\n",
		(unsigned long)own, (unsigned long)shared,
		(unsigned long)blocked);
	return signals_in(text);
}

static uint64_t bit(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

static void test_every_signal(void **state)
{
	static const int idle[] = {SIGCHLD, SIGCONT, SIGURG, SIGWINCH};
	static const int stop[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};

	(void)state;
	for (int n = 1; n <= 64; n++) {
		enum signals wanted = SIGNALS_END;

		for (unsigned i = 0; i < LENGTH(idle); i++)
			if (n == idle[i])
				wanted = SIGNALS_IDLE;
		for (unsigned i = 0; i < LENGTH(stop); i++)
			if (n == stop[i])
				wanted = SIGNALS_STOP;
		assert_int_equal(in(bit(n), 0, 0), wanted);
		assert_int_equal(in(0, bit(n), 0), wanted);
		assert_int_equal(in(bit(n), bit(n), bit(n)), SIGNALS_NONE);
		assert_int_equal(in(bit(n), bit(SIGINT), 0), SIGNALS_END);
		assert_int_equal(in(bit(SIGCHLD), bit(n), 0), wanted);
		assert_int_equal(in(bit(SIGSTOP), bit(n), 0),
			wanted == SIGNALS_END ? SIGNALS_END : SIGNALS_STOP);
	}
	assert_int_equal(in(0, 0, 0), SIGNALS_NONE);
	assert_int_equal(
		in(bit(SIGCHLD), bit(SIGWINCH), bit(SIGINT)), SIGNALS_IDLE);
	assert_int_equal(
		in(bit(SIGCHLD), bit(SIGINT), bit(SIGINT)), SIGNALS_IDLE);
}

static void test_what_is_no_status(void **state)
{
	(void)state;
	assert_int_equal(signals_in(""), SIGNALS_END);
	assert_int_equal(signals_in("\nSigPnd:\t0\nShdPnd:\t0\n"), SIGNALS_END);
	assert_int_equal(signals_in("\nSigPnd:\t0\nShdPnd:\tno\nSigBlk:\t0\n"),
		SIGNALS_END);
}

static void test_a_process_that_is_gone(void **state)
{
	pid_t gone = fork();

	(void)state;
	assert_true(gone >= 0);
	if (!gone)
		_exit(0);
	assert_int_equal(waitpid(gone, NULL, 0), gone);
	assert_int_equal(signals_of(gone), SIGNALS_END);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_signal),
		cmocka_unit_test(test_what_is_no_status),
		cmocka_unit_test(test_a_process_that_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
