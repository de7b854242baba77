/* SPDX-License-Identifier: MIT */
/*
 * From time to time what stands in the journal is written into the records
 * of the directories, in the background, and the journal begins anew.
 */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "log.h"

struct checkpoint_write;
struct fleet;

struct checkpoint {
	struct ack_events *events;
	struct ack_timer timer; /* for the next one */
	uint64_t *serials; /* of the directories whose records are to be
			      written */
	size_t count, at;
	struct checkpoint_write *write; /* under way, or NULL */
	struct log_trouble trouble;
};

/* Something was added to the journal: a checkpoint follows after a while, or
 * at the next turn when it has grown, or when `now`. */
void checkpoint_soon(struct fleet *f, bool now);

/* Begins one, unless one is under way or nothing is to be done. */
void checkpoint_begin(struct fleet *f);

/* None begins or goes on from here; the journal has all. */
void checkpoint_stop(struct checkpoint *c);

#endif
