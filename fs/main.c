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
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "buf.h"
#include "error.h"
#include "http.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "mount.h"
#include "mountpoint.h"
#include "options.h"
#include "params.h"

/* Keys and passwords pass through this process. */
static void harden(void)
{
	struct rlimit none = {0, 0};

	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &none);
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
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
		printf("ackfs %s\nlibfuse %s\n%s\n", ACK_VERSION,
			loop_fuse_version(), ack_http_version());
		break;
	case COMMAND_SCHEMA:
		return print_schema();
	case COMMAND_MOUNT:
		break;
	}
	return fflush(stdout) ? 1 : 0;
}

/*
 * In the parent: waits for the child's word and never returns. In the child:
 * the descriptor to give the word on, or -1.
 */
static int detach(void)
{
	int fds[2];
	char word = 1;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid) {
		close(fds[1]);
		while (read(fds[0], &word, 1) < 0 && errno == EINTR)
			;
		_exit(word);
	}
	close(fds[0]);
	setsid();
	return fds[1];
}

static void detached(int parent)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; null >= 0 && fd < 3; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
	if (write(parent, "", 1) < 0)
		log_line(LOG_WARNING, "the starting process is gone");
	close(parent);
}

int main(int argc, char **argv)
{
	struct options o;
	struct mount m = MOUNT_INIT(&o);
	struct ack_buf text = ACK_BUF_INIT(32768);
	struct ack_error e;
	int parent = -1, ret;

	ret = options_parse(&o, argc, argv, &e);
	if (!ret && o.command != COMMAND_MOUNT) {
		options_release(&o);
		return print_command(o.command);
	}
	harden();
	ack_json_setup();
	if (!ret)
		ret = mountpoint_prepare(o.mountpoint, &e);
	if (!ret && !o.foreground) {
		parent = detach();
		if (parent < 0)
			ret = ack_error_set(&e, errno, NULL, "cannot fork: %s",
				strerror(errno));
	}
	log_open(true, o.debug);
	if (!ret)
		ret = mount_start(&m, &e);
	if (!ret && parent >= 0) {
		log_open(false, false);
		detached(parent);
	}
	if (!ret) {
		log_line(LOG_INFO, "mounted on %s", o.mountpoint);
		ret = loop_run(m.loop, &e);
	}
	if (ret) {
		ack_error_text(&e, &text);
		log_line(LOG_ERR, "%s", ack_buf_text(&text));
		ack_buf_release(&text);
	}
	mount_stop(&m);
	options_release(&o);
	return ret ? 1 : 0;
}
