/* SPDX-License-Identifier: MIT */
/* The directory to mount on. */
#ifndef MOUNTPOINT_H
#define MOUNTPOINT_H

struct ack_error;

/*
 * Makes sure that `path` is a directory without a live ackfs on it. A dead
 * mount (ENOTCONN), left by a crash, is taken away first. 0 or a negative
 * errno with a sentence.
 */
int mountpoint_prepare(const char *path, struct ack_error *e);

#endif
