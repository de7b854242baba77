/* SPDX-License-Identifier: MIT */
/*
 * What has changed since the records of store.h were written: a file
 * `journal` of the state directory, a line a change, appended. A line that is
 * there survives the end of the process; once synced, a power loss, too, and
 * one fdatasync(2), out of the loop, serves all who wait.
 *
 *	journal		takes the lines
 *	journal.old	while records are written that make its lines superfluous
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "waiter.h"
#include "worker.h"

struct ack_error;

#define JOURNAL_MAX (256 << 20) /* bytes of a part */

struct journal_sync {
	struct work work;
	struct journal *journal;
	struct waiters waiters;
	int fd, old, dir; /* dir -1: its names are on disk */
	bool drops_old;   /* nobody else has it any more */
	int err;
};

struct journal {
	int dir;	  /* the state directory; not ours */
	int fd, old;	  /* -1: not open, no such part */
	off_t size;	  /* of the part that takes the lines */
	bool has_old;	  /* also one that an earlier process left */
	bool unsettled;	  /* the name of the newest part is not on disk yet */
	bool broken;	  /* what fsync lost, the kernel forgets; rotate */
	uint64_t last;	  /* number of the last line; the owner's to count */
	struct worker *worker;
	/* under way, or NULL; its memory is there before it is needed */
	struct journal_sync *sync, the_sync;
	struct waiters waiting;	   /* for the next one */
	bool wanted;		   /* a next one */
};

/* Opens (makes) it in the directory `dir`, after journal_replay(). 0 or a
 * negative errno. */
int journal_open(struct journal *j, struct ack_error *e);
void journal_close(struct journal *j);

/* Appends `text`, which is a line without its end. On failure (-ENOSPC, -EIO,
 * …, `e` filled) nothing of it stays. */
int journal_add(
	struct journal *j, const char *text, size_t len, struct ack_error *e);

/* All that was added so far is to survive a power loss. `w` (NULL: nobody
 * waits) is told, never from inside; -EIO and the like when it may not. */
void journal_sync(struct journal *j, struct waiter *w);

/* Whoever waits is told, -EINTR. */
void journal_leave(struct journal *j);

/* What is there becomes the old part, and an empty one takes the lines; not
 * while there is an old one. 0 or a negative errno. */
int journal_rotate(struct journal *j, struct ack_error *e);

/* The old part is superfluous. */
void journal_drop_old(struct journal *j);

/*
 * Hands over every line, those of the old part first. From the first one on
 * that `take` refuses (non-zero, `e` filled), the rest of that part is set
 * aside in a file of its own and told; a line without its end was never
 * acknowledged, and goes. 0 or a negative errno.
 */
typedef int (*journal_take_fn)(
	void *arg, const char *text, size_t len, struct ack_error *e);
typedef void (*journal_tell_fn)(void *arg, const char *sentence);
int journal_replay(struct journal *j, journal_take_fn take,
	journal_tell_fn tell, void *arg, struct ack_error *e);

#endif
