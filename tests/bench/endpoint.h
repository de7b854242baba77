/* SPDX-License-Identifier: MIT */
/* An endpoint by TLS that answers at once, or after a fixed time. */
#ifndef BENCH_ENDPOINT_H
#define BENCH_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>
#include "sandbox/exchange.h"

/* What was asked, for whoever maps the file. */
struct counts {
	uint64_t connections, requests, lists, names, creations, refused;
};

/* The clusters that there are: planted ones, then those that were created. */
struct service {
	struct counts *counts;
	size_t planted, created, room;
	char **names;            /* of the latter */
	int64_t get_ns, post_ns; /* how long an answer takes */
};

/* Puts the whole answer into x. */
void service_answer(struct service *s, struct exchange *x);

/* The bytes of the request that `in` begins with; 0: it is not all there. */
size_t request_length(const char *in, size_t got);
/* Cuts it into its parts, which stay where they are; 0 or -1. */
int request_take(struct exchange *x, char *in, size_t len);

struct connection;

struct endpoint {
	struct service service;
	SSL_CTX *tls;
	int epoll, timer;
};

void connection_open(struct endpoint *e, int fd);
void connection_ready(struct endpoint *e, struct connection *c);
/* Sends what is due. */
void connections_due(struct endpoint *e);

#endif
