/* SPDX-License-Identifier: MIT */
#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "error.h"
#include "log.h"

#define ASIDE_MOST 1000

bool trust_file(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_uid == geteuid();
}

bool trust_sole(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_nlink == 1;
}

int trust_aside(int dir, const char *file, char aside[NAME_MAX + 1])
{
	for (int i = 0; i < ASIDE_MOST; i++) {
		snprintf(aside, NAME_MAX + 1, "%.200s.%d.damaged", file, i);
		if (!renameat2(dir, file, dir, aside, RENAME_NOREPLACE))
			return 0;
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

int trust_directory(int fd, const char *name, struct ack_error *e)
{
	struct stat st;

	if (fstat(fd, &st) || st.st_uid != geteuid())
		return ack_error_set(e, EPERM, NULL,
			"the state directory %s belongs to another user", name);
	if (!(st.st_mode & 077))
		return 0;
	if (fchmod(fd, 0700))
		return ack_error_set(e, errno, NULL,
			"the state directory %s is open to others", name);
	if (st.st_mode & 022)
		log_line(LOG_WARNING,
			"the state directory %s could be written by others; "
			"it is closed to them now, and files of theirs are "
			"not believed",
			name);
	return 0;
}

static int judge(const char *path, const struct stat *st, struct ack_error *e)
{
	bool sticky = st->st_mode & S_ISVTX;

	if (st->st_mode & S_IWOTH && !sticky)
		return ack_error_set(e, EPERM, NULL,
			"everybody can write to %s, which is above the state "
			"directory, and put another in its place; chmod o-w "
			"it, or choose another with -o state=",
			path);
	if (st->st_uid && st->st_uid != geteuid())
		log_line(LOG_WARNING,
			"user %ld can put another state directory in the "
			"place of this one: %s is theirs",
			(long)st->st_uid, path);
	else if (st->st_mode & S_IWGRP && !sticky && st->st_gid != getegid())
		log_line(LOG_WARNING,
			"group %ld can put another state directory in the "
			"place of this one: it can write to %s",
			(long)st->st_gid, path);
	return 0;
}

static int judge_all(const char *path, struct ack_error *e)
{
	char part[PATH_MAX];
	struct stat st;
	int ret = 0;

	for (const char *end = path; !ret && (end = strchr(end, '/')); end++) {
		snprintf(part, sizeof(part), "%.*s",
			end > path ? (int)(end - path) : 1, path);
		ret = stat(part, &st) ? ack_error_set(e, errno, NULL,
						"%s cannot be examined: %s",
						part, strerror(errno))
				      : judge(part, &st, e);
	}
	return ret;
}

int trust_above(const char *path, struct ack_error *e)
{
	char real[PATH_MAX];
	int ret = judge_all(path, e);

	/* where a link leads, and where it stands */
	if (!ret && realpath(path, real) && strcmp(path, real))
		ret = judge_all(real, e);
	return ret;
}
