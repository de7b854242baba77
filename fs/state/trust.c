/* SPDX-License-Identifier: MIT */
#include "state/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "base/error.h"
#include "base/kernel.h"
#include "base/writer.h"
#include "model/log.h"

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
		if (!ack_kernel_rename_new(dir, file, aside))
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

static int judge(void *arg, const struct ack_writer *w)
{
	struct ack_error *e = arg;

	switch (w->who) {
	case ACK_WRITER_UNKNOWN:
		return ack_error_set(e, w->err, NULL,
			"%s cannot be examined: %s", w->path, strerror(w->err));
	case ACK_WRITER_EVERYBODY:
		return ack_error_set(e, EPERM, NULL,
			"everybody can write to %s, which is above the state "
			"directory, and put another in its place; chmod o-w "
			"it, or choose another with -o state=",
			w->path);
	case ACK_WRITER_USER:
		log_line(LOG_WARNING,
			"user %ld can put another state directory in the place "
			"of this one: %s is theirs",
			w->id, w->path);
		break;
	case ACK_WRITER_GROUP:
		log_line(LOG_WARNING,
			"group %ld can put another state directory in the "
			"place of this one: it can write to %s",
			w->id, w->path);
		break;
	case ACK_WRITER_NOBODY:
		break;
	}
	return 0;
}

int trust_above(const char *path, struct ack_error *e)
{
	return ack_writer_above(path, judge, e);
}
