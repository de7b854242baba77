/* SPDX-License-Identifier: MIT */
/*
 * The calls that change names: mkdir, rmdir, unlink, rename, creat. Each
 * returns 0 or a negative errno and has reported a failure in the `error` file
 * of the directory it concerns.
 */
#ifndef TREE_H
#define TREE_H

#include "tree/node.h"

/*
 * What stands in a directory may have to be asked for when it is opened (`name`
 * NULL), or when a name is looked up that it is not known to hold.
 */
bool tree_is_old(const struct node *dir, const char *name);

/* Asks for that: NODE_LATER, and w->done comes; or a negative errno, reported.
 */
int tree_renew(const struct node *dir, struct waiter *w);

/* 0, or why it is not known what stands in the directory, which is in `error`
 * then: a negative errno. */
int tree_listed(const struct node *dir);

/* Looks `name` up in the directory `dir`. */
int tree_lookup(
	struct fleet *f, uint64_t dir, const char *name, struct node *out);

int tree_mkdir(
	struct fleet *f, uint64_t dir, const char *name, struct node *out);
int tree_rmdir(struct fleet *f, uint64_t dir, const char *name);
int tree_unlink(struct fleet *f, uint64_t dir, const char *name);
int tree_rename(struct fleet *f, uint64_t dir, const char *name,
	uint64_t newdir, const char *newname);

/*
 * Makes a scratch file, or gives a parameter back the name that rm took;
 * EPERM for any other name.
 */
int tree_create(
	struct fleet *f, uint64_t dir, const char *name, struct node *out);

/* chown(2): to whom it belongs already; else EPERM. */
int tree_chown(const struct node *n, uid_t uid, gid_t gid);

#endif
