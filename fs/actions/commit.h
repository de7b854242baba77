/* SPDX-License-Identifier: MIT */
/*
 * A commit under way: check, ask for the name, record the intent, sign and
 * POST once. It belongs to the directory and goes on when its writer leaves.
 */
#ifndef COMMIT_H
#define COMMIT_H

#include "actions/outcome.h"
#include "model/course.h"

struct ack_error;
struct object;
struct waiter;

/*
 * Begins one for a draft; w->done comes later, maybe from inside (w may be
 * NULL). Negative: nothing has begun; -EINVAL with all findings.
 */
int commit_begin(struct object *o, struct waiter *w, struct ack_error *e);

/*
 * Something happened: does what the table of course.c says. `ids` and `e`
 * belong to the events that bring them, else NULL.
 */
void commit_happen(struct object *o, enum course_event event,
	const struct ids *ids, const struct ack_error *e);

/* Forgets a commit under way (the mount ends); its waiter gets -EINTR. */
void commit_drop(struct object *o);

#endif
