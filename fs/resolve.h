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
struct cluster;
struct waiter;

/* Looks after a while, each time a longer one; for the state `unknown`. */
void resolve_look(struct cluster *c);
void resolve_stop(struct cluster *c); /* a waiter gets -EINTR */

/* Who has written into `adopt` what is being followed now, or nobody. */
struct audit_caller resolve_caller(const struct cluster *c);

/* When absence can be proven from, by the service's clock. */
time_t resolve_window_end(const struct cluster *c);

/* -EBUSY while somebody's ID is looked at; asked at open(2), since the kernel
 * would leave a second writer unkillable. */
int resolve_open(const struct cluster *c, struct ack_error *e);

/*
 * What was written into `adopt`: a cluster's ID, which is asked for first
 * (0: w->done comes), or `none`, which is believed (1: done). Negative:
 * -EINVAL, -EBUSY, -EPERM.
 */
int resolve_adopt(struct cluster *c, const char *text, size_t len,
	struct waiter *w, struct ack_error *e);

#endif
