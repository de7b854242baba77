/* SPDX-License-Identifier: MIT */
/*
 * Whether what is found in the state directory, and around it, can be ours:
 * before the directory was closed to others, or through what is above it,
 * somebody may have put something in its place.
 */
#ifndef TRUST_H
#define TRUST_H

#include <limits.h>
#include <stdbool.h>

struct ack_error;

/* A file of this user's. */
bool trust_file(int fd);

/* It has one name: what is written to it appears nowhere else. */
bool trust_sole(int fd);

/*
 * Renames what is not a file, or is damaged; nothing is ever deleted. `aside`
 * is its new name. 0 or a negative errno.
 */
int trust_aside(int dir, const char *file, char aside[NAME_MAX + 1]);

/* A directory of this user's, closed to others if it was not; `name` is for
 * people. 0 or a negative errno. */
int trust_directory(int fd, const char *name, struct ack_error *e);

/*
 * The directories above it. -EPERM when everybody can put another in its
 * place; when a group or another user can, a warning goes to the log.
 */
int trust_above(const char *path, struct ack_error *e);

#endif
