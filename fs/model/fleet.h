/* SPDX-License-Identifier: MIT */
/*
 * All directories of a mount, by name, by serial and by ID, and what they
 * share: the client, the endpoint, the mount's own `error`.
 */
#ifndef FLEET_H
#define FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/event.h"
#include "client/endpoint.h"
#include "model/guest.h"
#include "model/log.h"
#include "model/object.h"
#include "model/owner.h"
#include "model/regions.h"
#include "model/roles.h"
#include "model/versions.h"

struct ack_call;
struct ack_client;
struct ack_json;
struct fetch;
struct handle;
struct object;
struct part;
struct saved;

#define FLEET_ACCOUNT 192

/* The list of clusters, cloud/refresh.h. */
struct refresh {
	int64_t max_age_ms;
	int64_t began, ended;  /* ack_now_ms() of the last; 0: never */
	int64_t complete;      /* the end of the last that was whole; 0: none */
	struct ack_call *call; /* under way */
	unsigned generation; /* of the list; object.seen is compared with it */
	struct log_trouble trouble;
	struct ack_error why;  /* the last one has failed */
	struct ack_json *late; /* what waits for a name to become free */
};

/* What is on its way, cloud/follow.h. */
struct follow {
	struct ack_timer timer;
	int64_t delay_ms;
	struct log_trouble failed; /* the last look */
};

/* index.html, page/page.h. */
struct page {
	struct ack_buf text;
	int64_t made;     /* ns since 1970 */
	int64_t made_ms;  /* ack_now_ms(); 0: never */
	uint64_t changes; /* of the fleet, at that time */
};

/* Open files by their inode, fuse/opened.h. */
struct opened {
	void *by_ino; /* tsearch(3) */
};

struct fleet {
	const struct part *parts; /* part.h; a table of nparts rows */
	size_t nparts;
	struct ack_events *events;
	struct ack_client *client;
	struct owner owner;
	struct guests guests;
	struct ack_endpoint endpoint;
	struct ack_endpoint_rules rules; /* that it was chosen by */
	struct ack_endpoint sts; /* reports the account of keys; url "": none */
	char account[FLEET_ACCOUNT]; /* whose all of this is, a number; or,
					where no STS knows it, the place that
					the keys come from; "": not known yet */
	char source[256];            /* where the keys come from */
	char key_id[32];             /* masked */
	char warning[256];
	char renewal[512];   /* why there are no new keys, or "" */
	char rejected[512];  /* why the keys that are there are not used */
	int64_t expires;     /* of the keys, time(2); 0: never, or unknown */
	struct saved *saved; /* NULL: nothing is kept on disk */
	int audit;           /* descriptor of audit.log, or -1 */
	bool preflight;
	bool tag; /* mark requests with the ID of the commit */
	bool no_delete;
	char digest_key[33];    /* of digest.c; made when it is needed */
	int kubeconfig_minutes; /* 0: as long as the service likes */
	/* after its date plus both of these a lost request cannot succeed: how
	 * long the service honours it, and how long it may have been tried */
	int64_t settle_ms, tries_ms;
	int64_t started;        /* ns since 1970 */
	int64_t reloaded;       /* ack_now_ms() of the last SIGHUP; 0: none */
	const char *mountpoint; /* for what programs read of it */

	char *error; /* text of the mount's `error`, or NULL */
	struct objects clusters;
	void *by_serial, *by_id; /* tsearch(3); node pools, too */
	uint64_t last_serial;
	struct object *last_used; /* most requests are for that one again */
	uint64_t changes;         /* of any directory, so far */
	uint64_t sent;            /* rows outside of all, as of an object */
	size_t making; /* directories of which it is under way or unknown */
	LIST_HEAD(, handle) handles;   /* open files; the session owns them */
	struct opened opened;          /* the same, by inode */
	LIST_HEAD(, listing) listings; /* open directories; the same */
	struct fetch *fetches; /* under way, of files without a cluster */
	struct refresh refresh;
	struct follow follow;
	struct regions regions;
	struct versions versions;
	struct roles roles;
	struct page page;

	/* Makes the kernel ask again for the attributes of an inode. */
	void (*forget)(void *arg, uint64_t ino);
	/* Gives it the size, and the last byte, of one that nobody else has
	 * open; may be NULL. */
	void (*sized)(void *arg, uint64_t ino, char last, off_t size);
	/* Reports to pollers of an open file that it has changed. */
	void (*notify)(void *arg, struct handle *h);
	void *session; /* the arg of all */
};

struct object *fleet_by_name(const struct fleet *f, const char *name);
struct object *fleet_by_serial(struct fleet *f, uint64_t serial);
struct object *fleet_by_id(const struct fleet *f, const char *id);

/* The node pools of `parent`, or all clusters when it is NULL. */
struct objects *fleet_below(struct fleet *f, struct object *parent);

/* A directory for what is known already; not saved. NULL: no memory, or the
 * name is taken. */
struct object *fleet_restore(
	struct fleet *f, struct object *parent, const char *name);

/* A name has come or gone where `parent` has its node pools, or (NULL) the
 * mount its clusters: the kernel asks for the times there again. */
void fleet_touch(struct fleet *f, struct object *parent);

/* The directory goes, and all below it; the record stays. */
void fleet_discard(struct fleet *f, struct object *o);

/* All that is below the directory goes; the records stay. */
void fleet_discard_pools(struct object *o);

/* Gives it the ID that the service gave, or none (""); false: no memory. */
bool fleet_set_id(struct object *o, const char *id);

/* A directory that is making one of that name now, or may have made it; NULL:
 * none. */
struct object *fleet_making(
	struct fleet *f, struct object *parent, const char *name);

/* The same, another than `but`, or one whose cluster has that name. */
struct object *fleet_named(struct fleet *f, struct object *parent,
	const struct object *but, const char *name);

/* Seconds since 1970 by the service's clock, as far as it is known. */
int64_t fleet_service_time(const struct fleet *f);

/* The last failure that belongs to no cluster directory. */
void fleet_fail(struct fleet *f, const struct ack_error *e);

void fleet_release(struct fleet *f);

#endif
