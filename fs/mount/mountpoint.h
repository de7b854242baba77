/* SPDX-License-Identifier: MIT */
/* The directory to mount on. */
#ifndef MOUNTPOINT_H
#define MOUNTPOINT_H

#include <stdbool.h>

struct ack_error;

/*
 * Makes sure that `path` is a directory without a live ackfs on it. A dead
 * mount (ENOTCONN), left by a crash, is taken away first. 0 or a negative
 * errno with a sentence.
 */
int mountpoint_prepare(const char *path, struct ack_error *e);

/* Whether the kernel offers what a mount needs. 0 or a negative errno. */
int mountpoint_usable(struct ack_error *e);

/*
 * Whether this user may mount on it, and share it with others if that is
 * wished: fusermount3 would refuse with less of a sentence. 0 or a negative
 * errno.
 */
int mountpoint_allowed(const char *path, bool share, struct ack_error *e);

/*
 * A descriptor of the directory itself, O_PATH, with which a mount lands there
 * whatever has become of its path since it was resolved: no link is followed.
 */
int mountpoint_open(const char *path, struct ack_error *e);

/* Unmounts an ackfs from it, if that is what is there; no link is followed. */
void mountpoint_leave(const char *path);

/* Takes away what an aborted connection (umount -f of a mount that is in use)
 * has left there: a mount that answers nobody. */
void mountpoint_bury(const char *path);

/* Unmounts, also while it is in use. 0 or a negative errno. */
int mountpoint_detach(const char *path);

/* The descriptor of /dev/fd/N, where somebody has mounted already; or -1. */
int mountpoint_given(const char *path);

#endif
