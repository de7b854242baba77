/* SPDX-License-Identifier: MIT */
/*
 * The order of a start: options, hardening, the mountpoint, fork (the parent
 * waits until the mount answers, and passes its outcome on), the mount, its
 * loop.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/kernel.h"
#include "base/text.h"
#include "client/sign.h"
#include "http/http.h"
#include "model/log.h"
#include "mount/loop.h"
#include "mount/mount.h"
#include "mount/mountpoint.h"
#include "mount/notify.h"
#include "mount/options.h"
#include "mount/run.h"
#include "params/params.h"
#include "state/db.h"

/* Keys and passwords pass through this process. */
static void harden(void)
{
	struct rlimit none = {0, 0};

	prctl(PR_SET_DUMPABLE, 0);
	/* also when it is mount.ackfs that was started */
	prctl(PR_SET_NAME, "ackfs");
	setrlimit(RLIMIT_CORE, &none);
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	/* until the loop listens to them */
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, SIG_IGN);
}

static int print_schema(void)
{
	struct ack_buf out = ACK_BUF_INIT(4u << 20);
	int ret;

	ack_tables_json(&out);
	ret = ack_buf_status(&out);
	if (!ret)
		puts(ack_buf_text(&out));
	ack_buf_release(&out);
	return ret ? 1 : 0;
}

static int print_command(enum command command)
{
	switch (command) {
	case COMMAND_HELP:
		options_help(stdout);
		break;
	case COMMAND_VERSION:
		printf("ackfs %s\nlibfuse %s\n%s\ncJSON %s\n%s\n%s\n",
			ACK_VERSION, loop_fuse_version(), ack_http_version(),
			ack_json_version(), ack_sign_version(), db_version());
		break;
	case COMMAND_SCHEMA:
		return print_schema();
	default:
		break;
	}
	return fflush(stdout) ? 1 : 0;
}

/*
 * What a daemon inherits stays in use until the unmount: a lock that a cron job
 * holds, the end of a pipe. It keeps `word` and `given`, which may be -1.
 */
static void close_inherited(int word, int given)
{
	int other = given > 2 ? given : word;
	int low = word < other ? word : other;
	int high = word < other ? other : word;

	if (low > 3)
		ack_kernel_close(3, (unsigned)low - 1);
	if (high > low + 1)
		ack_kernel_close((unsigned)low + 1, (unsigned)high - 1);
	ack_kernel_close((unsigned)high + 1, ~0u);
}

/*
 * In the parent: waits for the child's word and never returns. In the child:
 * the descriptor to give the word on, or -1.
 */
static int detach(char failed, int given)
{
	int fds[2];
	char word = failed;
	ssize_t n;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid) {
		close(fds[1]);
		while ((n = read(fds[0], &word, 1)) < 0 && errno == EINTR)
			;
		/* when the caller hears of a failure, nothing of it runs */
		while (n != 1 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		_exit(word);
	}
	close_inherited(fds[1], given);
	setsid();
	return fds[1];
}

/* Without `quiet` it keeps the terminal, to log there. */
static void detached(int parent, bool quiet)
{
	int null = quiet ? open("/dev/null", O_RDWR) : -1;

	for (int fd = 0; null >= 0 && fd < 3; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
	if (write(parent, "", 1) < 0)
		log_line(LOG_WARNING, "the starting process is gone");
	close(parent);
}

/* A directory, or the descriptor of a mount that somebody else has made. */
static int place_check(struct options *o, struct ack_error *e)
{
	char *real;
	int fd = mountpoint_given(o->mountpoint), ret;

	if (fd >= 0 && fcntl(fd, F_SETFD, FD_CLOEXEC))
		return ack_error_set(e, errno, NULL,
			"no mount was handed over as %s: %s", o->mountpoint,
			strerror(errno));
	if (fd >= 0)
		return 0;
	ret = mountpoint_prepare(o->mountpoint, e);
	if (!ret)
		ret = mountpoint_allowed(o->mountpoint, o->allow_other, e);
	if (ret)
		return ret;
	real = realpath(o->mountpoint, NULL);
	if (!real)
		return ack_error_set(e, errno, NULL,
			"the mountpoint %s cannot be used: %s", o->mountpoint,
			strerror(errno));
	free(o->mountpoint);
	o->mountpoint = real;
	return 0;
}

static void tell_failure(const struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(32768);

	ack_error_text(e, &text);
	notify_failed(e->err, ack_buf_text(&text));
	log_line(LOG_ERR, "%s", ack_buf_text(&text));
	ack_buf_release(&text);
}

/* Serves until it is unmounted. */
static int serve(struct mount *m, struct ack_error *e)
{
	const struct options *o = m->options;
	struct notify life = {.events = NULL};
	int ret;

	notify_ready(o->source);
	notify_watch(&life, &m->events);
	if (mountpoint_given(o->mountpoint) < 0)
		log_line(LOG_INFO, "mounted on %s", o->mountpoint);
	ret = loop_run(m->loop, e);
	notify_unwatch(&life);
	notify_stopping();
	return ret;
}

/* What mount(8) says of itself: 1 for what was asked, 32 for the mount. */
static int exit_status(const struct options *o, int ret, bool parsed)
{
	if (!ret)
		return 0;
	if (o->command == COMMAND_RUN)
		return RUN_FAILED;
	return o->helper && parsed ? 32 : 1;
}

static int mount_and_serve(
	struct mount *m, struct options *o, int parent, struct ack_error *e)
{
	int ret = place_check(o, e);

	if (!ret && o->command == COMMAND_HAND_OVER)
		return mount_hand_over(m, e);
	if (!ret && !o->foreground && parent < 0) {
		parent = detach((char)exit_status(o, -1, true),
			mountpoint_given(o->mountpoint));
		if (parent < 0)
			ret = ack_error_set(e, errno, NULL, "cannot fork: %s",
				strerror(errno));
	}
	if (!ret)
		ret = mount_start(m, e);
	if (!ret && parent >= 0) {
		log_open(o->foreground, o->log);
		detached(parent, !o->foreground);
	}
	return ret ? ret : serve(m, e);
}

/* Its environment, its files and its keys would be the caller's. */
static bool is_setuid(void)
{
	if (getuid() == geteuid() && getgid() == getegid())
		return false;
	fputs(ack_text("ackfs: this program must not be setuid or setgid; "
		       "fusermount3 "
		       "is, and mounts for users\n"),
		stderr);
	return true;
}

int main(int argc, char **argv)
{
	struct options o;
	struct mount m = MOUNT_INIT(&o);
	struct ack_error e;
	bool parsed;
	int ret, parent = -1;

	if (is_setuid())
		return 1;
	ack_text_language(NULL);
	ret = options_parse(&o, argc, argv, &e);
	parsed = !ret;
	if (parsed && o.command > COMMAND_FAKE) {
		options_release(&o);
		return print_command(o.command);
	}
	/* the command is the user's, and not to be hardened */
	if (parsed && o.command == COMMAND_RUN) {
		log_open(true, o.log);
		parent = run_begin(&m, &o, &e);
		ret = parent < 0 ? parent : 0;
		if (!ret)
			close_inherited(parent, mountpoint_given(o.mountpoint));
	}
	harden();
	ack_json_setup();
	log_open(true, o.log);
	if (!ret && o.command != COMMAND_FAKE)
		ret = mount_and_serve(&m, &o, parent, &e);
	if (ret)
		tell_failure(&e);
	mount_stop(&m);
	if (o.command == COMMAND_RUN)
		run_end(&o);
	ret = exit_status(&o, ret, parsed);
	options_release(&o);
	return ret;
}
