/* SPDX-License-Identifier: MIT */
/* What mkdir, rmdir and mv do. */
#ifndef NAMING_H
#define NAMING_H

struct ack_error;
struct fleet;
struct object;

/* mkdir: a new draft, of a node pool below `parent`, or of a cluster (NULL).
 * NULL and `e` filled: EEXIST, EINVAL, ENOMEM. */
struct object *naming_create(struct fleet *f, struct object *parent,
	const char *name, struct ack_error *e);

/* rmdir: only of a directory with nothing in the cloud (EPERM, EBUSY else). */
int naming_remove(struct object *o, struct ack_error *e);

/* mv: only of a draft, only to a free name. */
int naming_rename(struct object *o, const char *name, struct ack_error *e);

#endif
