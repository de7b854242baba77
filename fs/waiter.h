/* SPDX-License-Identifier: MIT */
/* A write(2) that waits for the end of a commit. */
#ifndef WAITER_H
#define WAITER_H

struct commit;

/* Lives in whoever waits, who frees it in done() or after commit_leave(). */
struct waiter {
	void (*done)(struct waiter *w, int err); /* err: 0 or negative */
	struct commit *commit;                   /* NULL when not waiting */
};

#endif
