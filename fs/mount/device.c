/* SPDX-License-Identifier: MIT */
#include "mount/device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/error.h"
#include "fuse/ops.h"
#include "model/log.h"
#include "mount/loop.h"
#include "mount/mountpoint.h"

static int session_args(const struct loop_config *c, struct fuse_args *args)
{
	char *opts = NULL;
	int ret;

	if (asprintf(&opts,
		    "nosuid,nodev,noexec,noatime,fsname=%s,"
		    "subtype=ackfs%s%s%s%s%s",
		    c->fsname, c->read_only ? ",ro" : "",
		    c->checked ? ",default_permissions" : "",
		    c->allow_other ? ",allow_other" : "",
		    c->mount_options ? "," : "",
		    c->mount_options ? c->mount_options : "") < 0)
		return -ENOMEM;
	ret = fuse_opt_add_arg(args, "ackfs") || fuse_opt_add_arg(args, "-o") ||
	      fuse_opt_add_arg(args, opts) ||
	      (c->debug && fuse_opt_add_arg(args, "-d"));
	free(opts);
	return ret ? -ENOMEM : 0;
}

__attribute__((format(printf, 2, 0))) static void library_says(
	enum fuse_log_level level, const char *fmt, va_list ap)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, ap);
	text[strcspn(text, "\n")] = '\0';
	log_line((int)level, "%s", text);
}

/* fusermount3 mounts for users; a mount that was handed over is another's. */
static bool mounts_itself(const char *mountpoint)
{
	return !geteuid() && mountpoint_given(mountpoint) < 0;
}

/* By path root would mount on whatever somebody has put in its place. */
static int mount_session(
	struct fuse_session *s, const char *mountpoint, struct ack_error *e)
{
	char place[32];
	int fd, ret;

	if (!mounts_itself(mountpoint))
		return fuse_session_mount(s, mountpoint);
	fd = mountpoint_open(mountpoint, e);
	if (fd < 0)
		return fd;
	snprintf(place, sizeof(place), "/proc/self/fd/%d", fd);
	ret = fuse_session_mount(s, place);
	close(fd);
	return ret;
}

/*
 * The kernel has two names for a connection that has ended: ENODEV, and
 * ECONNABORTED where requests were cut off by its end. libfuse takes only the
 * first for an unmount.
 */
static ssize_t mount_over(ssize_t n)
{
	if (n < 0 && errno == ECONNABORTED)
		errno = ENODEV;
	return n;
}

static ssize_t receive(int fd, void *buf, size_t size, void *userdata)
{
	(void)userdata;
	return mount_over(read(fd, buf, size));
}

/*
 * An answer that the kernel did not take cannot be given again, and the caller
 * would wait for it for ever: better no mount than that. It is gone (ENOENT),
 * or the mount is (ENODEV), in good order.
 */
static ssize_t answer(int fd, struct iovec *iov, int count, void *userdata)
{
	const struct fuse_out_header *head = iov->iov_base;
	struct ops *ops = userdata;
	ssize_t n = mount_over(writev(fd, iov, count));

	if (n < 0 && head->unique && errno != ENOENT && errno != ENODEV)
		ops->broken = errno;
	return n;
}

struct fuse_session *device_mount(
	const struct loop_config *c, struct ops *ops, struct ack_error *e)
{
	static const struct fuse_custom_io io = {
		.writev = answer, .read = receive};
	struct fuse_args args = FUSE_ARGS_INIT(0, NULL);
	struct fuse_session *s = NULL;

	fuse_set_log_func(library_says);
	if (!session_args(c, &args))
		s = fuse_session_new(&args, &ops_table, sizeof(ops_table), ops);
	fuse_opt_free_args(&args);
	if (!s) {
		ack_error_set(
			e, EINVAL, NULL, "libfuse refused the mount options");
		return NULL;
	}
	ack_error_clear(e);
	if (!mount_session(s, c->mountpoint, e)) {
		if (!fuse_session_custom_io(s, &io, fuse_session_fd(s)))
			return s;
		device_end(s, c->mountpoint);
		ack_error_memory(e, NULL);
		return NULL;
	}
	fuse_session_destroy(s);
	if (!e->err)
		ack_error_set(
			e, EPERM, NULL, "cannot mount on %s", c->mountpoint);
	return NULL;
}

/*
 * libfuse would unmount /proc/self/fd/N, which may be any directory by now.
 * When poll(2) reports an error, it takes the mount for gone, and only
 * closes the device; a pipe that nobody reads has that error.
 */
static bool sever(int fd)
{
	int ends[2], ret;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	close(ends[0]);
	ret = dup3(ends[1], fd, O_CLOEXEC);
	close(ends[1]);
	return ret >= 0;
}

void device_end(struct fuse_session *s, const char *mountpoint)
{
	struct pollfd p = {.fd = fuse_session_fd(s)};
	bool itself = mounts_itself(mountpoint);

	if (itself && (poll(&p, 1, 0) != 1 || !(p.revents & POLLERR)))
		mountpoint_leave(mountpoint);
	if (!itself || sever(p.fd))
		fuse_session_unmount(s);
	fuse_session_destroy(s);
	mountpoint_bury(mountpoint);
}

bool device_asks(const void *request, uid_t *uid)
{
	const struct fuse_in_header *head = request;

	*uid = head->uid;
	switch (head->opcode) {
	case FUSE_INIT:
	case FUSE_DESTROY:
	case FUSE_INTERRUPT:
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
		return false;
	default:
		return true;
	}
}

int device_mount_only(const struct loop_config *config, struct ack_error *e)
{
	struct ops ops = {.fleet = config->fleet};
	struct fuse_session *s = device_mount(config, &ops, e);
	int fd = s ? fcntl(fuse_session_fd(s), F_DUPFD_CLOEXEC, 3) : -e->err;

	if (s && fd < 0)
		fd = ack_error_set(
			e, errno, NULL, "no descriptor: %s", strerror(errno));
	/* closes its own, and does not unmount */
	if (s && sever(fuse_session_fd(s)))
		fuse_session_unmount(s);
	if (s)
		fuse_session_destroy(s);
	return fd;
}
