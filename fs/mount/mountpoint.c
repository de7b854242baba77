/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <mntent.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "mount/mountpoint.h"

static bool is_mounted_at(const char *path)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *m;
	bool ours = false;

	/* the last mount on a path is the one that is seen */
	while (mounts && (m = getmntent(mounts)))
		if (!strcmp(m->mnt_dir, path))
			ours = !strcmp(m->mnt_type, "fuse.ackfs");
	if (mounts)
		endmntent(mounts);
	return ours;
}

/* Also of a dead mount: the kernel answers readlink(2) for it by itself. */
static bool is_ours(const char *path)
{
	char real[PATH_MAX];

	return is_mounted_at(realpath(path, real) ? real : path);
}

/* For kernels before 5.6, containers that know no such call, and valgrind. */
static int open_as_named(const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char link[32], real[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = fd < 0 ? 0 : readlink(link, real, sizeof(real));
	if (fd >= 0 &&
		(n != (ssize_t)strlen(path) || memcmp(real, path, (size_t)n))) {
		close(fd);
		errno = ELOOP;
		return -1;
	}
	return fd;
}

int mountpoint_open(const char *path, struct ack_error *e)
{
	struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS};
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	if (fd < 0 && errno == ENOSYS)
		fd = open_as_named(path);
	if (fd < 0)
		return ack_error_set(e, errno, NULL,
			"the mountpoint %s is not what it was: %s", path,
			strerror(errno));
	return fd;
}

void mountpoint_leave(const char *path)
{
	if (is_mounted_at(path))
		umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
}

/* A user's own mount is taken away by the setuid helper only. */
int mountpoint_detach(const char *path)
{
	const char *argv[] = {"fusermount3", "-u", "-z", "--", path, NULL};
	const char *envp[] = {"PATH=/usr/bin:/bin", NULL};
	pid_t pid;
	int status;

	if (!umount2(path, MNT_DETACH))
		return 0;
	if (posix_spawnp(&pid, argv[0], NULL, NULL, (char **)(uintptr_t)argv,
		    (char **)(uintptr_t)envp))
		return -EPERM;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return status ? -EPERM : 0;
}

void mountpoint_bury(const char *path)
{
	struct statfs fs;

	if (is_mounted_at(path) && statfs(path, &fs) && errno == ENOTCONN)
		mountpoint_detach(path);
}

int mountpoint_prepare(const char *path, struct ack_error *e)
{
	struct statfs fs;
	struct stat st;
	/* stat(2) of a dead mount may still answer from the kernel's cache */
	int ret = statfs(path, &fs) ? -errno : 0;

	if (ret == -ENOTCONN) {
		if (!is_ours(path) || mountpoint_detach(path))
			return ack_error_set(e, ENOTCONN, NULL,
				"%s is a dead mount; take it away with "
				"fusermount3 -u -z %s",
				path, path);
		ret = 0;
	}
	if (!ret && stat(path, &st))
		ret = -errno;
	if (ret)
		return ack_error_set(e, -ret, NULL,
			"the mountpoint %s cannot be used: %s", path,
			strerror(-ret));
	if (!S_ISDIR(st.st_mode))
		return ack_error_set(e, ENOTDIR, NULL,
			"the mountpoint %s is not a directory", path);
	if (is_ours(path))
		return ack_error_set(e, EBUSY, NULL,
			"an ackfs is mounted on %s already; unmount it with "
			"fusermount3 -u %s",
			path, path);
	return 0;
}

#define FUSE_CONF "/etc/fuse.conf"

static bool conf_has(const char *word)
{
	FILE *conf = fopen(FUSE_CONF, "re");
	char line[256];
	bool has = false;

	while (conf && !has && fgets(line, sizeof(line), conf)) {
		size_t from = strspn(line, " \t");
		size_t len = strcspn(line + from, " \t\n");

		has = len == strlen(word) && !strncmp(line + from, word, len);
	}
	if (conf)
		fclose(conf);
	return has;
}

int mountpoint_usable(struct ack_error *e)
{
	/* what a container may not use can be there, with every mode */
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return ack_error_set(e, errno, NULL,
			"/dev/fuse cannot be used: %s; try modprobe fuse, and "
			"start a container with --device /dev/fuse --cap-add "
			"SYS_ADMIN",
			strerror(errno));
	close(fd);
	if (access("/proc/self/fd", X_OK))
		return ack_error_set(e, errno, NULL,
			"/proc is not mounted, and ackfs cannot do without; "
			"mount -t proc proc /proc");
	return 0;
}

int mountpoint_allowed(const char *path, bool share, struct ack_error *e)
{
	struct stat st;
	int ret = mountpoint_usable(e);

	if (ret)
		return ret;
	if (!geteuid())
		return 0;
	if (share && !conf_has("user_allow_other"))
		return ack_error_set(e, EPERM, NULL,
			"allow_other is not for users unless root adds the "
			"line user_allow_other to " FUSE_CONF);
	if (access(path, W_OK))
		return ack_error_set(e, EACCES, NULL,
			"the mountpoint %s is not yours: users can mount only "
			"where they may write",
			path);
	if (!stat(path, &st) && st.st_mode & S_ISVTX && st.st_uid != getuid())
		return ack_error_set(e, EPERM, NULL,
			"every user can write to the mountpoint %s: users can "
			"mount only on a directory that they own",
			path);
	return 0;
}

int mountpoint_given(const char *path)
{
	static const char dir[] = "/dev/fd/";
	char *end;
	long fd;

	if (strncmp(path, dir, strlen(dir)) || !path[strlen(dir)])
		return -1;
	fd = strtol(path + strlen(dir), &end, 10);
	return *end || fd < 0 || fd > 65535 ? -1 : (int)fd;
}
