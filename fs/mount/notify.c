/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mount/notify.h"

#define STORED "FDNAME=ackfs"

/* A name that begins with @ is an abstract one, whose first byte is 0. */
static socklen_t address(const char *name, struct sockaddr_un *to)
{
	size_t len = strlen(name);

	if ((*name != '/' && *name != '@') || !name[1] ||
		len >= sizeof(to->sun_path))
		return 0;
	to->sun_family = AF_UNIX;
	memcpy(to->sun_path, name, len + 1);
	if (*name == '@')
		to->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len +
			   (*name == '/'));
}

static void attach(struct msghdr *msg, int fd, char *room, size_t size)
{
	struct cmsghdr *c;

	memset(room, 0, size);
	msg->msg_control = room;
	msg->msg_controllen = size;
	c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
}

/* `fd` goes along unless it is -1. */
static int tell(const char *text, int fd)
{
	const char *name = getenv("NOTIFY_SOCKET");
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(int))];
	struct sockaddr_un to = {.sun_family = AF_UNSPEC};
	struct iovec data = {
		.iov_base = (char *)(uintptr_t)text, .iov_len = strlen(text)};
	struct msghdr msg = {
		.msg_name = &to, .msg_iov = &data, .msg_iovlen = 1};
	int s, ret = 0;

	if (!name || !*name)
		return -ENOENT;
	msg.msg_namelen = address(name, &to);
	if (!msg.msg_namelen)
		return -EINVAL;
	if (fd >= 0)
		attach(&msg, fd, room, sizeof(room));
	s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s < 0 || sendmsg(s, &msg, MSG_NOSIGNAL) < 0)
		ret = -errno;
	if (s >= 0)
		close(s);
	return ret;
}

/* What was stored is here by now, and must end with this process. */
void notify_ready(const char *status)
{
	char text[512];

	tell("FDSTOREREMOVE=1\n" STORED, -1);
	snprintf(text, sizeof(text), "READY=1\nMAINPID=%ld\nSTATUS=%s",
		(long)getpid(), status);
	tell(text, -1);
}

void notify_stopping(void)
{
	tell("STOPPING=1\nSTATUS=unmounting", -1);
}

void notify_failed(int err, const char *sentence)
{
	char text[1024];

	snprintf(text, sizeof(text), "ERRNO=%d\nSTATUS=%.*s", err,
		(int)strcspn(sentence, "\n"), sentence);
	tell(text, -1);
}

int notify_store(int fd)
{
	return tell("FDSTORE=1\n" STORED, fd);
}

static void sign_of_life(void *arg)
{
	struct notify *n = arg;

	tell("WATCHDOG=1", -1);
	ack_timer_set(n->events, &n->timer, n->every_ms);
}

void notify_watch(struct notify *n, struct ack_events *events)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");

	n->events = events;
	n->timer.fire = sign_of_life;
	n->timer.arg = n;
	n->every_ms = usec ? strtol(usec, NULL, 10) / 2000 : 0;
	if (pid && strtol(pid, NULL, 10) != getpid())
		n->every_ms = 0;
	if (n->every_ms > 0)
		sign_of_life(n);
}

void notify_unwatch(struct notify *n)
{
	if (n->events)
		ack_timer_cancel(n->events, &n->timer);
}
