/* SPDX-License-Identifier: MIT */
/* Requests that have to wait: for a time, or until the client leaves. */
#ifndef SANDBOX_WAIT_H
#define SANDBOX_WAIT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/event.h"

struct wait {
	/* The wait is over; `left`: nobody is there for an answer any more. */
	void (*over)(void *arg, bool left);
	void *arg;
	struct ack_events *events;
	struct ack_timer timer;
	struct ack_watch gone;
	struct wait *next, **link; /* NULL: it does not wait */
};

/* Waits ms milliseconds; if that is < 0, until the peer of fd closes. */
void wait_begin(struct wait *w, struct wait **list, struct ack_events *ev,
	int64_t ms, int fd);

/* Ends it without a call. */
void wait_cancel(struct wait *w);

/* Ends all of a list, as if the clients had left. */
void wait_end_all(struct wait **list);

#endif
