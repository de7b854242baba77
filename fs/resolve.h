/* SPDX-License-Identifier: MIT */
/*
 * Finds out what became of a POST whose answer is not known: looks for a
 * cluster that only this attempt can have made, adopts it, or proves that
 * there is none (design: a lost request cannot succeed `settle` after its
 * date, and two complete lists after that show nothing).
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include <stddef.h>
#include <time.h>

#include "audit.h"

struct ack_error;
struct object;
struct waiter;

/* Looks after a while, each time a longer one; for the state `unknown`. */
void resolve_look(struct object *o);
void resolve_stop(struct object *o); /* a waiter gets -EINTR */

/* Who has written into `adopt` what is being followed now, or nobody. */
struct audit_caller resolve_caller(const struct object *o);

/* When absence can be proven from, by the service's clock. */
time_t resolve_window_end(const struct object *o);

/* -EBUSY while somebody's ID is looked at; asked at open(2), since the kernel
 * would leave a second writer unkillable. */
int resolve_open(const struct object *o, struct ack_error *e);

/*
 * What was written into `adopt`: an ID, which is asked for first (NODE_LATER:
 * w->done comes), or `none`, which is believed (0: done). Negative: -EINVAL,
 * -EBUSY, -EPERM.
 */
int resolve_adopt(struct object *o, const char *text, size_t len,
	struct waiter *w, struct ack_error *e);

#endif
