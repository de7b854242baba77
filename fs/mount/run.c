/* SPDX-License-Identifier: MIT */
#include "mount/run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/length.h"
#include "base/text.h"
#include "mount/mount.h"
#include "mount/mountpoint.h"
#include "mount/options.h"

/* Passed on to the command. The others stay as they are: a terminal stops and
 * continues both. */
static const int passed[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGALRM};

struct run {
	struct options *options;
	sigset_t before; /* the signals that the caller has blocked */
	int signals;     /* a signalfd(2) of those that are passed on */
	/* A socket: the daemon gets the mount, and reports that it answers. */
	int word;
	pid_t self, daemon, command;
};

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) >= 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* A user is the same user inside: the command sees the usual numbers. */
static bool map_user(uid_t uid, gid_t gid)
{
	char text[64];

	/* without it a user may map no group */
	write_file("/proc/self/setgroups", "deny");
	snprintf(text, sizeof(text), "%u %u 1", gid, gid);
	if (!write_file("/proc/self/gid_map", text))
		return false;
	snprintf(text, sizeof(text), "%u %u 1", uid, uid);
	return write_file("/proc/self/uid_map", text);
}

/* What is mounted outside later is seen inside, not the other way round. */
static bool isolate(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWNS) &&
		(unshare(CLONE_NEWUSER | CLONE_NEWNS) || !map_user(uid, gid)))
		return false;
	return !mount("", "/", "", MS_REC | MS_SLAVE, NULL);
}

/* A kernel can forbid each of these steps, and none can be taken back. */
static bool can_isolate(void)
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit(!isolate());
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return !status;
}

/* One byte, and the mount unless `fd` is -1. */
static bool give(int word, int fd)
{
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(fd))] = {0};
	struct iovec data = {.iov_base = &(char){0}, .iov_len = 1};
	struct msghdr msg = {.msg_iov = &data, .msg_iovlen = 1};

	if (fd >= 0) {
		msg.msg_control = room;
		msg.msg_controllen = sizeof(room);
		*CMSG_FIRSTHDR(&msg) = (struct cmsghdr){
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
			.cmsg_len = CMSG_LEN(sizeof(fd))};
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&msg)), &fd, sizeof(fd));
	}
	return sendmsg(word, &msg, MSG_NOSIGNAL) == 1;
}

/* False: there is no mount to wait for. */
static bool taken(int word, int *fd)
{
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(*fd))];
	struct iovec data = {.iov_base = &(char){0}, .iov_len = 1};
	struct msghdr msg = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = room,
		.msg_controllen = sizeof(room)};
	ssize_t n;

	while ((n = recvmsg(word, &msg, MSG_CMSG_CLOEXEC)) < 0 &&
		errno == EINTR)
		;
	*fd = -1;
	if (n == 1 && CMSG_FIRSTHDR(&msg))
		memcpy(fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(*fd));
	return n == 1;
}

static int make_mountpoint(struct options *o, struct ack_error *e)
{
	const char *places[] = {
		getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp"};
	int err = ENOENT;

	for (size_t i = 0; i < LENGTH(places); i++) {
		if (!places[i] || *places[i] != '/')
			continue;
		if (asprintf(&o->made, "%s/ackfs-run-XXXXXX", places[i]) < 0)
			o->made = NULL;
		if (!o->made)
			return ack_error_memory(e, NULL);
		if (mkdtemp(o->made))
			return 0;
		err = errno;
		free(o->made);
		o->made = NULL;
	}
	return ack_error_set(e, err, NULL,
		"no directory to mount on can be made in /tmp: %s; set TMPDIR "
		"to a directory in which you may write",
		strerror(err));
}

void run_end(const struct options *o)
{
	if (o->made)
		rmdir(o->made);
}

static int wait_daemon(const struct run *r)
{
	int status = RUN_FAILED << 8;

	while (waitpid(r->daemon, &status, 0) < 0 && errno == EINTR)
		;
	run_end(r->options);
	return status;
}

/* fusermount3's mount the daemon unmounts. */
static void end_daemon(const struct run *r)
{
	umount2(r->options->made, MNT_DETACH | UMOUNT_NOFOLLOW);
	kill(r->daemon, SIGTERM);
	kill(r->daemon, SIGCONT);
	wait_daemon(r);
}

/* A shell that has started this sees how the command ended. */
static _Noreturn void end_like(int status)
{
	sigset_t all;

	if (!WIFSIGNALED(status))
		_exit(WEXITSTATUS(status));
	/* the core, if there is one, is the command's */
	prctl(PR_SET_DUMPABLE, 0);
	signal(WTERMSIG(status), SIG_DFL);
	kill(getpid(), WTERMSIG(status));
	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	_exit(128 + WTERMSIG(status));
}

/* Whether it is a variable that is set for the command. */
static bool is_own(const char *variable)
{
	static const char *const own[] = {"ACKFS=", "PWD=", "OLDPWD="};

	for (size_t i = 0; i < LENGTH(own); i++)
		if (!strncmp(variable, own[i], strlen(own[i])))
			return true;
	return false;
}

/* The caller's, and those of a cd(1) to the mount. NULL: no memory. */
static char **environment(const char *mountpoint, const char *was)
{
	char **env, *own[3];
	size_t n = 0, all = 0;

	while (environ[all])
		all++;
	env = calloc(all + LENGTH(own) + 1, sizeof(*env));
	if (!env || asprintf(&own[0], "ACKFS=%s", mountpoint) < 0 ||
		asprintf(&own[1], "PWD=%s", mountpoint) < 0 ||
		asprintf(&own[2], "OLDPWD=%s", was) < 0)
		return NULL;
	for (size_t i = 0; i < all; i++)
		if (!is_own(environ[i]))
			env[n++] = environ[i];
	memcpy(env + n, own, sizeof(own));
	return env;
}

/* The name of a program is a path from where the user is. */
static _Noreturn void execute(const struct run *r)
{
	const char *mountpoint = r->options->made;
	char **argv = r->options->run, **env;
	char was[PATH_MAX], *program = argv[0];
	int err;

	sigprocmask(SIG_SETMASK, &r->before, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (!getcwd(was, sizeof(was)))
		strcpy(was, "/");
	env = environment(mountpoint, was);
	if (strchr(program, '/') && *program != '/' &&
		asprintf(&program, "%s/%s", was, argv[0]) < 0)
		env = NULL;
	if (!env || getppid() != r->self || chdir(mountpoint))
		_exit(RUN_FAILED);
	execvpe(program, argv, env);
	err = errno;
	fprintf(stderr, "ackfs: %s: %s\n", argv[0], strerror(err));
	_exit(err == ENOENT ? 127 : 126);
}

/* True when the mount answers; false: the daemon has ended. */
static bool has_mounted(struct run *r)
{
	struct signalfd_siginfo s;
	struct pollfd p[] = {{.fd = r->word, .events = POLLIN},
		{.fd = r->signals, .events = POLLIN}};
	char word;

	while (poll(p, LENGTH(p), -1) < 0 || !p[0].revents) {
		if (!p[1].revents || read(r->signals, &s, sizeof(s)) < 0 ||
			s.ssi_signo == SIGCHLD || s.ssi_signo == SIGWINCH)
			continue;
		end_daemon(r);
		end_like((int)s.ssi_signo);
	}
	return read(r->word, &word, 1) == 1 && !word;
}

/* What a terminal sends the command has from it already. */
static void pass_on(const struct run *r, const struct signalfd_siginfo *s)
{
	if (s->ssi_code != SI_KERNEL)
		kill(r->command, (int)s->ssi_signo);
}

static int wait_command(const struct run *r)
{
	struct signalfd_siginfo s;
	int status;

	while (waitpid(r->command, &status, WNOHANG) != r->command)
		if (read(r->signals, &s, sizeof(s)) == sizeof(s) &&
			s.ssi_signo != SIGCHLD)
			pass_on(r, &s);
	return status;
}

static _Noreturn void watch(struct run *r)
{
	int status;

	if (!has_mounted(r))
		end_like(wait_daemon(r));
	r->command = fork();
	if (!r->command)
		execute(r);
	if (r->command < 0)
		fprintf(stderr, ack_text("ackfs: cannot fork: %s\n"),
			strerror(errno));
	status = r->command < 0 ? RUN_FAILED << 8 : wait_command(r);
	end_daemon(r);
	end_like(status);
}

/*
 * The daemon stays outside of the namespaces: there it sees whose files are
 * whose, and needs no right. It ends with the caller's process, and says
 * nothing to a manager of services, which waits for the command.
 */
static void become_daemon(const struct run *r, int word)
{
	struct options *o = r->options;
	int fd, n = -1;

	sigprocmask(SIG_SETMASK, &r->before, NULL);
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	if (getppid() == r->self && taken(word, &fd))
		n = fd < 0 ? asprintf(&o->mountpoint, "%s", o->made)
			   : asprintf(&o->mountpoint, "/dev/fd/%d", fd);
	if (n >= 0)
		return;
	run_end(o);
	_exit(RUN_FAILED);
}

static int hold_signals(struct run *r)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGCHLD);
	for (size_t i = 0; i < LENGTH(passed); i++)
		sigaddset(&held, passed[i]);
	sigprocmask(SIG_BLOCK, &held, &r->before);
	signal(SIGCHLD, SIG_DFL);
	return signalfd(-1, &held, SFD_CLOEXEC);
}

/* In namespaces where there can be some, else the daemon mounts. */
static int hand_over(const struct run *r, struct mount *m, struct ack_error *e)
{
	int fd = -1;

	if (can_isolate() && isolate()) {
		fd = mount_only(m, r->options->made, e);
		if (fd < 0)
			return fd;
	}
	give(r->word, fd);
	if (fd >= 0)
		close(fd);
	return 0;
}

int run_begin(struct mount *m, struct options *o, struct ack_error *e)
{
	struct run r = {.options = o, .self = getpid()};
	int ends[2], ret = mountpoint_usable(e);

	if (ret)
		return ret;
	r.signals = hold_signals(&r);
	if (r.signals < 0 ||
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return ack_error_set(e, errno, NULL,
			"no descriptors for the command: %s", strerror(errno));
	ret = make_mountpoint(o, e);
	if (ret)
		return ret;
	r.word = ends[0];
	r.daemon = fork();
	if (!r.daemon) {
		close(ends[0]);
		become_daemon(&r, ends[1]);
		return ends[1];
	}
	close(ends[1]);
	if (r.daemon < 0)
		ret = ack_error_set(
			e, errno, NULL, "cannot fork: %s", strerror(errno));
	else
		ret = hand_over(&r, m, e);
	if (!ret)
		watch(&r);
	close(ends[0]);
	if (r.daemon > 0)
		wait_daemon(&r);
	return ret;
}
