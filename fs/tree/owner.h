/* SPDX-License-Identifier: MIT */
/* Whose the mount is: what stat(2) shows, and who may give orders in it. */
#ifndef OWNER_H
#define OWNER_H

#include <stdbool.h>
#include <sys/stat.h>

struct ack_error;
struct node;

struct owner {
	uid_t uid;
	gid_t gid;
	mode_t umask; /* these bits are not shown */
};

/* Puts it into attributes whose type and mode are there. */
static inline void owner_stat(const struct owner *o, struct stat *st)
{
	st->st_uid = o->uid;
	st->st_gid = o->gid;
	if (!S_ISLNK(st->st_mode))
		st->st_mode &= ~o->umask;
}

/* A secret, or a place for orders. */
bool owner_alone(const struct node *n);

/* The owner, or whoever mounted it. */
bool owner_is(const struct owner *o, uid_t caller);

/*
 * Secrets are read and written, and orders given, by the owner and by whoever
 * mounted it: with allow_other the kernel lets root pass every mode. 0, or
 * -EACCES with a sentence.
 */
int owner_check(const struct node *n, uid_t caller, struct ack_error *e);

#endif
