/* SPDX-License-Identifier: MIT */
/* Whose the mount is, and what stat(2) shows of that. */
#ifndef OWNER_H
#define OWNER_H

#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* The owner, or the user who mounted it. */
static inline bool owner_is(const struct owner *o, uid_t caller)
{
	return caller == o->uid || caller == getuid();
}

#endif
