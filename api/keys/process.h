/* SPDX-License-Identifier: MIT */
/*
 * A program of the user's that runs beside the loop: no shell, nothing on its
 * standard input and error, what it writes to standard output read and
 * bounded, killed when it takes too long.
 */
#ifndef ACK_PROCESS_H
#define ACK_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>
#include "base/buf.h"
#include "base/event.h"

/*
 * Its end, from the loop. `wrong` is NULL when it ended by itself with status
 * 0, else why that is not so: a sentence without what it wrote. `out` is
 * wiped after the call. The process may be started again from here.
 */
typedef void (*ack_process_done)(
	void *arg, const char *wrong, const struct ack_buf *out);

/* Zeroed when none runs. */
struct ack_process {
	struct ack_events *events;
	pid_t pid;                 /* 0: none */
	struct ack_watch out, end; /* its pipe, its pidfd */
	struct ack_timer limit;
	struct ack_buf text;
	bool late, too_long;
	ack_process_done done;
	void *arg;
};

/*
 * Starts argv[0], looked for in $PATH, in a new process group, with our
 * environment. `limit_ms` is the time it has, `max` the bytes it may write;
 * beyond either the group is killed. 0, or a negative errno: it does not run,
 * `done` will not be called.
 */
int ack_process_start(struct ack_process *p, struct ack_events *events,
	char *const *argv, long limit_ms, size_t max, ack_process_done done,
	void *arg);

/* Kills its group and waits for its end, without calling back. */
void ack_process_stop(struct ack_process *p);

#endif
