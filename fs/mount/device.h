/* SPDX-License-Identifier: MIT */
/* The FUSE device: mounted with the options of a mount, by libfuse. */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>
#include <sys/types.h>

struct ack_error;
struct fuse_session;
struct loop_config;
struct ops;

/* A mounted session, or NULL and `e` filled. `ops` outlives it. */
struct fuse_session *device_mount(
	const struct loop_config *c, struct ops *ops, struct ack_error *e);

/* Ends it, and unmounts it unless somebody has, who may have mounted another
 * since. */
void device_end(struct fuse_session *s, const char *mountpoint);

/* Whether a request is one that a user waits for, and which; else it is the
 * kernel's. */
bool device_asks(const void *request, uid_t *uid);

/*
 * Mounts for another process and returns the descriptor for it, to be closed
 * here; the mount stays. Or a negative errno.
 */
int device_mount_only(const struct loop_config *config, struct ack_error *e);

#endif
