/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "state.h"
#include "trust.h"
#include "variable.h"

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

/* A new directory is in the one above it after a power loss, too. */
static int make_directory(const char *path, mode_t mode)
{
	char above[PATH_MAX];
	int fd, ret = 0;

	if (mkdir(path, mode))
		return errno == EEXIST ? 0 : -errno;
	if (snprintf(above, sizeof(above), "%s/..", path) >= (int)sizeof(above))
		return -ENAMETOOLONG;
	fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd))
		ret = -errno;
	if (fd >= 0)
		close(fd);
	return ret;
}

static int make_directories(const char *path)
{
	char part[PATH_MAX];
	int ret = 0;

	for (const char *end = path; !ret && (end = strchr(end + 1, '/'));) {
		snprintf(part, sizeof(part), "%.*s", (int)(end - path), path);
		ret = make_directory(part, 0755);
	}
	return ret ? ret : make_directory(path, 0700);
}

int state_open(
	struct state *s, const char *dir, const char *name, struct ack_error *e)
{
	char plain[NAME_MAX + 1], cwd[PATH_MAX];
	int fd, ret;

	*s = (struct state){.lock = -1};
	snprintf(plain, sizeof(plain), "%s", name);
	make_plain(plain);
	if (!dir)
		s->path = default_path(plain);
	else if (*dir == '/')
		s->path = strdup(dir);
	else if (!getcwd(cwd, sizeof(cwd)) ||
		 asprintf(&s->path, "%s/%s", cwd, dir) < 0)
		s->path = NULL;
	if (!s->path)
		return ack_error_set(e, ENOMEM, NULL, "out of memory");
	ret = make_directories(s->path);
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
		return ack_error_set(e, EBUSY, NULL,
			"another mount uses the state directory %s; unmount "
			"it, "
			"or choose another with -o state=",
			s->path);
	return 0;
}

void state_release(struct state *s)
{
	if (s->lock >= 0)
		close(s->lock);
	free(s->path);
}
