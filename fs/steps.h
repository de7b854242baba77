/* SPDX-License-Identifier: MIT */
/*
 * The calls that carry out the edits of something that exists: one row of a
 * table for each kind of change, in the order in which they are made. What
 * begins a task comes late, since the service may refuse the next call then.
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>

#include "buf.h"
#include "client.h"

struct object;

#define STEPS_QUERIES 4

/* A request that owns what it points to. */
struct step_request {
	struct ack_request r;
	struct ack_buf body, texts[STEPS_QUERIES];
	/* of ACK_SCALE: where the nodes are, and how many are in other pools */
	char pool[48];
	long elsewhere;
};

struct step {
	const char *action; /* for audit.log */
	/* whether an edit of that row is carried out by it */
	bool (*covers)(const struct object *o, unsigned row);
	/* Whether there is something to do at all. */
	bool (*wanted)(const struct object *o);
	/* 0 or -ENOMEM. */
	int (*compose)(const struct object *o, struct step_request *s);
	bool needs_pool; /* s->pool is looked up before */
	/* of the first of two calls for one edit: notes that it is done */
	int (*halfway)(struct object *o);
};

extern const struct step steps[];
extern const unsigned nsteps;

void step_request_init(struct step_request *s);
void step_request_release(struct step_request *s);

/* Whether any edit waits for a commit. */
bool steps_wanted(const struct object *o);

/* Every fault of the edits; 0 or -EINVAL, -EBUSY. */
int steps_check(const struct object *o, struct ack_error *e);

/* The text of `plan`: each call with what it changes, then the warnings. */
void steps_plan(const struct object *o, struct ack_buf *out);

#endif
