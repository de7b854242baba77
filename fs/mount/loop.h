/* SPDX-License-Identifier: MIT */
/*
 * The one thread: FUSE requests, libcurl's sockets, timers and signals in
 * one ack_events.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>

#include "base/event.h"

struct ack_error;
struct fleet;
struct loop;

struct loop_config {
	struct ack_events *events;
	struct fleet *fleet;
	const char *mountpoint;
	const char *fsname;        /* the first column of /proc/mounts */
	const char *mount_options; /* comma-separated, or NULL */
	bool read_only, debug;
	bool checked; /* the kernel checks modes */
	bool allow_other;
	void (*reload)(void *arg); /* on SIGHUP */
	void *reload_arg;
};

/* Mounts; NULL and `e` filled on failure. */
struct loop *loop_open(const struct loop_config *config, struct ack_error *e);

/* Turns until the mount answers. 0 or a negative errno. */
int loop_until_ready(struct loop *l, struct ack_error *e);

/* Turns until it is unmounted or a signal ends it. */
int loop_run(struct loop *l, struct ack_error *e);

/* Whether it is unmounted, or ended by a signal. */
bool loop_over(const struct loop *l);

/* Unmounts what is still mounted, and frees. NULL is fine. */
void loop_close(struct loop *l);

/* "3.14.0", for --version. */
const char *loop_fuse_version(void);

#endif
