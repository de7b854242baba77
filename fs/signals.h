/* SPDX-License-Identifier: MIT */
/*
 * The signals that a process has not been given yet, since it is in a system
 * call.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Whether one of them is a reason to end the call. Not a reason is what a
 * program that cares nothing for it never hears of (SIGCHLD, SIGCONT, SIGURG,
 * SIGWINCH; signal(7)): a shell hears of each job that ends and of each window
 * that is resized, and no system call of a local file ends by it.
 * True as well when there is none: the kernel ends calls for reasons of its
 * own, as to suspend the machine. And when nobody can tell: `thread` is not to
 * be seen from here.
 */
bool signals_end_call(pid_t thread);

/* The same of the text of its /proc/PID/status (proc_pid_status(5)). */
bool signals_end_call_of(const char *status);

#endif
