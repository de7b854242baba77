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
struct fleet;
struct node_file;
struct object;
struct scratch;

#define NODE_LATER    1 /* the answer comes later */
#define NODE_ROW_BITS 10
#define NODE_PARAMS   64  /* row of the first parameter */
#define NODE_NODEPOOL 256 /* in schema/: that of the first of node pools */
#define NODE_SCRATCH  512 /* row of the first scratch file */

/* The bits above are an alias: alias.h. */
#define NODE_INO_BITS 56

static inline uint64_t node_ino(uint64_t serial, unsigned row)
{
	return serial << NODE_ROW_BITS | row;
}

struct node {
	uint64_t ino;
	unsigned row; /* the low bits */
	struct fleet *fleet;
	struct object *object; /* NULL outside of one */
	/* exactly one of these three */
	const struct node_file *file;
	const struct ack_param *param; /* also in schema/, without an object */
	struct scratch *scratch;
};

/*
 * 0; -ESTALE when the directory of that address is gone, so that the kernel
 * looks its name up again; -ENOENT when only the file is.
 */
int node_get(struct fleet *f, uint64_t ino, struct node *out);

/* The same, of a number that the kernel has: that of a parameter which has
 * become a scratch file since is the scratch file's. */
int node_by_number(struct fleet *f, uint64_t number, struct node *out);

/* The child of a directory; -ENOENT (`out` is set when rm has taken the name
 * away), -ENOTDIR. */
int node_lookup(const struct node *dir, const char *name, struct node *out);

/* Calls back for every child of a directory, in a stable order. */
void node_list(const struct node *dir,
	void (*visit)(const struct node *child, const char *name, void *arg),
	void *arg);

/* The directory of an object. */
void node_of_object(struct object *o, struct node *out);

bool node_is_dir(const struct node *n);
bool node_is_object(const struct node *n);
/* Where mkdir works; *parent is the cluster, or NULL for a cluster. */
bool node_is_maker(const struct node *n, struct object **parent);
unsigned node_param_row(const struct node *n);
const char *node_name(const struct node *n);
bool node_named(const struct node *n); /* rm has not taken its name away */
mode_t node_mode(const struct node *n);

/* The text a reader gets, or a link's target; and all of stat(2) but the
 * owner. */
void node_text(const struct node *n, struct ack_buf *out);
void node_stat(const struct node *n, struct stat *st);

/* True when a flag of files.h is set. */
bool node_has(const struct node *n, unsigned flag);

/* What the directory of a cluster is called in live/: DIRNAME_MAX + 1 bytes. */
void node_live_name(const struct object *o, char *out);

/* It stands below live/NAME, or is such a file of a node pool. */
bool node_is_live(const struct node *n);

/* What it holds is for its owner alone. */
bool node_is_secret(const struct node *n);

/* Somebody looks at what may have changed in the cloud. */
void node_looked_at(const struct node *n);

#endif
