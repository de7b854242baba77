/* SPDX-License-Identifier: MIT */
/*
 * One thread for what would hold up the loop: waiting for the disk. It runs
 * one piece of work after the other and touches nothing but that piece; the
 * loop, which owns all else, hears of the end on an eventfd(2).
 */
#ifndef WORKER_H
#define WORKER_H

struct ack_error;
struct ack_events;
struct worker;

/* Lives in its owner, who leaves it alone from worker_do() to done(). */
struct work {
	void (*run)(struct work *w);  /* in the thread */
	void (*done)(struct work *w); /* in the loop, afterwards */
	struct work *next;
};

/* NULL and `e` filled on failure. The thread begins with the first work, so
 * that it is not lost in a fork(2). `ev` must outlive it. */
struct worker *worker_new(struct ack_events *ev, struct ack_error *e);

/* In the order of the calls. Where no thread can be made it runs here, and
 * done() is called later all the same. */
void worker_do(struct worker *k, struct work *w);

/* Waits until all that was begun has run and calls done() for it. NULL is
 * fine. */
void worker_free(struct worker *k);

#endif
