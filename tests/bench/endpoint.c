/* SPDX-License-Identifier: MIT */
/*
 * The service that is spoken to by TLS. It checks every signature, as
 * ack-sandbox does and with the same code, and little else.
 *
 * usage: endpoint CERTIFICATE COUNTS GET_MS POST_MS CLUSTERS
 *
 * CERTIFICATE has the chain and the key; the file COUNTS is mapped and counts;
 * answers to GET and POST take so long; so many clusters are there. Prints a
 * line of JSON as ack-sandbox does.
 */
#include "endpoint.h"

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define EVENTS 256

static void listen_here(int *listener, unsigned *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);

	*listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (*listener < 0 || bind(*listener, (void *)&at, sizeof(at)) ||
		listen(*listener, 4096) ||
		getsockname(*listener, (void *)&at, &len))
		err(1, "listen");
	*port = ntohs(at.sin_port);
}

static void accept_all(struct endpoint *e, int listener)
{
	int fd, yes = 1;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
		connection_open(e, fd);
	}
}

static SSL_CTX *tls(const char *certificate)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());

	if (!c || SSL_CTX_use_certificate_chain_file(c, certificate) != 1 ||
		SSL_CTX_use_PrivateKey_file(c, certificate, SSL_FILETYPE_PEM) !=
			1)
		errx(1, "%s: no certificate and key", certificate);
	return c;
}

static struct counts *map(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	void *at = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, sizeof(struct counts)))
		at = mmap(NULL, sizeof(struct counts), PROT_READ | PROT_WRITE,
			MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		err(1, "%s", path);
	close(fd);
	return at;
}

static void watch(struct endpoint *e, int fd, void *what)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};

	if (epoll_ctl(e->epoll, EPOLL_CTL_ADD, fd, &event))
		err(1, "epoll");
}

static void serve(struct endpoint *e, int listener)
{
	struct epoll_event events[EVENTS];
	uint64_t fired;

	watch(e, listener, &listener);
	watch(e, e->timer, &e->timer);
	for (;;) {
		int n = epoll_wait(e->epoll, events, EVENTS, -1);
		bool due = false;

		for (int i = 0; i < n; i++) {
			void *what = events[i].data.ptr;

			if (what == &listener)
				accept_all(e, listener);
			else if (what == &e->timer)
				due = read(e->timer, &fired, sizeof(fired)) > 0;
			else
				connection_ready(e, what);
		}
		/* last, as it may close what an event is about */
		if (due)
			connections_due(e);
	}
}

int main(int argc, char **argv)
{
	struct endpoint e = {.epoll = epoll_create1(EPOLL_CLOEXEC)};
	unsigned port;
	int listener;

	if (argc != 6)
		errx(1, "usage: endpoint CERTIFICATE COUNTS GET_MS POST_MS "
			"CLUSTERS");
	signal(SIGPIPE, SIG_IGN);
	e.tls = tls(argv[1]);
	e.service.counts = map(argv[2]);
	e.service.get_ns = strtol(argv[3], NULL, 10) * 1000000;
	e.service.post_ns = strtol(argv[4], NULL, 10) * 1000000;
	e.service.planted = strtoul(argv[5], NULL, 10);
	e.timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	listen_here(&listener, &port);
	printf("{\"url\":\"https://127.0.0.1:%u\",\"access_key_id\":"
	       "\"LTAI5tMadeUpKeyId0000001\",\"access_key_secret\":"
	       "\"MadeUpSecret00000000000000001\"}\n",
		port);
	fflush(stdout);
	serve(&e, listener);
}
