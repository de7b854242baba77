/* SPDX-License-Identifier: MIT */
#include "sandbox/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"

#define BACKLOG    4096
#define FILES_MOST 65536u

int listen_loopback(int *port, struct ack_error *e)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)*port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0 &&
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ==
			0 &&
		bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0 &&
		listen(fd, BACKLOG) == 0 &&
		getsockname(fd, (struct sockaddr *)&addr, &len) == 0) {
		*port = ntohs(addr.sin_port);
		return fd;
	}
	int err = errno;
	if (fd >= 0)
		close(fd);
	return ack_error_set(e, err, NULL,
		"Port %d of 127.0.0.1 cannot be used: %s.", *port,
		strerror(err));
}

unsigned listen_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 1024;
	rlim_t had = limit.rlim_cur;
	limit.rlim_cur = limit.rlim_max;
	if (limit.rlim_cur > FILES_MOST)
		limit.rlim_cur = FILES_MOST;
	if (limit.rlim_cur < had || setrlimit(RLIMIT_NOFILE, &limit) < 0)
		limit.rlim_cur = had;
	return limit.rlim_cur > FILES_MOST ? FILES_MOST
					   : (unsigned)limit.rlim_cur;
}
