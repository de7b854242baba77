/* SPDX-License-Identifier: MIT */
/*
 * A mount from its options to its end: keys, state directory, client,
 * session.
 */
#ifndef MOUNT_H
#define MOUNT_H

#include "base/event.h"
#include "client/client.h"
#include "model/fleet.h"
#include "mount/keys.h"
#include "mount/sandbox_child.h"
#include "state/saved.h"
#include "state/state.h"

struct ack_error;
struct ack_http;
struct loop;
struct options;

struct mount {
	const struct options *options; /* outlives the mount */
	struct state state;
	int beside; /* the directory with the file of accounts, or -1 */
	struct saved saved;
	struct sandbox sandbox;
	struct ack_events events;
	struct ack_http *http;
	struct keys keys;
	struct fleet fleet;
	struct loop *loop;
};

/* An empty one, which mount_stop() takes too. */
#define MOUNT_INIT(opts)                                           \
	{                                                          \
		.options = (opts), .state.lock = -1, .beside = -1, \
		.fleet.audit = -1, .events.epoll = -1              \
	}

/* What its calls have in common; the endpoint may be another. */
struct ack_client_config mount_client(struct mount *m);

/* Opens what is kept in m->state, and fills the fleet with it. */
int mount_load(struct mount *m, struct ack_error *e);

/* Closes it again; the fleet, in which there is nothing, stays. */
void mount_unload(struct mount *m);

/* Returns when the mount answers; loop_run(m->loop) serves it then. */
int mount_start(struct mount *m, struct ack_error *e);

/* Ends it, also one that mount_start() got only half done. */
void mount_stop(struct mount *m);

/* Mounts there, for another process that is to serve it, and returns the
 * descriptor. Or a negative errno. */
int mount_only(struct mount *m, const char *mountpoint, struct ack_error *e);

/* Mounts, and gives the descriptor to the service manager, for a process that
 * may do less: its mountpoint is /dev/fd/3 then. */
int mount_hand_over(struct mount *m, struct ack_error *e);

#endif
