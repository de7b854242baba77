/* SPDX-License-Identifier: MIT */
/*
 * The state directory: one per endpoint, region and account, used by one
 * mount at a time.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>

#include "model/fleet.h"

struct ack_error;

struct state {
	char *path;                  /* absolute */
	int lock;                    /* held open, and with it the flock(2) */
	char account[FLEET_ACCOUNT]; /* whose it is, or "": not known yet */
	char region[FLEET_ACCOUNT];  /* where all that is in it is, or "" */
};

/*
 * Makes (0700) and locks `dir`, or with NULL the default for `name` below
 * $XDG_STATE_HOME/ackfs, or /var/lib/ackfs for root. -EBUSY when another
 * mount uses it. Release it in any case.
 */
int state_open(struct state *s, const char *dir, const char *name,
	struct ack_error *e);
void state_release(struct state *s);

/* What stands beside the default ones; a descriptor, or a negative errno. */
int state_beside(struct ack_error *e);

/* Whether there is a default one of this name. */
bool state_exists(const char *name);

/* Gives a default one another name, which no other has: -EEXIST. */
int state_rename(struct state *s, const char *name, struct ack_error *e);

/* Writes down whose it is, and of which region. */
int state_mark(struct state *s, const char *account, struct ack_error *e);
int state_mark_region(struct state *s, const char *region, struct ack_error *e);

/* Takes it away with all that is in it. */
void state_remove(struct state *s);

#endif
