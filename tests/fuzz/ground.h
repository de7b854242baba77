/* SPDX-License-Identifier: MIT */
/*
 * A mount without a kernel, a network or a disk: the cluster `test` with a
 * node pool, which exist, and the draft `new`.
 */
#ifndef GROUND_H
#define GROUND_H

#include "fuzz.h"
#include "model/fleet.h"
#include "model/object.h"

#define GROUND_ID   "c0123456789abcdef0123456789abcdef"
#define GROUND_POOL "np0123456789abcdef0123456789abcdef"

struct ground {
	struct ack_events events;
	struct ack_endpoint endpoint;
	struct fleet fleet;
	struct object *cluster, *pool, *draft; /* at the start */
};

/* Once; and around each input. With `empty` there are no directories. */
void ground_make(struct ground *g);
void ground_begin(struct ground *g, bool empty);
void ground_end(struct ground *g);

/* Lets all that is due happen, until the input has no answers left. */
void ground_run(struct ground *g);

/* What people and programs read of the directories must be fit for them, and
 * with `whole`, which takes long, the next mount must find all of it. */
void ground_look(struct ground *g, bool whole);

#endif
