/* SPDX-License-Identifier: MIT */
/*
 * `echo 1 > commit`: check, ask for the name, sign and POST once, tell.
 * The commit belongs to the directory and goes on when its writer leaves.
 */
#ifndef COMMIT_H
#define COMMIT_H

#include <stddef.h>

struct ack_buf;
struct ack_error;
struct cluster;
struct waiter;

/*
 * Handles what was written into `commit`. 0: under way, w->done comes later
 * (w may be NULL: nobody waits). Else a negative errno, told in `error`:
 * EINVAL (another word, or findings), EEXIST, EBUSY, EPERM.
 */
int commit_write(struct cluster *c, const char *text, size_t len,
	struct waiter *w, struct ack_error *e);

/* -EBUSY while a commit is under way, else 0: asked when it is opened. */
int commit_open(const struct cluster *c, struct ack_error *e);

/* The waiter leaves; the commit goes on. */
void commit_leave(struct waiter *w);

/* Forgets a commit under way (the mount ends); its waiter gets -EINTR. */
void commit_drop(struct cluster *c);

#endif
