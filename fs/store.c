/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "error.h"
#include "state.h"
#include "store.h"
#include "trust.h"

#define SUFFIX     ".json"
#define TEMPORARY  ".new"
#define DAMAGED    ".damaged"
#define RECORD_MAX (4u << 20)

static int fail(
	struct ack_error *e, int err, const char *what, const char *name)
{
	return ack_error_set(e, err, NULL,
		"the state directory: %s of %s failed: %s", what, name,
		strerror(err));
}

int store_open(struct store *s, const struct state *state, struct ack_error *e)
{
	if (mkdirat(state->lock, "clusters", 0700) && errno != EEXIST)
		return fail(e, errno, "making", "clusters");
	s->dir = openat(state->lock, "clusters",
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (s->dir < 0)
		return fail(e, errno, "opening", "clusters");
	/* whoever made it, or stands in it, could still write to it */
	if (trust_directory(s->dir, "clusters", e))
		return -e->err;
	/* the directory itself must survive what is recorded in it */
	if (fsync(state->lock))
		return fail(e, errno, "fsync", "the directory");
	return 0;
}

void store_close(struct store *s)
{
	if (s->dir >= 0)
		close(s->dir);
	s->dir = -1;
}

static int file_name(
	char out[NAME_MAX + 1], const char *name, const char *suffix)
{
	int n = snprintf(out, NAME_MAX + 1, "%s%s", name, suffix);

	return n < 0 || n > NAME_MAX ? -ENAMETOOLONG : 0;
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

int store_write(
	const struct store *s, const char *name, const char *text, size_t len)
{
	char file[NAME_MAX + 1];
	int fd, ret = file_name(file, name, TEMPORARY);

	if (ret)
		return ret;
	/* what an interrupted write left is not ours to trust */
	if (unlinkat(s->dir, file, 0) && errno != ENOENT)
		return -errno;
	fd = openat(s->dir, file,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	ret = write_all(fd, text, len);
	if (!ret && fsync(fd))
		ret = -errno;
	if (close(fd) && !ret)
		ret = -errno;
	if (ret)
		unlinkat(s->dir, file, 0);
	return ret;
}

int store_rename(const struct store *s, const char *name)
{
	char fresh[NAME_MAX + 1], file[NAME_MAX + 1], aside[NAME_MAX + 1];
	int ret = file_name(fresh, name, TEMPORARY);

	if (!ret)
		ret = file_name(file, name, SUFFIX);
	if (ret)
		return ret;
	if (!renameat(s->dir, fresh, s->dir, file))
		return 0;
	/* a directory in its place */
	if (errno != EISDIR || trust_aside(s->dir, file, aside))
		return -errno;
	return renameat(s->dir, fresh, s->dir, file) ? -errno : 0;
}

void store_forget(const struct store *s, const char *name)
{
	char fresh[NAME_MAX + 1];

	if (!file_name(fresh, name, TEMPORARY))
		unlinkat(s->dir, fresh, 0);
}

int store_sync(const struct store *s)
{
	return fsync(s->dir) ? -errno : 0;
}

int store_remove(struct store *s, const char *name, struct ack_error *e)
{
	char file[NAME_MAX + 1];
	int ret = file_name(file, name, SUFFIX);

	if (!ret && unlinkat(s->dir, file, 0) && errno != ENOENT)
		ret = -errno;
	return ret ? fail(e, -ret, "removing", name) : 0;
}

static int read_file(int dir, const char *file, struct ack_buf *out)
{
	char block[16384];
	ssize_t n = 0;
	/* O_NONBLOCK: a planted FIFO must not hold up the mount */
	int fd = openat(
		dir, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (!trust_file(fd))
		n = -1;
	while (n >= 0 && (n = read(fd, block, sizeof(block))) > 0) {
		if ((size_t)n > out->max - out->len)
			n = -1;
		else
			ack_buf_put(out, block, (size_t)n);
	}
	close(fd);
	return n < 0 ? -EINVAL : ack_buf_status(out);
}

struct load {
	struct store *store;
	store_take_fn take;
	store_tell_fn tell;
	void *arg;
};

static void set_aside(
	const struct load *l, const char *file, const char *reason)
{
	char aside[NAME_MAX + 1], sentence[2 * NAME_MAX + 1024];

	if (trust_aside(l->store->dir, file, aside))
		snprintf(aside, sizeof(aside), "(it could not be moved)");
	snprintf(sentence, sizeof(sentence),
		"the record %s was set aside as %s: %s", file, aside, reason);
	l->tell(l->arg, sentence);
}

static int is_entry(const struct dirent *d)
{
	return strcmp(d->d_name, ".") && strcmp(d->d_name, "..");
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && !strcmp(text + n - m, end);
}

/* A sound record stays where it is when memory runs out. */
static int load_one(const struct load *l, const char *file, size_t stem)
{
	struct ack_buf text = ACK_BUF_INIT(RECORD_MAX);
	char name[NAME_MAX + 1];
	struct ack_error e;
	int ret = read_file(l->store->dir, file, &text);

	snprintf(name, sizeof(name), "%.*s", (int)stem, file);
	if (ret)
		ack_error_set(&e, -ret, NULL, "it cannot be read");
	else
		ret = l->take(l->arg, name, ack_buf_text(&text), text.len, &e);
	ack_buf_release(&text);
	if (!ret || ret == -ENOMEM)
		return ret;
	set_aside(l, file, e.message);
	return 0;
}

static int load_entry(const struct load *l, const char *file)
{
	if (ends_with(file, DAMAGED))
		return 0;
	if (ends_with(file, TEMPORARY) && !unlinkat(l->store->dir, file, 0))
		return 0;
	if (ends_with(file, SUFFIX))
		return load_one(l, file, strlen(file) - strlen(SUFFIX));
	set_aside(l, file, "it is not a record of ackfs");
	return 0;
}

int store_load(struct store *s, store_take_fn take, store_tell_fn tell,
	void *arg, struct ack_error *e)
{
	struct load l = {s, take, tell, arg};
	struct dirent **names;
	int n = scandirat(s->dir, ".", &names, is_entry, alphasort), ret = 0;

	if (n < 0)
		return fail(e, errno, "reading", "clusters");
	for (int i = 0; i < n; i++) {
		if (!ret)
			ret = load_entry(&l, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return ret ? fail(e, -ret, "reading", "clusters") : 0;
}
