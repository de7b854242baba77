/* SPDX-License-Identifier: MIT */
/*
 * The state directory: one per endpoint, region and account, used by one
 * mount at a time.
 */
#ifndef STATE_H
#define STATE_H

struct ack_error;

struct state {
	char *path; /* absolute */
	int lock;   /* held open, and with it the flock(2) */
};

/*
 * Makes (0700) and locks `dir`, or with NULL the default for `name` below
 * $XDG_STATE_HOME/ackfs, or /var/lib/ackfs for root. -EBUSY when another
 * mount uses it. Release it in any case.
 */
int state_open(struct state *s, const char *dir, const char *name,
	struct ack_error *e);
void state_release(struct state *s);

#endif
