/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
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
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "mountpoint.h"

/* Also of a dead mount: the kernel answers readlink(2) for it by itself. */
static bool is_ours(const char *path)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	char real[PATH_MAX];
	struct mntent *m;
	bool ours = false;

	if (realpath(path, real))
		path = real;

	/* the last mount on a path is the one that is seen */
	while (mounts && (m = getmntent(mounts)))
		if (!strcmp(m->mnt_dir, path))
			ours = !strcmp(m->mnt_type, "fuse.ackfs");
	if (mounts)
		endmntent(mounts);
	return ours;
}

/* A user's own mount is taken away by the setuid helper only. */
static int detach(const char *path)
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

int mountpoint_prepare(const char *path, struct ack_error *e)
{
	struct statfs fs;
	struct stat st;
	/* stat(2) of a dead mount may still answer from the kernel's cache */
	int ret = statfs(path, &fs) ? -errno : 0;

	if (ret == -ENOTCONN) {
		if (!is_ours(path) || detach(path))
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
