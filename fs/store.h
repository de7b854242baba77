/* SPDX-License-Identifier: MIT */
/*
 * The records of a mount on disk, below `clusters` in the state directory: a
 * file NAME.json for each directory. It is replaced by writing another,
 * NAME.new, and renaming that, so a reader finds the old record or the new
 * one. What has changed since stands in the journal (journal.h).
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stddef.h>

struct ack_error;
struct state;

struct store {
	int dir; /* -1: not open */
};

/* Opens (makes) the directory; 0 or a negative errno. */
int store_open(struct store *s, const struct state *state, struct ack_error *e);
void store_close(struct store *s);

/*
 * Replaces the record `name`, in two steps. The first writes NAME.new, all of
 * it to the disk, and may take place outside of the loop. On failure (-ENOSPC,
 * -EIO, …) the old record stands; nothing is tried again on a descriptor whose
 * fsync failed, because the kernel forgets what it could not write.
 */
int store_write(
	const struct store *s, const char *name, const char *text, size_t len);
int store_rename(const struct store *s, const char *name);

/* NAME.new is not wanted any more. */
void store_forget(const struct store *s, const char *name);

/* The renames so far, and what was taken away, survive a power loss. */
int store_sync(const struct store *s);

/* Takes the record away; one that is not there is no failure. */
int store_remove(struct store *s, const char *name, struct ack_error *e);

/*
 * Hands every record to `take`. What it refuses (non-zero, e filled), and
 * what is no readable record, is set aside under a name ending in
 * `.damaged` and told through `tell`; it is never deleted. Remains of interrupted writes are
 * removed.
 */
typedef int (*store_take_fn)(void *arg, const char *name, const char *text,
	size_t len, struct ack_error *e);
typedef void (*store_tell_fn)(void *arg, const char *sentence);
int store_load(struct store *s, store_take_fn take, store_tell_fn tell,
	void *arg, struct ack_error *e);

#endif
