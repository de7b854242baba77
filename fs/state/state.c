/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/error.h"
#include "base/kernel.h"
#include "base/text.h"
#include "base/variable.h"
#include "state/state.h"
#include "state/trust.h"

#define MARK   "account"
#define REGION "region"

static char *default_path(const char *name)
{
	const char *xdg = getenv("XDG_STATE_HOME");
	const char *home = ack_home(); /* mount(8) gives no $HOME */
	char *path = NULL;
	int n;

	if (xdg && *xdg == '/')
		n = asprintf(&path, "%s/ackfs/%s", xdg, name);
	else if (!geteuid() || *home != '/')
		n = asprintf(&path, "/var/lib/ackfs/%s", name);
	else
		n = asprintf(&path, "%s/.local/state/ackfs/%s", home, name);
	return n < 0 ? NULL : path;
}

/* The name stands for a URL, a region and a key ID. */
static void make_plain(char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr(".-_", *name))
			*name = '_';
}

static int sync_above(const char *path)
{
	char above[PATH_MAX];
	int fd, ret = 0;

	if (snprintf(above, sizeof(above), "%s/..", path) >= (int)sizeof(above))
		return -ENAMETOOLONG;
	fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd))
		ret = -errno;
	if (fd >= 0)
		close(fd);
	return ret;
}

/* A new directory is in the one above it after a power loss, too. */
static int make_directory(const char *path, mode_t mode)
{
	if (mkdir(path, mode))
		return errno == EEXIST ? 0 : -errno;
	return sync_above(path);
}

static int make_directories(const char *path, mode_t mode)
{
	char part[PATH_MAX];
	int ret = 0;

	for (const char *end = path; !ret && (end = strchr(end + 1, '/'));) {
		snprintf(part, sizeof(part), "%.*s", (int)(end - path), path);
		ret = make_directory(part, 0755);
	}
	return ret ? ret : make_directory(path, mode);
}

static char *path_of(const char *name)
{
	char plain[NAME_MAX + 1];

	snprintf(plain, sizeof(plain), "%s", name);
	make_plain(plain);
	return default_path(plain);
}

static int not_marked(const struct state *s, const char *mark, const char *what,
	int err, struct ack_error *e)
{
	return ack_error_set(e, err, NULL,
		"%s/%s, which says whose state this is, cannot be %s: %s",
		s->path, mark, what, strerror(err));
}

/* One that was made by an earlier version, or for keys of which it was not
 * known whose they are, has none. */
static int read_mark(struct state *s, const char *mark, char out[FLEET_ACCOUNT],
	struct ack_error *e)
{
	int fd = openat(s->lock, mark, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n;

	if (fd < 0 && errno == ENOENT)
		return 0;
	n = fd < 0 ? -1 : read(fd, out, FLEET_ACCOUNT);
	if (n >= 0 && (!n || n == FLEET_ACCOUNT || !trust_file(fd))) {
		n = -1;
		errno = EPERM;
	}
	if (n < 0)
		not_marked(s, mark, "read", errno, e);
	if (fd >= 0)
		close(fd);
	out[n < 0 ? 0 : strcspn(out, "\n")] = '\0';
	return n < 0 ? -e->err : 0;
}

/* The process that holds the lock of that directory, or 0: not known. */
static long holder(int fd)
{
	FILE *locks = fopen("/proc/locks", "re");
	char wanted[64], place[64], line[256];
	struct stat st;
	long found = 0, pid;

	if (!locks || fstat(fd, &st))
		st.st_ino = 0;
	snprintf(wanted, sizeof(wanted), "%02x:%02x:%ju", major(st.st_dev),
		minor(st.st_dev), (uintmax_t)st.st_ino);
	while (locks && !found && fgets(line, sizeof(line), locks))
		if (sscanf(line, "%*s FLOCK %*s %*s %ld %63s", &pid, place) ==
				2 &&
			!strcmp(place, wanted))
			found = pid;
	if (locks)
		fclose(locks);
	return found > 0 ? found : 0;
}

static int held(const struct state *s, struct ack_error *e)
{
	char by[48] = "";
	long pid = holder(s->lock);

	if (pid)
		snprintf(by, sizeof(by), ", process %ld", pid);
	ack_error_set(e, EBUSY, NULL,
		"another mount uses the state directory %s%s; unmount it, or "
		"choose another with -o state=",
		s->path, by);
	if (pid)
		ack_error_hint(e,
			"a mount that was unmounted lazily (umount -l) goes on "
			"until the last program has left it; fuser and kill "
			"%ld "
			"end it",
			pid);
	return -e->err;
}

int state_open(
	struct state *s, const char *dir, const char *name, struct ack_error *e)
{
	char cwd[PATH_MAX];
	int fd, ret;

	*s = (struct state){.lock = -1};
	if (!dir)
		s->path = path_of(name);
	else if (*dir == '/')
		s->path = strdup(dir);
	else if (!getcwd(cwd, sizeof(cwd)) ||
		 asprintf(&s->path, "%s/%s", cwd, dir) < 0)
		s->path = NULL;
	if (!s->path)
		return ack_error_memory(e, NULL);
	ret = make_directories(s->path, 0700);
	fd = ret ? -1
		 : open(s->path,
			   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return ack_error_set(e, ret ? -ret : errno, NULL,
			"the state directory %s cannot be used: %s; choose "
			"another with -o state=",
			s->path, strerror(ret ? -ret : errno));
	s->lock = fd;
	ret = trust_directory(fd, s->path, e);
	if (!ret)
		ret = trust_above(s->path, e);
	if (ret)
		return ret;
	if (flock(fd, LOCK_EX | LOCK_NB))
		return held(s, e);
	ret = read_mark(s, MARK, s->account, e);
	return ret ? ret : read_mark(s, REGION, s->region, e);
}

int state_beside(struct ack_error *e)
{
	char *path = path_of("");
	int fd = -1, ret = path ? make_directories(path, 0755) : -ENOMEM;

	if (!ret)
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fd = ack_error_set(e, ret ? -ret : errno, NULL,
			"%s, for state directories, cannot be used: %s; choose "
			"another with -o state=",
			path ? path : ack_text("the directory"),
			strerror(ret ? -ret : errno));
	free(path);
	return fd;
}

bool state_exists(const char *name)
{
	char *path = path_of(name);
	bool exists = path && !access(path, F_OK);

	free(path);
	return exists;
}

int state_rename(struct state *s, const char *name, struct ack_error *e)
{
	char *path = path_of(name);
	int ret = path ? 0 : -ENOMEM;

	if (!ret && ack_kernel_rename_new(AT_FDCWD, s->path, path))
		ret = -errno;
	if (!ret)
		ret = sync_above(path);
	if (ret) {
		ack_error_set(e, -ret, NULL,
			"the state directory %s cannot become that of the "
			"account: %s",
			s->path, strerror(-ret));
		free(path);
		return ret;
	}
	free(s->path);
	s->path = path;
	return 0;
}

static int write_mark(struct state *s, const char *mark, const char *text,
	char out[FLEET_ACCOUNT], struct ack_error *e)
{
	char line[FLEET_ACCOUNT + 1], new[32];
	int len = snprintf(
		line, sizeof(line), "%.*s\n", FLEET_ACCOUNT - 2, text);
	int fd, ret = 0;

	if (!strcmp(out, text))
		return 0;
	snprintf(new, sizeof(new), "%s.new", mark);
	fd = openat(s->lock, new,
		O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, line, (size_t)len) != len || fsync(fd) ||
		renameat(s->lock, new, s->lock, mark) || fsync(s->lock))
		ret = not_marked(s, mark, "written", errno ? errno : ENOSPC, e);
	if (fd >= 0)
		close(fd);
	if (!ret)
		snprintf(out, FLEET_ACCOUNT, "%.*s", len - 1, line);
	return ret;
}

int state_mark(struct state *s, const char *account, struct ack_error *e)
{
	return write_mark(s, MARK, account, s->account, e);
}

int state_mark_region(struct state *s, const char *region, struct ack_error *e)
{
	return write_mark(s, REGION, region, s->region, e);
}

/* The files of one directory, and of those in it. */
static int empty(int dir, bool deep)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *n;
	int ret = d ? 0 : -errno;

	while (!ret && (n = readdir(d))) {
		if (!strcmp(n->d_name, ".") || !strcmp(n->d_name, ".."))
			continue;
		if (!unlinkat(dir, n->d_name, 0))
			continue;
		int below = deep ? openat(dir, n->d_name,
					   O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
						   O_CLOEXEC)
				 : -1;
		ret = below < 0 ? -errno : empty(below, false);
		if (!ret && unlinkat(dir, n->d_name, AT_REMOVEDIR))
			ret = -errno;
		if (below >= 0)
			close(below);
	}
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	return ret;
}

void state_remove(struct state *s)
{
	if (!empty(s->lock, true))
		rmdir(s->path);
}

void state_release(struct state *s)
{
	if (s->lock >= 0)
		close(s->lock);
	free(s->path);
}
