/* SPDX-License-Identifier: MIT */
/*
 * What a fleet keeps on disk: a record of each directory (store.h), and what
 * has changed since (journal.h). Nothing here waits for the disk.
 */
#ifndef SAVED_H
#define SAVED_H

#include <stdbool.h>

#include "buf.h"
#include "checkpoint.h"
#include "journal.h"
#include "store.h"
#include "worker.h"

struct ack_error;
struct ack_events;
struct fleet;
struct object;
struct state;
struct waiter;

struct saved {
	struct store store;
	struct journal journal;
	struct checkpoint checkpoint;
	struct worker *worker;
	struct ack_buf line; /* of the journal, being made */
};

#define SAVED_INIT                                           \
	{                                                    \
		.store.dir = -1, .journal = {.fd = -1, .old = -1} \
	}

/* Fills a fleet from the state directory; what cannot be read is set aside
 * and told. Close it in any case. */
int saved_open(struct saved *s, struct fleet *f, const struct state *state,
	struct ack_error *e);

/* What saved_open() does with a line of the journal, and in the end with what
 * an earlier mount left under way. */
int saved_take_line(
	void *fleet, const char *text, size_t len, struct ack_error *e);
void saved_resume(struct fleet *f);

/* No checkpoint goes on, and whoever waits is told, -EINTR; the fleet goes. */
void saved_stop(struct saved *s);
void saved_close(struct saved *s);

/*
 * Saves the directory as it is, against the end of the process. All of these
 * fail with -ENOSPC, -EIO, …, `e` filled, and then nothing has changed on
 * disk.
 */
int saved_put(struct object *o, struct ack_error *e);

/* The same after one value of what was written into it has changed. */
int saved_put_value(struct object *o, unsigned row, struct ack_error *e);

/* Makes what is saved of it survive a power loss. NODE_LATER: `w` is told; 0:
 * it does already. With NULL nobody waits. */
int saved_sync(struct object *o, struct waiter *w);

/* Takes its record away. */
int saved_remove(struct object *o, struct ack_error *e);

/* The same record under its new name; the old one goes. */
int saved_renamed(struct object *o, const char *old, struct ack_error *e);

#endif
