/* SPDX-License-Identifier: MIT */
/*
 * Finds out what became of a POST whose answer is not known: looks for a
 * cluster that only this attempt can have made, adopts it, or proves that
 * there is none: a lost request cannot succeed `settle` after the date that it
 * was signed with, and two complete lists after that show nothing
 * (DESIGN.md, Commit).
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include <time.h>

#include "actions/activity.h"
#include "base/error.h"
#include "base/event.h"
#include "cloud/named.h"
#include "model/intent.h"

struct ack_call;
struct object;

#define RESOLVE_FIRST_MS 1000

struct resolve {
	struct activity a; /* for what was written into `adopt` */
	struct ack_timer timer;
	struct named list;
	int64_t delay_ms;
	int64_t began;  /* ack_now_ms() */
	unsigned found; /* in the list under way */
	unsigned doubtful;
	bool unclear;                 /* memory was short for one of them */
	struct ack_error report;      /* of them all, for the user */
	char id[64], why[INTENT_WHY]; /* one of them */
	unsigned shown;               /* how many the user knows of, */
	char shown_id[64];            /* and one of them */
	unsigned empty; /* complete lists without it, after the window */
	bool late;      /* the list under way was begun after the window */
	bool adopting;
};

/* Looks after a while, each time a longer one; for the state `unknown`. */
void resolve_look(struct object *o);
void resolve_stop(struct object *o); /* a waiter gets -EINTR */

/* Who has written into `adopt` what is being followed now, or nobody. */
struct audit_caller resolve_caller(const struct object *o);

/* Looks again after that time. */
void resolve_later(struct resolve *r, int64_t ms);

/* When absence can be proven from, by the service's clock. */
time_t resolve_window_end(const struct object *o);

/* Goes on with what an earlier mount left under way. */
void resolve_resume(struct fleet *f);

#endif
