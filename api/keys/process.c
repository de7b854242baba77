/* SPDX-License-Identifier: MIT */
#include "keys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/kernel.h"
#include "base/text.h"

/* Frees all but what it wrote. */
static void let_go(struct ack_process *p)
{
	ack_timer_cancel(p->events, &p->limit);
	ack_watch_set(p->events, &p->out, 0);
	ack_watch_set(p->events, &p->end, 0);
	close(p->out.fd);
	close(p->end.fd);
	p->pid = 0;
}

static void take_output(struct ack_process *p)
{
	char chunk[4096];
	ssize_t n;

	while ((n = read(p->out.fd, chunk, sizeof(chunk))) > 0)
		ack_buf_put(&p->text, chunk, (size_t)n);
	explicit_bzero(chunk, sizeof(chunk));
	if (n == 0)
		ack_watch_set(p->events, &p->out, 0);
	if (p->text.failed && !p->too_long) {
		p->too_long = true;
		kill(-p->pid, SIGKILL);
	}
}

static void out_ready(void *arg, uint32_t what)
{
	(void)what;
	take_output(arg);
}

static const char *wrong_with(
	const struct ack_process *p, int status, char *text, size_t size)
{
	if (p->late)
		return ack_text("it took too long");
	if (p->too_long)
		return ack_text("it wrote too much");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return NULL;
	if (WIFEXITED(status))
		snprintf(text, size, ack_text("it ended with status %d"),
			WEXITSTATUS(status));
	else
		snprintf(text, size, ack_text("it was killed by signal %d"),
			WTERMSIG(status));
	return text;
}

/*
 * Its end is what counts, not that of its output: what it leaves running may
 * keep the pipe open.
 */
static void end_ready(void *arg, uint32_t what)
{
	struct ack_process *p = arg;
	char sentence[64];
	int status = 0;

	(void)what;
	if (waitpid(p->pid, &status, WNOHANG) == 0)
		return;
	take_output(p);
	struct ack_buf text = p->text;
	ack_buf_init(&p->text, 0);
	let_go(p);
	p->done(p->arg, wrong_with(p, status, sentence, sizeof(sentence)),
		&text);
	ack_buf_release(&text);
}

static void too_late(void *arg)
{
	struct ack_process *p = arg;

	p->late = true;
	kill(-p->pid, SIGKILL);
}

/* The loop blocks signals, and ignores some: the child starts fresh. */
static int spawn(pid_t *pid, char *const *argv, int out)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err;

	sigemptyset(&none);
	sigfillset(&all);
	if (posix_spawn_file_actions_init(&files))
		return -ENOMEM;
	if (posix_spawnattr_init(&attr)) {
		posix_spawn_file_actions_destroy(&files);
		return -ENOMEM;
	}
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF |
						POSIX_SPAWN_SETPGROUP);
	err = posix_spawn_file_actions_addopen(
		&files, 0, "/dev/null", O_RDWR, 0);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&files, out, 1);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&files, 0, 2);
	/* what was inherited is not the child's */
	ack_kernel_close_later(3, ~0u);
	if (!err)
		err = posix_spawnp(pid, argv[0], &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return -err;
}

int ack_process_start(struct ack_process *p, struct ack_events *events,
	char *const *argv, long limit_ms, size_t max, ack_process_done done,
	void *arg)
{
	int pipe[2], err;

	*p = (struct ack_process){
		.events = events,
		.done = done,
		.arg = arg,
		.limit = {.fire = too_late, .arg = p},
	};
	ack_buf_init(&p->text, max);
	if (pipe2(pipe, O_CLOEXEC) < 0)
		return -errno;
	err = spawn(&p->pid, argv, pipe[1]);
	close(pipe[1]);
	if (err < 0) {
		close(pipe[0]);
		p->pid = 0;
		return err;
	}
	fcntl(pipe[0], F_SETFL, O_NONBLOCK);
	p->out = (struct ack_watch){
		.fd = pipe[0], .ready = out_ready, .arg = p};
	p->end = (struct ack_watch){
		.fd = ack_kernel_pidfd(p->pid), .ready = end_ready, .arg = p};
	if (p->end.fd < 0)
		err = -errno;
	if (err == 0)
		err = ack_watch_set(events, &p->out, EPOLLIN);
	if (err == 0)
		err = ack_watch_set(events, &p->end, EPOLLIN);
	if (err == 0)
		ack_timer_set(events, &p->limit, limit_ms);
	else
		ack_process_stop(p);
	return err;
}

void ack_process_stop(struct ack_process *p)
{
	if (p->pid == 0)
		return;
	kill(-p->pid, SIGKILL);
	while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
		;
	let_go(p);
	ack_buf_release(&p->text);
}
