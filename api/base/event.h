/* SPDX-License-Identifier: MIT */
/*
 * The one place where the program waits: descriptors (epoll(7)) and timers
 * of a single thread. libcurl's sockets, the FUSE descriptor, signals and
 * children all hang here.
 */
#ifndef ACK_EVENT_H
#define ACK_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ack_error;
struct ack_timer;
struct epoll_event;

struct ack_events {
	int epoll;
	struct ack_timer *first; /* a pairing heap; the timers are not ours */
	uint64_t order;          /* counts timers, the set ones and the past */
	int64_t now; /* ack_now_ms(), when a timer was last set or looked at */
	struct epoll_event *batch; /* what this turn has yet to deliver */
	int nbatch;
	/* What waits least: it is asked between any two other things, and in
	 * the middle of long ones, to do one piece. False: there was none.
	 * NULL: nothing is like that. */
	bool (*first_of_all)(void *arg);
	void *first_arg;
};

/* A watched descriptor; lives in its owner, who unwatches before closing. */
struct ack_watch {
	int fd;
	void (*ready)(void *arg, uint32_t what); /* EPOLLIN, EPOLLOUT, … */
	void *arg;
	uint32_t wants; /* 0: not watched */
};

/* A one-shot timer; lives in its owner, zeroed before first use. */
struct ack_timer {
	void (*fire)(void *arg);
	void *arg;
	int64_t due;    /* ack_now_ms() at which it fires */
	uint64_t order; /* timers of one moment fire as they were set */
	struct ack_timer *child, *next;
	struct ack_timer **link; /* what points here; NULL: not set */
};

int ack_events_init(struct ack_events *ev, struct ack_error *e);
void ack_events_release(struct ack_events *ev);

/* Watches w->fd for `wants` (EPOLLIN, …), or changes that; 0 ends it. */
int ack_watch_set(struct ack_events *ev, struct ack_watch *w, uint32_t wants);

/* Fires once, `ms` from now (0: on the next turn); moves a set timer. */
void ack_timer_set(struct ack_events *ev, struct ack_timer *t, int64_t ms);
void ack_timer_cancel(struct ack_events *ev, struct ack_timer *t);

/* Waits for at least one thing to do and does all that is due. A callback
 * may unwatch or cancel anything. 0 or a negative errno of epoll_wait. */
int ack_events_turn(struct ack_events *ev);

/* In the middle of something long that can bear it: does what waits least. */
void ack_events_breathe(struct ack_events *ev);

int64_t ack_now_ms(void); /* CLOCK_MONOTONIC */

#endif
