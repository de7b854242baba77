/* SPDX-License-Identifier: MIT */
/* The lines of a journal, read back once, before it takes new ones. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "journal.h"
#include "trust.h"

#define COPY "journal.new"

struct replay {
	struct journal *journal;
	journal_take_fn take;
	journal_tell_fn tell;
	void *arg;
	const char *part; /* the name of the file */
};

static bool is_ours(int fd)
{
	struct stat st;

	return trust_file(fd) && !fstat(fd, &st) && st.st_size <= JOURNAL_MAX;
}

/* Under a name that is free; it is never deleted. */
static bool spare_name(const struct replay *r, char name[NAME_MAX + 1])
{
	for (int i = 0; i < 1000; i++) {
		snprintf(name, NAME_MAX + 1, "%s.%d.damaged", r->part, i);
		if (faccessat(
			    r->journal->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) &&
			errno == ENOENT)
			return true;
	}
	return false;
}

/* What is no journal at all. */
static int move_aside(const struct replay *r)
{
	char name[NAME_MAX + 1], sentence[2 * NAME_MAX + 256];

	if (trust_aside(r->journal->dir, r->part, name))
		return -EIO;
	snprintf(sentence, sizeof(sentence),
		"%s was set aside as %s: it cannot be read", r->part, name);
	r->tell(r->arg, sentence);
	return 0;
}

static int copy(FILE *from, int to)
{
	char block[65536];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), from)))
		if (write(to, block, n) != (ssize_t)n)
			return -EIO;
	return ferror(from) || fsync(to) ? -EIO : 0;
}

/* The file from there on. */
static int rest_aside(
	const struct replay *r, FILE *file, off_t from, const char *reason)
{
	char name[NAME_MAX + 1], sentence[2 * NAME_MAX + 1024];
	int ret = -EIO, fd;

	if (!spare_name(r, name) || fseeko(file, from, SEEK_SET))
		return ret;
	fd = openat(r->journal->dir, name,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return ret;
	ret = copy(file, fd);
	close(fd);
	snprintf(sentence, sizeof(sentence),
		"the end of %s was set aside as %s: %s", r->part, name, reason);
	r->tell(r->arg, sentence);
	return ret;
}

static int read_lines(const struct replay *r, FILE *file)
{
	struct ack_error e;
	char *line = NULL;
	size_t room = 0;
	off_t good = 0;
	ssize_t n;
	int ret = 0;

	while ((n = getline(&line, &room, file)) > 0 && line[n - 1] == '\n') {
		ret = r->take(r->arg, line, (size_t)n - 1, &e);
		if (ret)
			break;
		good += n;
	}
	free(line);
	if (ret && ret != -ENOMEM)
		ret = rest_aside(r, file, good, e.message);
	if (ferror(file))
		return -EIO;
	/* what was not read is no end of the journal */
	if (n < 0 && !feof(file))
		return -ENOMEM;
	/* nothing may be appended to what is no line */
	if (!ret && n > 0 && ftruncate(fileno(file), good))
		ret = -errno;
	return ret;
}

static int open_part(const struct replay *r)
{
	/* O_NONBLOCK: a planted FIFO must not hold up the mount */
	return openat(r->journal->dir, r->part,
		O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* Of what has other names, too, which are to stay as they are: a copy takes
 * its place. */
static int unshare(const struct replay *r, int *fd)
{
	FILE *file = fdopen(dup(*fd), "r");
	int dir = r->journal->dir, to, ret = -EIO;

	unlinkat(dir, COPY, 0);
	to = openat(dir, COPY,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file && to >= 0 && !copy(file, to) &&
		!renameat(dir, COPY, dir, r->part))
		ret = 0;
	if (file)
		fclose(file);
	if (to >= 0)
		close(to);
	if (ret)
		return ret;
	close(*fd);
	*fd = open_part(r);
	return *fd < 0 ? -errno : 0;
}

static int read_part(const struct replay *r)
{
	int fd = open_part(r);
	FILE *file;
	int ret;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 && (errno == ENOMEM || errno == EMFILE || errno == ENFILE))
		return -errno;
	if (fd >= 0 && is_ours(fd) && !trust_sole(fd) && unshare(r, &fd)) {
		close(fd);
		return -EIO;
	}
	if (fd < 0 || !is_ours(fd)) {
		if (fd >= 0)
			close(fd);
		return move_aside(r);
	}
	file = fdopen(fd, "r+");
	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	/* what it says to be gone is removed as it is read */
	fdatasync(fd);
	ret = read_lines(r, file);
	fclose(file);
	return ret;
}

int journal_replay(struct journal *j, journal_take_fn take,
	journal_tell_fn tell, void *arg, struct ack_error *e)
{
	struct replay r = {j, take, tell, arg, "journal.old"};
	int ret = read_part(&r);

	j->has_old = !faccessat(j->dir, r.part, F_OK, AT_SYMLINK_NOFOLLOW);
	r.part = "journal";
	if (!ret)
		ret = read_part(&r);
	return ret ? ack_error_set(e, -ret, NULL,
			     "the state directory: reading %s failed: %s",
			     r.part, strerror(-ret))
		   : 0;
}
