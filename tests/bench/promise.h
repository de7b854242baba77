/* SPDX-License-Identifier: MIT */
/* The floor of the promise that a value outlives the program: a loop that waits
 * for more than the kernel, and a row of a database for each write. */
#ifndef PROMISE_H
#define PROMISE_H

#include <stddef.h>

struct fuse_session;

/* Opens (makes) the database; ends the program where it cannot. */
void promise_open(const char *path);

/* It is in the log of the database when this returns. */
void promise_keep(size_t dir, const char *name, const char *value, size_t len);

/* Serves until the session ends. */
void promise_serve(struct fuse_session *s);

#endif
