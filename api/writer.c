/* SPDX-License-Identifier: MIT */
#include "writer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is in a sticky directory only its owner can replace. */
static void judge(const char *path, const struct stat *st, struct ack_writer *w)
{
	bool sticky = st->st_mode & S_ISVTX;
	enum ack_writers who = ACK_WRITER_NOBODY;

	if (st->st_mode & S_IWOTH && !sticky)
		who = ACK_WRITER_EVERYBODY;
	else if (st->st_uid && st->st_uid != geteuid())
		who = ACK_WRITER_USER;
	else if (st->st_mode & S_IWGRP && !sticky && st->st_gid != getegid())
		who = ACK_WRITER_GROUP;
	if (who <= w->who)
		return;
	w->who = who;
	w->id = who == ACK_WRITER_GROUP ? st->st_gid : st->st_uid;
	snprintf(w->path, sizeof(w->path), "%s", path);
}

static void judge_all(const char *path, struct ack_writer *w)
{
	char part[PATH_MAX];
	struct stat st;

	for (const char *end = path; (end = strchr(end, '/')); end++) {
		snprintf(part, sizeof(part), "%.*s",
			end > path ? (int)(end - path) : 1, path);
		if (!stat(part, &st)) {
			judge(part, &st, w);
			continue;
		}
		w->who = ACK_WRITER_UNKNOWN;
		w->err = errno;
		snprintf(w->path, sizeof(w->path), "%s", part);
		return;
	}
}

void ack_writer_above(const char *path, struct ack_writer *w)
{
	char real[PATH_MAX];

	w->who = ACK_WRITER_NOBODY;
	judge_all(path, w);
	/* where a link leads, and where it stands */
	if (realpath(path, real) && strcmp(path, real))
		judge_all(real, w);
}
