/* SPDX-License-Identifier: MIT */
/*
 * The records of a mount on disk, below `clusters` in the state directory. A
 * file is replaced by writing another and renaming it, so a reader finds the
 * old record or the new one.
 *
 *	NAME.json	the last record that survives a power loss
 *	NAME.edit	a newer one, which survives the end of the process;
 *			after a power loss it may be torn, and NAME.json
 *			stands in
 *	NAME.new	being written
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
 * Replaces the record `name`. `durable`: it survives a power loss when this
 * returns 0 (fsync of file and directory). On failure the old record stands
 * as far as this process can tell; nothing is tried again on a descriptor
 * whose fsync failed, because the kernel forgets what it could not write.
 * -ENOSPC, -EIO, … with a sentence.
 */
int store_put(struct store *s, const char *name, const char *text, size_t len,
	bool durable, struct ack_error *e);

/* Makes what was put without `durable` survive a power loss. */
int store_sync(struct store *s, const char *name, struct ack_error *e);

/* Takes the record away; one that is not there is no failure. */
int store_remove(struct store *s, const char *name, struct ack_error *e);

/*
 * Hands every record to `take`. What it refuses (non-zero, e filled), and
 * what is no readable record, is set aside under a name ending in
 * `.damaged` and told through `tell`; it is never deleted. Of NAME.edit and
 * NAME.json the first that is taken counts. Remains of interrupted writes are
 * removed.
 */
typedef int (*store_take_fn)(void *arg, const char *name, const char *text,
	size_t len, struct ack_error *e);
typedef void (*store_tell_fn)(void *arg, const char *sentence);
int store_load(struct store *s, store_take_fn take, store_tell_fn tell,
	void *arg, struct ack_error *e);

#endif
