/* SPDX-License-Identifier: MIT */
/* Which of a caller's signals end its call. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signals.h"

/* As proc_pid_status(5) has them; signal n is bit n - 1. */
static bool ends(uint64_t own, uint64_t shared, uint64_t blocked)
{
	char text[512];

	snprintf(text, sizeof(text),
		"Name:\tbash\nSigQ:\t3/96174\nSigPnd:\t%016lx\n"
		"ShdPnd:\t%016lx\nSigBlk:\t%016lx\n"
		"SigIgn:\t0000000000000004\nSigCgt:\t0000000000010002\n",
		(unsigned long)own, (unsigned long)shared,
		(unsigned long)blocked);
	return signals_end_call_of(text);
}

static uint64_t bit(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

static void test_every_signal(void **state)
{
	static const int idle[] = {SIGCHLD, SIGCONT, SIGURG, SIGWINCH};

	(void)state;
	for (int n = 1; n <= 64; n++) {
		bool is_idle = false;

		for (unsigned i = 0; i < LENGTH(idle); i++)
			is_idle |= n == idle[i];
		assert_int_equal(ends(bit(n), 0, 0), !is_idle);
		assert_int_equal(ends(0, bit(n), 0), !is_idle);
		if (n != SIGCHLD)
			assert_false(ends(bit(n), bit(SIGCHLD), bit(n)));
		assert_true(ends(bit(n), bit(SIGINT), bit(SIGCHLD)));
	}
	assert_false(ends(bit(SIGCHLD), bit(SIGWINCH), bit(SIGINT)));
	/* there is another reason then */
	assert_true(ends(0, 0, 0));
	assert_true(
		ends(bit(SIGCHLD), bit(SIGINT), bit(SIGINT) | bit(SIGCHLD)));
}

static void test_what_is_no_status(void **state)
{
	(void)state;
	assert_true(signals_end_call_of(""));
	assert_true(signals_end_call_of("\nSigPnd:\t0\nShdPnd:\t0\n"));
	assert_true(
		signals_end_call_of("\nSigPnd:\t0\nShdPnd:\tno\nSigBlk:\t0\n"));
}

static void test_a_process_that_is_gone(void **state)
{
	pid_t gone = fork();

	(void)state;
	assert_true(gone >= 0);
	if (!gone)
		_exit(0);
	assert_int_equal(waitpid(gone, NULL, 0), gone);
	assert_true(signals_end_call(gone));
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
