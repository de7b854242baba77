/* SPDX-License-Identifier: MIT */
/*
 * What an inode is. Its number is an address: the serial of a directory in
 * the high bits, the row of a file table in the low ones. So there is no
 * table of inodes and nothing to count or forget.
 */
#ifndef NODE_H
#define NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct ack_buf;
struct ack_error;
struct ack_param;
struct cluster;
struct fleet;
struct node_file;
struct scratch;
struct waiter;

#define NODE_LATER    1 /* the answer comes later */
#define NODE_ROW_BITS 10
#define NODE_PARAMS   64  /* row of the first parameter */
#define NODE_SCRATCH  512 /* row of the first scratch file */

static inline uint64_t node_ino(uint64_t serial, unsigned row)
{
	return serial << NODE_ROW_BITS | row;
}

struct node {
	uint64_t ino;
	unsigned row; /* the low bits */
	struct fleet *fleet;
	struct cluster *cluster; /* NULL outside of one */
	/* exactly one of these three */
	const struct node_file *file;
	const struct ack_param *param; /* also in schema/, without a cluster */
	struct scratch *scratch;
};

/* 0, or -ENOENT when there is nothing at that address (any more). */
int node_get(struct fleet *f, uint64_t ino, struct node *out);

/* The child of a directory; -ENOENT, -ENOTDIR. */
int node_lookup(const struct node *dir, const char *name, struct node *out);

/* The directory of a cluster. */
void node_of_cluster(struct cluster *c, struct node *out);

bool node_is_dir(const struct node *n);
bool node_is_clusters(const struct node *n); /* where mkdir works */
bool node_is_cluster(const struct node *n);
unsigned node_param_row(const struct node *n);
const char *node_name(const struct node *n);
mode_t node_mode(const struct node *n);

/* The text a reader gets, and all of stat(2) but the owner. */
void node_text(const struct node *n, struct ack_buf *out);
void node_stat(const struct node *n, struct stat *st);

/* False: its attributes may be kept until they are invalidated. */
bool node_fleeting(const struct node *n);

/* Calls back for every child of a directory, in a stable order. */
void node_list(const struct node *dir,
	void (*visit)(const struct node *child, const char *name, void *arg),
	void *arg);

#endif
