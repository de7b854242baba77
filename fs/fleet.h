/* SPDX-License-Identifier: MIT */
/*
 * All cluster directories of a mount, by name and by serial, and what they
 * share: the client, the endpoint, the mount's own `error`.
 */
#ifndef FLEET_H
#define FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "endpoint.h"
#include "event.h"

struct ack_buf;
struct ack_client;
struct ack_error;
struct cluster;
struct handle;
struct store;

struct fleet {
	struct ack_events *events;
	struct ack_client *client;
	struct ack_endpoint endpoint;
	char account[256]; /* where the keys came from, ID masked */
	char key_id[32];   /* masked */
	char warning[256];
	struct store *store; /* NULL: nothing is kept on disk */
	int audit;           /* descriptor of audit.log, or -1 */
	bool preflight;
	bool tag; /* mark requests with the ID of the commit */
	/* after its date plus both of these a lost request cannot succeed: how
	 * long the service honours it, and how long it may have been tried */
	int64_t settle_ms, tries_ms;
	int64_t started; /* ns since 1970 */

	char *error;               /* text of the mount's `error`, or NULL */
	void *by_name, *by_serial; /* tsearch(3) */
	size_t count;
	uint64_t last_serial;
	struct handle *handles; /* open files; the session owns them */
	struct ack_timer poll;
	int64_t poll_ms;
	bool poll_failed; /* the last look; said once */

	/* Tells the kernel to ask again for the attributes of an inode. */
	void (*forget)(void *arg, uint64_t ino);
	void *forget_arg;
};

struct cluster *fleet_by_name(const struct fleet *f, const char *name);
struct cluster *fleet_by_serial(const struct fleet *f, uint64_t serial);
struct cluster *fleet_by_id(const struct fleet *f, const char *cluster_id);

/* mkdir: a new draft. NULL and `e` filled: EEXIST, EINVAL, ENOMEM. */
struct cluster *fleet_create(
	struct fleet *f, const char *name, struct ack_error *e);

/* A directory for a record that was read; not saved. NULL: no memory, or
 * the name is taken. */
struct cluster *fleet_restore(struct fleet *f, const char *name);
void fleet_discard(struct fleet *f, struct cluster *c);

/* Another directory that is making a cluster of that name now, or NULL. */
struct cluster *fleet_making(
	const struct fleet *f, const struct cluster *but, const char *name);

/* rmdir: only of a directory without a cluster (EPERM, EBUSY else). */
int fleet_remove(struct fleet *f, struct cluster *c, struct ack_error *e);

/* mv: only of a draft, only to a free name. */
int fleet_rename(struct fleet *f, struct cluster *c, const char *name,
	struct ack_error *e);

/* Calls back for every directory, in the order of names. */
void fleet_walk(const struct fleet *f,
	void (*visit)(struct cluster *c, void *arg), void *arg);

/* Seconds since 1970 by the service's clock, as far as it is known. */
int64_t fleet_service_time(const struct fleet *f);

/* The last failure that belongs to no cluster directory. */
void fleet_fail(struct fleet *f, const struct ack_error *e);

/* Looks at clusters in progress, soon; called when one came to exist. */
void fleet_poll_soon(struct fleet *f);

void fleet_release(struct fleet *f);

#endif
