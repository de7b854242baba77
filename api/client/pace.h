/* SPDX-License-Identifier: MIT */
/*
 * A ceiling on how often something may happen: so many a second on average,
 * and twice as many at once after a rest (`qps=`). Who comes too
 * early waits, first come, first served; the patient while nobody else does,
 * and each fourth turn, so that they come, too, however many others there are.
 */
#ifndef ACK_PACE_H
#define ACK_PACE_H

#include <stdbool.h>
#include <sys/queue.h>
#include "base/event.h"

struct ack_pace_turn {
	void (*come)(void *arg);
	void *arg;
	bool patient;
	bool waiting;
	TAILQ_ENTRY(ack_pace_turn) others;
};

struct ack_pace {
	struct ack_events *events;
	double per_ms; /* 0: no ceiling */
	double tokens; /* as of `since`, at most `most` */
	double most;
	int64_t since;   /* ack_now_ms() */
	unsigned before; /* turns that others had before the patient */
	struct ack_timer timer;
	TAILQ_HEAD(ack_pace_queue, ack_pace_turn) queues[2]; /* [patient] */
};

/* Lives at one address from here on. */
void ack_pace_init(struct ack_pace *p, struct ack_events *ev, double qps);
void ack_pace_release(struct ack_pace *p);

/* True: go on at once. False: t->come is called later. */
bool ack_pace_ask(struct ack_pace *p, struct ack_pace_turn *t);

/* Leaves the queue; one that does not wait is fine. */
void ack_pace_leave(struct ack_pace *p, struct ack_pace_turn *t);

#endif
