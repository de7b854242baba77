/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

#include "error.h"
#include "log.h"
#include "trust.h"

#define NAME "journal"
#define OLD  NAME ".old"

static int fail(struct ack_error *e, int err, const char *what)
{
	return ack_error_set(e, err, NULL,
		"the state directory: %s the journal failed: %s", what,
		strerror(err));
}

static int open_part(struct journal *j, int flags)
{
	return openat(j->dir, NAME,
		O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | flags,
		0600);
}

int journal_open(struct journal *j, struct ack_error *e)
{
	j->fd = open_part(j, 0);
	if (j->fd < 0)
		return fail(e, errno, "opening");
	j->size = lseek(j->fd, 0, SEEK_END);
	if (j->has_old)
		j->old = openat(j->dir, OLD, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	j->unsettled = true;
	return 0;
}

void journal_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	if (j->old >= 0)
		close(j->old);
	j->fd = j->old = -1;
}

int journal_add(
	struct journal *j, const char *text, size_t len, struct ack_error *e)
{
	struct iovec line[] = {
		{(void *)(uintptr_t)text, len}, {(void *)(uintptr_t) "\n", 1}};
	bool full = j->size + (off_t)len >= JOURNAL_MAX;
	ssize_t n = full ? 0 : writev(j->fd, line, 2);
	int err = n < 0 ? errno : ENOSPC;

	if (n == (ssize_t)len + 1) {
		j->size += n;
		return 0;
	}
	/* half a line would make one of it and the next */
	if (n > 0 && ftruncate(j->fd, j->size))
		j->broken = true;
	return fail(e, err, "writing");
}

static void sync_run(struct work *w)
{
	struct journal_sync *s = (struct journal_sync *)w;

	if (s->old >= 0 && fdatasync(s->old))
		s->err = -errno;
	if (!s->err && fdatasync(s->fd))
		s->err = -errno;
	if (!s->err && s->dir >= 0 && fsync(s->dir))
		s->err = -errno;
}

static void sync_start(struct journal *j);

/* Its name leads to it: what was taken away, or replaced, while it was open
 * would be found by nobody. */
static bool in_place(const struct journal *j)
{
	struct stat is, found;

	return !fstat(j->fd, &is) &&
	       !fstatat(j->dir, NAME, &found, AT_SYMLINK_NOFOLLOW) &&
	       is.st_ino == found.st_ino && is.st_dev == found.st_dev;
}

struct closing {
	struct work work;
	int fd;
};

static void close_run(struct work *w)
{
	close(((struct closing *)w)->fd);
}

static void close_done(struct work *w)
{
	free(w);
}

/* The last close frees its blocks, which may take long. */
static void close_later(struct journal *j, int fd)
{
	struct closing *c = calloc(1, sizeof(*c));

	if (!c) {
		close(fd);
		return;
	}
	c->work = (struct work){.run = close_run, .done = close_done};
	c->fd = fd;
	worker_do(j->worker, &c->work);
}

static void sync_done(struct work *w)
{
	struct journal_sync *s = (struct journal_sync *)w;
	struct journal *j = s->journal;

	j->sync = NULL;
	if (!s->err && s->fd == j->fd && !in_place(j))
		s->err = -EIO;
	if (s->drops_old && s->old >= 0)
		close_later(j, s->old);
	if (s->err)
		j->broken = true;
	else if (s->dir >= 0 && s->fd == j->fd)
		j->unsettled = false;
	waiters_wake(&s->waiters, s->err);
	if (j->wanted && !j->sync)
		sync_start(j);
}

/* For a broken one it says so, and asks no disk. */
static void sync_start(struct journal *j)
{
	struct journal_sync *s = &j->the_sync;

	*s = (struct journal_sync){.work = {.run = sync_run, .done = sync_done},
		.journal = j,
		.fd = j->fd,
		.old = j->old,
		.dir = j->unsettled ? j->dir : -1,
		.err = j->broken ? -EIO : 0};
	waiters_move(&s->waiters, &j->waiting);
	j->wanted = false;
	j->sync = s;
	worker_do(j->worker, &s->work);
}

void journal_sync(struct journal *j, struct waiter *w)
{
	waiter_wait(w, &j->waiting);
	j->wanted = true;
	if (!j->sync)
		sync_start(j);
}

void journal_leave(struct journal *j)
{
	waiters_wake(&j->waiting, -EINTR);
	if (j->sync)
		waiters_wake(&j->sync->waiters, -EINTR);
}

int journal_rotate(struct journal *j, struct ack_error *e)
{
	bool swapped = !in_place(j);
	char aside[NAME_MAX + 1];
	int fd;

	if (swapped) {
		log_line(LOG_WARNING, "the state directory: somebody took the "
				      "journal away while it was in use, or "
				      "put another in its place");
		trust_aside(j->dir, NAME, aside);
	} else if (renameat(j->dir, NAME, j->dir, OLD)) {
		return fail(e, errno, "renaming");
	}
	fd = open_part(j, O_EXCL);
	if (fd < 0) {
		int err = errno;

		if (!swapped)
			renameat(j->dir, OLD, j->dir, NAME);
		return fail(e, err, "opening");
	}
	j->old = j->fd;
	j->fd = fd;
	j->size = 0;
	j->has_old = j->unsettled = true;
	j->broken = false;
	return 0;
}

void journal_drop_old(struct journal *j)
{
	unlinkat(j->dir, OLD, 0);
	if (j->sync && j->sync->old == j->old)
		j->sync->drops_old = true;
	else if (j->old >= 0)
		close_later(j, j->old);
	j->old = -1;
	j->has_old = false;
}
