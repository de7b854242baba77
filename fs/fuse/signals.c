/* SPDX-License-Identifier: MIT */
#include "fuse/signals.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BIT(signal) (UINT64_C(1) << ((signal)-1))
#define IDLE        (BIT(SIGCHLD) | BIT(SIGCONT) | BIT(SIGURG) | BIT(SIGWINCH))

#define STOP (BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU))

static bool find_mask(const char *status, const char *name, uint64_t *mask)
{
	const char *line = strstr(status, name);

	return line && sscanf(line + strlen(name), "%" SCNx64, mask) == 1;
}

enum signals signals_in(const char *status)
{
	uint64_t own, shared, blocked, pending;

	if (!find_mask(status, "\nSigPnd:", &own) ||
		!find_mask(status, "\nShdPnd:", &shared) ||
		!find_mask(status, "\nSigBlk:", &blocked))
		return SIGNALS_END;
	pending = (own | shared) & ~blocked;
	if (!pending)
		return SIGNALS_NONE;
	if (pending & ~(IDLE | STOP))
		return SIGNALS_END;
	return pending & STOP ? SIGNALS_STOP : SIGNALS_IDLE;
}

enum signals signals_of(pid_t thread)
{
	char path[64], status[4096];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return SIGNALS_END;
	len = read(fd, status, sizeof(status) - 1);
	close(fd);
	status[len > 0 ? len : 0] = '\0';
	return signals_in(status);
}
