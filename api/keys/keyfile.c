/* SPDX-License-Identifier: MIT */
#include "keys/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/writer.h"

static int read_all(int fd, struct ack_buf *text)
{
	char chunk[4096];
	size_t len = 0;
	ssize_t n;
	int err = 0;

	while (err == 0 && (n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno != EINTR)
			err = -errno;
		if (n <= 0)
			continue;
		len += (size_t)n;
		if (len > ACK_KEYFILE_SIZE)
			err = -EFBIG;
		else
			ack_buf_put(text, chunk, (size_t)n);
	}
	explicit_bzero(chunk, sizeof(chunk));
	return err ? err : ack_buf_status(text);
}

/*
 * Editors of Windows begin a text with a byte-order mark, which says nothing
 * in UTF-8, or write UTF-16, half of which is NULs.
 */
static int take_mark(struct ack_buf *text, size_t from)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t len = text->len - from;
	unsigned char *at;

	if (len < 2)
		return 0;
	at = (unsigned char *)text->data + from;
	if ((at[0] == 0xff && at[1] == 0xfe) ||
		(at[0] == 0xfe && at[1] == 0xff) || !at[0] || !at[1])
		return -EPROTO;
	if (len >= 3 && !memcmp(at, mark, 3)) {
		memmove(at, at + 3, len - 3 + 1);
		text->len -= 3;
	}
	return 0;
}

static const char *reason(int err)
{
	switch (err) {
	case -EINVAL:
		return ack_text("not a regular file");
	case -EPROTO:
		return ack_text("its encoding is UTF-16; save it as UTF-8");
	default:
		return strerror(-err);
	}
}

static void look(struct ack_keyfile *f, const struct stat *st)
{
	f->dev = st->st_dev;
	f->ino = st->st_ino;
	f->size = st->st_size;
	f->written = st->st_mtim;
	f->changed = st->st_ctim;
}

static int remember(
	struct ack_keyfiles *files, const char *path, const struct stat *st)
{
	if (files->n == ACK_KEYFILES_MAX)
		return 0; /* one more that only a signal makes us read again */
	struct ack_keyfile *f = &files->of[files->n];
	*f = (struct ack_keyfile){.path = strdup(path)};
	if (!f->path)
		return -ENOMEM;
	look(f, st);
	files->n++;
	if (st->st_mode & (S_IRGRP | S_IROTH))
		snprintf(files->warning, sizeof(files->warning),
			ack_text("%.180s can be read by others (mode %04o): "
				 "chmod 600 it"),
			path, (unsigned)st->st_mode & 07777);
	return 0;
}

struct above {
	struct ack_keyfiles *files;
	const char *path;
	struct ack_buf *why;
};

static int judge_above(void *arg, const struct ack_writer *w)
{
	struct above *a = arg;

	if (w->who == ACK_WRITER_EVERYBODY) {
		ack_buf_printf(a->why,
			"everybody can write to %s, and put another in the "
			"place of %s: chmod o-w it",
			w->path, a->path);
		return -EPERM;
	}
	if (w->who == ACK_WRITER_USER || w->who == ACK_WRITER_GROUP)
		snprintf(a->files->warning, sizeof(a->files->warning),
			"%s %ld can write to %.180s, and put other keys there",
			w->who == ACK_WRITER_USER ? "user" : "group", w->id,
			w->path);
	return 0;
}

/* It may name a program to run, and says where passwords go. */
static bool is_trusted(struct ack_keyfiles *files, const char *path,
	const struct stat *st, struct ack_buf *why)
{
	struct above above = {files, path, why};

	if (st->st_uid && st->st_uid != geteuid()) {
		ack_buf_printf(why,
			"%s belongs to user %ld, and this is user %ld: mount "
			"as its owner, or chown it",
			path, (long)st->st_uid, (long)geteuid());
		return false;
	}
	if (st->st_mode & (S_IWGRP | S_IWOTH)) {
		ack_buf_printf(why,
			"%s can be written by others (mode %04o): read it "
			"over, then chmod go-w it",
			path, (unsigned)st->st_mode & 07777);
		return false;
	}
	return !ack_writer_above(path, judge_above, &above);
}

int ack_keyfile_read(struct ack_keyfiles *files, const char *path,
	struct ack_buf *text, struct ack_buf *why)
{
	struct stat st;
	bool trusted = true;
	int err = 0;

	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) < 0)
		err = -errno;
	else if (!S_ISREG(st.st_mode))
		err = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if (err == 0 && !(trusted = is_trusted(files, path, &st, why)))
		err = -EPERM;
	size_t from = text->len;
	if (err == 0)
		err = read_all(fd, text);
	if (err == 0)
		err = take_mark(text, from);
	if (err == 0)
		err = remember(files, path, &st);
	if (fd >= 0)
		close(fd);
	why->failed |= err == -ENOMEM;
	if (err && trusted)
		ack_buf_printf(why, "%s: %s", path, reason(err));
	return err;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool has_changed(struct ack_keyfile *f)
{
	struct stat st;

	if (stat(f->path, &st) < 0)
		return false;
	bool same = st.st_dev == f->dev && st.st_ino == f->ino &&
		    st.st_size == f->size &&
		    same_time(&st.st_mtim, &f->written) &&
		    same_time(&st.st_ctim, &f->changed);
	look(f, &st);
	return !same;
}

bool ack_keyfiles_changed(struct ack_keyfiles *files)
{
	bool changed = false;

	for (unsigned i = 0; i < files->n; i++)
		changed |= has_changed(&files->of[i]);
	return changed;
}

void ack_keyfiles_move(struct ack_keyfiles *to, struct ack_keyfiles *from)
{
	ack_keyfiles_release(to);
	*to = *from;
	*from = (struct ack_keyfiles){0};
}

void ack_keyfiles_release(struct ack_keyfiles *files)
{
	for (unsigned i = 0; i < files->n; i++)
		free(files->of[i].path);
	*files = (struct ack_keyfiles){0};
}
