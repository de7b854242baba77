/* SPDX-License-Identifier: MIT */
/*
 * What a user does to a directory and a call carries out: a commit, a change,
 * looking into an outcome. It belongs to the directory and goes on when its
 * caller leaves. Each kind of it begins with this.
 */
#ifndef ACTIVITY_H
#define ACTIVITY_H

#include "actions/audit.h"
#include "model/waiter.h"

struct ack_call;
struct object;

struct activity {
	struct object *object;
	struct waiters waiters; /* for its end */
	struct audit_caller who;
	struct ack_call *call; /* under way, or NULL; owned */
};

/* `w` waits for its end, and is its caller; NULL: nobody, ackfs by itself. */
void activity_begin(struct activity *a, struct object *o, struct waiter *w);

/* Drops its call. All that wait get `err` (0 or negative), and may act on the
 * directory at once, so the directory must not name the activity any more. */
void activity_end(struct activity *a, int err);

#endif
