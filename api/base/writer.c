/* SPDX-License-Identifier: MIT */
#include "base/writer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * In a namespace of users all those that it does not map have one number, root
 * of the machine among them: it owns the root directory.
 */
static bool is_root(uid_t uid)
{
	struct stat st;
	uid_t unmapped = 65534;
	FILE *f = uid ? fopen("/proc/sys/kernel/overflowuid", "re") : NULL;

	if (f && fscanf(f, "%u", &unmapped) != 1)
		unmapped = 0;
	if (f)
		fclose(f);
	return !uid || (uid == unmapped && !stat("/", &st) && st.st_uid == uid);
}

/* What is in a sticky directory only its owner can replace. */
static enum ack_writers judge(const struct stat *st)
{
	bool sticky = st->st_mode & S_ISVTX;

	if (st->st_mode & S_IWOTH && !sticky)
		return ACK_WRITER_EVERYBODY;
	if (st->st_uid != geteuid() && !is_root(st->st_uid))
		return ACK_WRITER_USER;
	if (st->st_mode & S_IWGRP && !sticky && st->st_gid != getegid())
		return ACK_WRITER_GROUP;
	return ACK_WRITER_NOBODY;
}

static int judge_all(const char *path, ack_writer_fn report, void *arg)
{
	struct ack_writer w = {.err = 0};
	struct stat st;
	int ret = 0;

	for (const char *end = path; !ret && (end = strchr(end, '/')); end++) {
		snprintf(w.path, sizeof(w.path), "%.*s",
			end > path ? (int)(end - path) : 1, path);
		w.err = stat(w.path, &st) ? errno : 0;
		w.who = w.err ? ACK_WRITER_UNKNOWN : judge(&st);
		if (w.who == ACK_WRITER_NOBODY)
			continue;
		if (!w.err)
			w.id = w.who == ACK_WRITER_GROUP ? st.st_gid
							 : st.st_uid;
		ret = report(arg, &w);
	}
	return ret;
}

int ack_writer_above(const char *path, ack_writer_fn report, void *arg)
{
	char real[PATH_MAX];
	int ret = judge_all(path, report, arg);

	/* where a link leads, and where it stands */
	if (!ret && realpath(path, real) && strcmp(path, real))
		ret = judge_all(real, report, arg);
	return ret;
}
