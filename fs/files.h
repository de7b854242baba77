/* SPDX-License-Identifier: MIT */
/* The table of fixed files. */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct ack_buf;
struct ack_error;
struct cluster;
struct fleet;
struct waiter;

enum node_place { IN_NOTHING, IN_ROOT, IN_CLUSTERS, IN_CLUSTER };

enum {
	NODE_DIR = 1 << 0,
	NODE_GATHER = 1 << 1,   /* writing gathers a text: request.json */
	NODE_ACT = 1 << 2,      /* each write is an order: commit */
	NODE_FLEETING = 1 << 3, /* its text changes by itself: never cached */
};

/* A row of the table of fixed files; adding a file is adding a row. */
struct node_file {
	const char *name; /* NULL: named otherwise (a cluster directory) */
	enum node_place place;
	mode_t mode;
	unsigned flags;
	bool (*there)(const struct cluster *c); /* NULL: always */
	void (*show)(struct fleet *f, struct cluster *c, struct ack_buf *out);
	/* 0, a negative errno, or NODE_LATER: w->done comes */
	int (*store)(struct cluster *c, const char *text, size_t len,
		struct waiter *w, struct ack_error *e);
	int (*opened)(const struct cluster *c, struct ack_error *e);
};

/* Rows of directories, which the code has to find. */
enum { ROW_NONE, ROW_ROOT, ROW_SCHEMA, ROW_CLUSTERS, ROW_CLUSTER };

/* Row 0 is unused: an inode number is never 0. */
extern const struct node_file node_files[];
extern const unsigned node_nfiles;

#endif
