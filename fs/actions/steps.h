/* SPDX-License-Identifier: MIT */
/*
 * The calls that carry out the edits of something that exists: one row of a
 * table for each kind of change, in the order in which they are made. What
 * begins a task comes late, since the service may refuse the next call then.
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>

#include "base/buf.h"
#include "client/client.h"

struct ack_error;
struct object;

#define STEPS_QUERIES 4

/* A request that owns what it points to. */
struct step_request {
	struct ack_request r;
	struct ack_buf body, texts[STEPS_QUERIES];
	char pool[48]; /* of the one that num_of_nodes changes */
	long nodes;    /* that it is to have; -1: not known */
	bool secrets;  /* whether they are composed, too */
	unsigned nth;  /* of the calls of its step */
};

struct step {
	const char *action; /* for audit.log */
	/* whether an edit of that row is carried out by it */
	bool (*covers)(const struct object *o, unsigned row);
	/* Whether there is something to do at all. */
	bool (*wanted)(const struct object *o);
	/* 0 or -ENOMEM. */
	int (*compose)(const struct object *o, struct step_request *s);
	/* How many calls it takes; NULL: one. */
	unsigned (*calls)(const struct object *o);
	/* what such a call changes, for a plan, and that it has done so */
	void (*put)(const struct object *o, unsigned nth, struct ack_buf *out);
	void (*done)(struct object *o, const struct step_request *s);
	/* of the first of two calls for one edit: notes that it is done */
	int (*halfway)(struct object *o);
	/* What it covers is no value of what is there, and is over with it. */
	bool passes;
	/* the row that comes to say something else by it, without a base then
	 */
	int moves; /* 0: none */
};

extern const struct step steps[];
extern const unsigned nsteps;

void step_request_init(struct step_request *s);
void step_request_release(struct step_request *s);

/* A call that is repeated after a lost answer must count once: gives it the
 * token by which the service knows it again, if that call has one. 0 or
 * -ENOMEM. */
int steps_token(struct step_request *s);

/* How many calls a step is going to make. */
unsigned step_calls(const struct step *step, const struct object *o);

/* Whether any edit waits for a commit. */
bool steps_wanted(const struct object *o);

/* Whether an edit of that row is carried out by some call. */
bool steps_cover(const struct object *o, unsigned row);

/* Every fault of the edits; 0 or -EINVAL, -EBUSY. */
int steps_check(const struct object *o, struct ack_error *e);

/* A line of `check` for each warning that the edits earn. */
void steps_warnings(const struct object *o, struct ack_buf *out);

/* The text of `plan`: each call with what it changes, what it loses, then the
 * warnings. */
void steps_plan(const struct object *o, struct ack_buf *out);

/* A line that begins with "loses: " for each thing that the edits take away
 * and that cannot be had back; how many lines. */
unsigned steps_losses(const struct object *o, struct ack_buf *out);

#endif
