/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

#define REQUEST_MAX 65536

struct server {
	pthread_t thread;
	int listener, stop[2];
	unsigned port;
	const struct server_step *steps;
	size_t nsteps, nrequests, nconnections;
	char *requests[SERVER_REQUESTS];
};

/* False when the server has to stop. */
static bool wait_readable(const struct server *s, int fd)
{
	struct pollfd fds[2] = {
		{.fd = fd, .events = POLLIN},
		{.fd = s->stop[0], .events = POLLIN},
	};

	return poll(fds, 2, -1) > 0 && !fds[1].revents;
}

static bool wait_writable(const struct server *s, int fd)
{
	struct pollfd fds[2] = {
		{.fd = fd, .events = POLLOUT},
		{.fd = s->stop[0], .events = POLLIN},
	};

	return poll(fds, 2, -1) > 0 && !fds[1].revents;
}

static size_t body_length(const char *request)
{
	const char *p = strcasestr(request, "\r\ncontent-length:");

	return p ? strtoul(p + 17, NULL, 10) : 0;
}

/* One request with its body; NULL when the peer went or we have to stop. */
static char *read_request(const struct server *s, int fd)
{
	char *text = calloc(1, REQUEST_MAX);
	size_t len = 0;

	assert_non_null(text);
	while (wait_readable(s, fd)) {
		ssize_t n = recv(fd, text + len, REQUEST_MAX - 1 - len, 0);

		if (n <= 0)
			break;
		len += (size_t)n;
		const char *end = strstr(text, "\r\n\r\n");
		if (end && len >= (size_t)(end + 4 - text) + body_length(text))
			return text;
	}
	free(text);
	return NULL;
}

static void send_all(
	const struct server *s, int fd, const char *data, size_t len)
{
	while (len > 0 && wait_writable(s, fd)) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n <= 0)
			return;
		data += n;
		len -= (size_t)n;
	}
}

static void flood(const struct server *s, int fd, char byte)
{
	char block[16384];

	memset(block, byte, sizeof(block));
	while (wait_writable(s, fd) &&
		send(fd, block, sizeof(block), MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		;
}

/* True while the connection may carry another request. */
static bool play(struct server *s, int fd)
{
	char *request = read_request(s, fd);

	if (!request)
		return false;
	if (s->nrequests == s->nsteps || s->nrequests == SERVER_REQUESTS) {
		free(request);
		return false;
	}
	const struct server_step *step = &s->steps[s->nrequests];
	s->requests[s->nrequests++] = request;
	if (step->reply)
		send_all(s, fd, step->reply, strlen(step->reply));
	if (step->then == SERVER_FLOOD)
		flood(s, fd, step->reply[strlen(step->reply) - 1]);
	if (step->then == SERVER_HANG)
		wait_readable(s, fd);
	return step->then == SERVER_KEEP;
}

static void *serve(void *arg)
{
	struct server *s = arg;

	while (wait_readable(s, s->listener)) {
		int fd = accept(s->listener, NULL, NULL);

		if (fd < 0)
			continue;
		s->nconnections++;
		while (play(s, fd))
			;
		close(fd);
	}
	return NULL;
}

struct server *server_start(const struct server_step *steps, size_t n)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof(addr);
	struct server *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->steps = steps;
	s->nsteps = n;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&addr, len), 0);
	assert_int_equal(listen(s->listener, 16), 0);
	assert_int_equal(
		getsockname(s->listener, (struct sockaddr *)&addr, &len), 0);
	s->port = ntohs(addr.sin_port);
	assert_int_equal(pipe(s->stop), 0);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
	return s;
}

unsigned server_port(const struct server *s)
{
	return s->port;
}

size_t server_stop(struct server *s)
{
	close(s->stop[1]);
	pthread_join(s->thread, NULL);
	close(s->stop[0]);
	close(s->listener);
	return s->nrequests;
}

const char *server_request(const struct server *s, size_t i)
{
	assert_true(i < s->nrequests);
	return s->requests[i];
}

size_t server_connections(const struct server *s)
{
	return s->nconnections;
}

void server_free(struct server *s)
{
	for (size_t i = 0; i < s->nrequests; i++)
		free(s->requests[i]);
	free(s);
}
