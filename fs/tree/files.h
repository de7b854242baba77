/* SPDX-License-Identifier: MIT */
/* The table of fixed files. */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "model/address.h"

struct ack_buf;
struct ack_error;
struct errand;
struct fetch_source;
struct fleet;
struct object;
struct waiter;

/* The directories that a file can stand in, as a set. */
enum node_place {
	AT_ROOT = 1 << 0,
	AT_SCHEMA = 1 << 1,
	AT_CLUSTER = 1 << 2,
	AT_NODEPOOL = 1 << 3,
	AT_LIVE = 1 << 4,
	AT_LIVE_CLUSTER = 1 << 5,
	AT_BOTH = AT_CLUSTER | AT_NODEPOOL,
};

/* What else a directory holds. */
enum node_members {
	MEMBERS_NONE,
	MEMBERS_SCHEMA, /* the parameters of clusters, explained */
	MEMBERS_NODEPOOL_SCHEMA,
	MEMBERS_CLUSTERS,    /* a directory each */
	MEMBERS_NODEPOOLS,   /* of one cluster */
	MEMBERS_IDS,         /* a link for each cluster */
	MEMBERS_LIVE,        /* a directory for each cluster that exists */
	MEMBERS_PARAMS,      /* the files of one object */
	MEMBERS_LIVE_PARAMS, /* those whose text is asked for */
};

enum {
	NODE_DIR = 1 << 0,
	NODE_LINK = 1 << 1,     /* show() gives its target */
	NODE_GATHER = 1 << 2,   /* writing gathers a text: request.json */
	NODE_ACT = 1 << 3,      /* each write is an order: commit */
	NODE_FLEETING = 1 << 4, /* its text changes by itself: never cached */
	NODE_GROWS = 1 << 5,    /* read as it is now, not as it was opened */
	NODE_STREAM = 1 << 6,   /* a read waits for news: live/NAME/watch */
	NODE_NEWS = 1 << 7,     /* poll(2) reports changes */
	NODE_SECRET = 1 << 8,   /* the owner's alone, also with allow_other */
};

/* A row of the table of fixed files; adding a file is adding a row. */
struct node_file {
	const char *name; /* NULL: named otherwise (a cluster directory) */
	unsigned place;   /* of enum node_place */
	mode_t mode;
	unsigned flags;
	/* of a directory */
	unsigned children; /* the place of its fixed files */
	enum node_members members;
	/* of a file; o is NULL outside of objects */
	bool (*there)(const struct object *o); /* NULL: always */
	void (*show)(struct fleet *f, struct object *o, struct ack_buf *out);
	/* its text comes later, when it is opened; what stands in a directory
	 * does, when it is opened or a name is looked up in it */
	const struct fetch_source *fetch;
	/* the same, without a call: 0, a negative errno, or NODE_LATER */
	int (*wait)(struct object *o, struct waiter *w, struct ack_error *e);
	/* 0, a negative errno, or NODE_LATER: w->done comes */
	int (*store)(struct object *o, const char *text, size_t len,
		struct waiter *w, struct ack_error *e);
	/* instead: an order of one call */
	const struct errand *errand;
	int (*opened)(const struct object *o, struct ack_error *e);
};

/* Row 0 is unused: an inode number is never 0. */
extern const struct node_file node_files[];
extern const unsigned node_nfiles;

#endif
