/* SPDX-License-Identifier: MIT */
/*
 * A write(2) whose answer comes later. It lives in whoever waits; what it
 * waits for holds a pointer to it (the slot) and outlives neither.
 */
#ifndef WAITER_H
#define WAITER_H

#include <stddef.h>
#include <sys/types.h>

struct waiter {
	void (*done)(struct waiter *w, int err); /* err: 0 or negative */
	struct waiter **slot;                    /* NULL when not waiting */
	uid_t uid;                               /* the caller, for audit.log */
	pid_t pid;
};

/* w may be NULL: nobody waits. */
static inline void waiter_wait(struct waiter *w, struct waiter **slot)
{
	*slot = w;
	if (w)
		w->slot = slot;
}

/* The waiter goes, without an answer. */
static inline void waiter_leave(struct waiter *w)
{
	if (w->slot)
		*w->slot = NULL;
	w->slot = NULL;
}

/* The answer; the waiter may be gone afterwards. */
static inline void waiter_wake(struct waiter **slot, int err)
{
	struct waiter *w = *slot;

	if (!w)
		return;
	waiter_leave(w);
	w->done(w, err);
}

#endif
