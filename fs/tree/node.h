/* SPDX-License-Identifier: MIT */
/* What an inode is, found by its address. */
#ifndef NODE_H
#define NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "model/address.h"

struct ack_buf;
struct ack_param;
struct fetch_source;
struct fleet;
struct node_file;
struct object;
struct scratch;

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
mode_t node_mode(const struct node *n);

/* The text a reader gets, or a link's target; and all of stat(2) but the
 * owner. `open`: the size of what it is open with, or 0. */
void node_text(const struct node *n, struct ack_buf *out);
void node_stat(const struct node *n, size_t open, struct stat *st);

/* How its text is asked for; NULL: it is there. */
const struct fetch_source *node_fetch(const struct node *n);

/* What a file of an object is called; NULL: that row has no file. */
const char *node_file_name(struct object *o, unsigned row);

/* True when a flag of files.h is set. */
bool node_has(const struct node *n, unsigned flag);

/* What the directory of a cluster is called in live/: DIRNAME_MAX + 1 bytes. */
void node_live_name(const struct object *o, char *out);

/* It stands below live/NAME, or is such a file of a node pool. */
bool node_is_live(const struct node *n);
/* Whether its open waits for what takes longer than timeout=. */
bool node_waits_long(const struct node *n);

/* What it holds is for its owner alone. */
bool node_is_secret(const struct node *n);

/* Somebody looks at what may have changed in the cloud. */
void node_looked_at(const struct node *n);

#endif
