/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <syslog.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "fuse/handle.h"
#include "fuse/ops.h"
#include "model/fleet.h"
#include "model/log.h"
#include "mount/device.h"
#include "mount/loop.h"
#include "mount/yield.h"
#include "tree/texts.h"

struct loop {
	struct loop_config config;
	struct ops ops;
	struct fuse_session *session;
	struct fuse_buf buf;
	struct ack_watch requests, signals;
	struct yield yield;
	int err; /* what ended it, or 0 */
};

static void forget(void *arg, uint64_t ino)
{
	struct loop *l = arg;

	/*
	 * A negative offset drops the attributes only. Dropping pages would
	 * wait for page locks that a request we have yet to answer may hold.
	 */
	fuse_lowlevel_notify_inval_inode(l->session, ino, -1, 0);
}

/* It is the last byte, stored where it belongs, that says how long a text is.
 */
static void sized(void *arg, uint64_t ino, char byte, off_t size)
{
	struct loop *l = arg;
	struct fuse_bufvec last = FUSE_BUFVEC_INIT(1);

	last.buf[0].mem = &byte;
	fuse_lowlevel_notify_store(
		l->session, ino, size - 1, &last, FUSE_BUF_NO_SPLICE);
}

static void serve(void *arg, void *request, size_t len)
{
	struct loop *l = arg;
	struct fuse_buf buf = {.mem = request, .size = len};

	fuse_session_process_buf(l->session, &buf);
}

static bool owner_waits(void *arg)
{
	return ((struct loop *)arg)->ops.urgent;
}

/* What is in l->buf is answered, or waits for its turn. */
static void take(struct loop *l, size_t len)
{
	uid_t uid;
	bool asks = device_asks(l->buf.mem, &uid);

	if (asks && guest_is(l->config.fleet, uid) &&
		yield_add(&l->yield, l->buf.mem, len))
		return;
	if (asks)
		yield_to_owner(&l->yield);
	serve(l, l->buf.mem, len);
}

/* False: there was none. */
static bool serve_one(void *arg)
{
	struct loop *l = arg;
	int n;

	if (fuse_session_exited(l->session))
		return false;
	n = fuse_session_receive_buf(l->session, &l->buf);
	if (n == -EINTR || n == -EAGAIN || n == -ENOENT)
		return false;
	if (n > 0) {
		take(l, (size_t)n);
		/* passwords come this way */
		explicit_bzero(l->buf.mem, (size_t)n);
		return true;
	}
	/* 0 or ENODEV: unmounted */
	if (n < 0 && n != -ENODEV)
		l->err = n;
	fuse_session_exit(l->session);
	return false;
}

static void requests_ready(void *arg, uint32_t what)
{
	(void)what;
	serve_one(arg);
}

static void log_status(struct fleet *f)
{
	struct ack_buf text = ACK_BUF_INIT(32768);

	show_status(f, NULL, &text);
	log_text(ack_buf_text(&text));
	ack_buf_release(&text);
}

static void signals_ready(void *arg, uint32_t what)
{
	struct loop *l = arg;
	struct signalfd_siginfo si;

	(void)what;
	while (read(l->signals.fd, &si, sizeof(si)) == sizeof(si)) {
		switch (si.ssi_signo) {
		case SIGHUP:
			if (l->config.reload)
				l->config.reload(l->config.reload_arg);
			continue;
		case SIGUSR1:
			log_status(l->config.fleet);
			continue;
		case SIGUSR2:
			log_next_level();
			continue;
		}
		log_line(LOG_INFO, "ending on signal %u", si.ssi_signo);
		fuse_session_exit(l->session);
	}
}

static int signals_open(struct loop *l, struct ack_error *e)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	l->signals.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	l->signals.ready = signals_ready;
	l->signals.arg = l;
	if (l->signals.fd < 0 ||
		ack_watch_set(l->config.events, &l->signals, EPOLLIN))
		return ack_error_set(e, errno, NULL,
			"signals cannot be watched: %s", strerror(errno));
	return 0;
}

static int session_open(struct loop *l, struct ack_error *e)
{
	int fd;

	l->session = device_mount(&l->config, &l->ops, e);
	if (!l->session)
		return -e->err;
	fd = fuse_session_fd(l->session);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	l->requests = (struct ack_watch){
		.fd = fd, .ready = requests_ready, .arg = l};
	if (ack_watch_set(l->config.events, &l->requests, EPOLLIN))
		return ack_error_set(
			e, errno, NULL, "the FUSE device cannot be watched");
	/* nobody who reads a file waits for what the network brings */
	l->config.events->first_of_all = serve_one;
	l->config.events->first_arg = l;
	return 0;
}

struct loop *loop_open(const struct loop_config *config, struct ack_error *e)
{
	struct loop *l = calloc(1, sizeof(*l));

	if (!l) {
		ack_error_memory(e, NULL);
		return NULL;
	}
	l->config = *config;
	l->ops.fleet = config->fleet;
	l->signals.fd = -1;
	l->yield = (struct yield){.events = config->events,
		.serve = serve,
		.take = serve_one,
		.urgent = owner_waits,
		.arg = l};
	yield_begin(&l->yield);
	config->fleet->forget = forget;
	config->fleet->sized = sized;
	config->fleet->notify = ops_notify;
	config->fleet->session = l;
	if (signals_open(l, e) || session_open(l, e)) {
		loop_close(l);
		return NULL;
	}
	return l;
}

static int turn_until(struct loop *l, const bool *until, struct ack_error *e)
{
	int ret = 0;

	while (!ret && !l->ops.broken && !(until && *until) &&
		!fuse_session_exited(l->session))
		ret = ack_events_turn(l->config.events);
	if (!ret)
		ret = l->err ? l->err : -l->ops.broken;
	if (ret)
		ack_error_set(
			e, -ret, NULL, "the mount broke: %s", strerror(-ret));
	return ret;
}

int loop_until_ready(struct loop *l, struct ack_error *e)
{
	int ret = turn_until(l, &l->ops.ready, e);

	if (!ret && !l->ops.ready)
		ret = ack_error_set(
			e, EINTR, NULL, "ended before the mount answered");
	return ret;
}

int loop_run(struct loop *l, struct ack_error *e)
{
	return turn_until(l, NULL, e);
}

bool loop_over(const struct loop *l)
{
	return fuse_session_exited(l->session);
}

static void no_forget(void *arg, uint64_t ino)
{
	(void)arg;
	(void)ino;
}

static void no_notify(void *arg, struct handle *h)
{
	(void)arg;
	(void)h;
}

void loop_close(struct loop *l)
{
	if (!l)
		return;
	l->config.fleet->forget = no_forget;
	l->config.fleet->sized = NULL;
	l->config.fleet->notify = no_notify;
	l->config.events->first_of_all = NULL;
	yield_end(&l->yield);
	ack_watch_set(l->config.events, &l->requests, 0);
	ack_watch_set(l->config.events, &l->signals, 0);
	if (l->session)
		device_end(l->session, l->config.mountpoint);
	free(l->buf.mem);
	if (l->signals.fd >= 0)
		close(l->signals.fd);
	free(l);
}

const char *loop_fuse_version(void)
{
	return fuse_pkgversion();
}
