/* SPDX-License-Identifier: MIT */
/*
 * Requests of guests (guest.h) stand in a separate line: the owner's are
 * served before them, and so are the network and the timers, however many
 * guests ask. While the owner is at work guests get little of the processor.
 */
#ifndef YIELD_H
#define YIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/event.h"

struct yield {
	struct ack_events *events;
	/* Answers a request. */
	void (*serve)(void *arg, void *request, size_t len);
	/* Takes the next one from the kernel; false: no request waits. */
	bool (*take)(void *arg);
	/* The owner waits for something that is to come soon. */
	bool (*urgent)(void *arg);
	void *arg;
	/* private */
	STAILQ_HEAD(, yielded) line;
	struct ack_timer timer;
	int64_t owner_ms; /* when the owner asked last */
};

/* Its callbacks are set before. */
void yield_begin(struct yield *y);

/* The owner asks for something now. */
void yield_to_owner(struct yield *y);

/* A copy of the request waits for its turn. False: no memory. */
bool yield_add(struct yield *y, const void *request, size_t len);

/* What waits is not answered. */
void yield_end(struct yield *y);

#endif
