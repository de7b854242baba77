/* SPDX-License-Identifier: MIT */
/*
 * A request whose answer comes later: a write(2), an open(2), a read(2). It
 * lives in the structure that waits, and stands in the list of what it waits
 * for until it is answered or leaves.
 */
#ifndef WAITER_H
#define WAITER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct ack_buf;

#define NODE_LATER 1 /* instead of a result: the answer comes later */

struct waiter {
	void (*done)(struct waiter *w, int err); /* err: 0 or negative */
	struct waiter *next, **link;             /* link NULL: not waiting */
	uid_t uid;                               /* the caller, for audit.log */
	pid_t pid;
	bool impatient;               /* O_NONBLOCK */
	const struct ack_buf *answer; /* during done(): what it waited for */
};

struct waiters {
	struct waiter *first;
};

/* w may be NULL: nobody waits. */
static inline void waiter_wait(struct waiter *w, struct waiters *list)
{
	if (!w)
		return;
	w->next = list->first;
	w->link = &list->first;
	if (w->next)
		w->next->link = &w->next;
	list->first = w;
}

/* The waiter goes, without an answer; one that does not wait is fine. */
static inline void waiter_leave(struct waiter *w)
{
	if (!w->link)
		return;
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
	w->link = NULL;
}

/* All of `from` wait in `to` from now on, which has none. */
static inline void waiters_move(struct waiters *to, struct waiters *from)
{
	to->first = from->first;
	if (to->first)
		to->first->link = &to->first;
	from->first = NULL;
}

/* Answers one; it may be gone afterwards. */
static inline void waiter_wake(struct waiter *w, int err)
{
	waiter_leave(w);
	w->done(w, err);
}

/* The same for all that wait now, not for those that begin to from inside. */
static inline void waiters_wake(struct waiters *list, int err)
{
	struct waiters now;

	waiters_move(&now, list);
	while (now.first)
		waiter_wake(now.first, err);
}

#endif
