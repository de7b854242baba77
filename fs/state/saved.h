/* SPDX-License-Identifier: MIT */
/*
 * What a fleet keeps on disk, in the database of its state directory. Nothing
 * here waits for the disk but saved_open() and saved_close().
 */
#ifndef SAVED_H
#define SAVED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/event.h"
#include "model/log.h"
#include "model/waiter.h"
#include "state/worker.h"

struct ack_error;
struct db;
struct fleet;
struct object;
struct state;

/* The row whose values have that name in the database; -1: there is no such
 * one. */
int saved_row(const struct object *o, const char *name);

/* What the worker does: all changes up to `last` are its business. */
struct saved_work {
	struct work work;
	struct saved *saved;
	uint64_t last;
	bool busy;
	int err;
};

struct saved {
	struct db *db;
	struct worker *worker;
	struct ack_events *events; /* NULL: it is being closed */
	uint64_t last, safe;       /* changes so far; of them, on disk */
	struct saved_work sync, checkpoint;
	struct waiters waiting, served; /* for the next sync; for this one */
	bool wanted;                    /* a next one */
	bool broken;            /* what a sync lost, the kernel forgets */
	bool taken;             /* somebody took the files away */
	struct ack_timer timer; /* for the next checkpoint */
	struct log_trouble trouble;
};

/* Fills a fleet from the state directory; a value or a directory that cannot be
 * read is reported, and left out. Close it in any case. */
int saved_open(struct saved *s, struct fleet *f, const struct state *state,
	struct ack_error *e);

/* No checkpoint goes on, and waiters get -EINTR; the fleet goes. */
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

/* A line was added to its `events`, without a line end. That it is not kept is
 * no failure. */
void saved_event(struct object *o, const char *line, size_t len);

/* Forgets it, and all below it. */
int saved_remove(struct object *o, struct ack_error *e);

/* Makes what is saved of it survive a power loss. NODE_LATER: `w` is answered,
 * never from inside; 0: it does already. With NULL nobody waits. */
int saved_sync(struct object *o, struct waiter *w);

/* The error for an answer to `w` that it may not. */
void saved_not_synced(const struct fleet *f, int err, struct ack_error *e);

/* Copies the log into the database, unless that is under way. It happens after
 * a while, and when the log has grown. */
void saved_checkpoint(struct saved *s);

#endif
