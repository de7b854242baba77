/* SPDX-License-Identifier: MIT */
/*
 * The signals that a process has not been given yet, since it is in a system
 * call.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <sys/types.h>

enum signals {
	SIGNALS_NONE,
	/* Those alone that a program never hears of unless it asks (SIGCHLD,
	 * SIGCONT, SIGURG, SIGWINCH; signal(7)): no system call of a local file
	 * ends when a job of the shell does, or when its window is resized. */
	SIGNALS_IDLE,
	/* Those that stop it, SIGSTOP and the terminal's; perhaps with such. */
	SIGNALS_STOP,
	/* Others; or the thread is not to be seen from here. */
	SIGNALS_END,
};

enum signals signals_of(pid_t thread);

/* The same of the text of its /proc/PID/status (proc_pid_status(5)). */
enum signals signals_in(const char *status);

#endif
