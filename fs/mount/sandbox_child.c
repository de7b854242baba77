/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/event.h"
#include "base/json.h"
#include "base/kernel.h"
#include "base/length.h"
#include "base/vault.h"
#include "client/credentials.h"
#include "mount/sandbox_child.h"

#define START_MS 10000
#define END_MS   3000
#define PROGRAM  "ack-sandbox"
#define KEY      "ACK_SANDBOX_KEY" /* "": it makes one up, and needs it */

/* Beside this program when installed, next door in a build tree. */
static const char *const places[] = {"", "../api/sandbox/"};

static int find_program(char *path, size_t size)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n < 0)
		return -errno;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return -ENOENT;
	slash[1] = '\0';
	for (size_t i = 0; i < LENGTH(places); i++) {
		n = snprintf(path, size, "%s%s%s", self, places[i], PROGRAM);
		if (n > 0 && (size_t)n < size && !access(path, X_OK))
			return 0;
	}
	return -ENOENT;
}

/* Between fork and exec: nothing but system calls. */
static _Noreturn void child(const char *path, const char *file, const char *key,
	int out, bool tell, pid_t parent)
{
	const char *argv[] = {PROGRAM, "--state", file, NULL};
	const char *envp[] = {"LC_ALL=C.UTF-8", key, NULL};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* its own group: ^C in the terminal is for the mount to handle */
	setpgid(0, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != parent)
		_exit(126);
	/* a daemon must not keep its starter's pipe open */
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 ||
		(!tell && dup2(null, 2) < 0))
		_exit(126);
	/* what the mount has inherited is not its child's */
	ack_kernel_close_later(3, ~0u);
	execve(path, (char **)(uintptr_t)argv, (char **)(uintptr_t)envp);
	_exit(127);
}

static int read_line(int fd, struct ack_buf *line)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char c;

	while (poll(&p, 1, START_MS) > 0 && read(fd, &c, 1) == 1) {
		if (c == '\n')
			return ack_buf_status(line);
		ack_buf_putc(line, c);
	}
	return -EPIPE;
}

static int take_line(struct sandbox *s, const struct ack_buf *line,
	struct ack_credentials *keys)
{
	struct ack_json *j = ack_json_parse(
		ack_buf_text(line), line->len, &(size_t){0});
	const char *url = ack_json_get_string(j, "url");
	const char *id = ack_json_get_string(j, "access_key_id");
	const char *secret = ack_json_get_string(j, "access_key_secret");
	int ret = -EPROTO;

	memset(keys, 0, sizeof(*keys));
	if (url && id && secret && strlen(url) < sizeof(s->url)) {
		strcpy(s->url, url);
		keys->key_id = strdup(id);
		keys->key_secret = ack_vault_copy(secret);
		strcpy(keys->source, "sandbox (made-up keys)");
		ret = keys->key_id && keys->key_secret ? 0 : -ENOMEM;
	}
	if (ret)
		ack_credentials_release(keys);
	ack_json_free(j);
	return ret;
}

int sandbox_start(struct sandbox *s, const char *state_dir, bool tell,
	struct ack_credentials *keys, struct ack_error *e)
{
	const char *given = getenv(KEY);
	struct ack_buf line = ACK_BUF_INIT(4096), key = ACK_BUF_INIT(4096);
	char path[PATH_MAX], file[PATH_MAX];
	pid_t parent = getpid();
	int out[2], ret;

	s->pid = 0;
	ret = snprintf(file, sizeof(file), "%s/sandbox.json", state_dir);
	if (ret < 0 || (size_t)ret >= sizeof(file))
		return ack_error_set(e, ENAMETOOLONG, NULL,
			"the path of the state directory is too long");
	if (find_program(path, sizeof(path)))
		return ack_error_set(e, ENOENT, NULL,
			PROGRAM " is not installed beside ackfs");
	if (pipe2(out, O_CLOEXEC))
		return ack_error_set(
			e, errno, NULL, "no pipe: %s", strerror(errno));
	ack_buf_printf(&key, KEY "=%s", given ? given : "");
	s->pid = fork();
	if (!s->pid)
		child(path, file, ack_buf_text(&key), out[1], tell, parent);
	close(out[1]);
	ret = s->pid < 0 ? -errno : read_line(out[0], &line);
	if (!ret)
		ret = take_line(s, &line, keys);
	close(out[0]);
	ack_buf_release(&line);
	ack_buf_release(&key);
	if (!ret)
		return 0;
	sandbox_stop(s);
	return ack_error_set(e, -ret, NULL, PROGRAM " did not start");
}

/* False: it has not ended within the time. */
static bool has_ended(pid_t pid, struct pollfd *end)
{
	int64_t until = ack_now_ms() + END_MS, left = END_MS;

	while (left > 0 && poll(end, 1, (int)left) <= 0)
		left = until - ack_now_ms();
	return waitpid(pid, NULL, WNOHANG) == pid;
}

/* One that is stopped ends when it is continued. One that cannot end at all
 * must not keep the state directory from the next mount. */
void sandbox_stop(struct sandbox *s)
{
	struct pollfd end = {.events = POLLIN};

	if (s->pid <= 0)
		return;
	end.fd = ack_kernel_pidfd(s->pid);
	kill(s->pid, SIGTERM);
	kill(s->pid, SIGCONT);
	if (!has_ended(s->pid, &end)) {
		kill(s->pid, SIGKILL);
		has_ended(s->pid, &end);
	}
	if (end.fd >= 0)
		close(end.fd);
	s->pid = 0;
}
