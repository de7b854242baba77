/* SPDX-License-Identifier: MIT */
/*
 * HTTP on 127.0.0.1, by libmicrohttpd, driven from ack_events; server.c is
 * the only file that includes it.
 */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include <stdbool.h>

#include "sandbox/exchange.h"

struct ack_error;
struct ack_events;
struct server;
struct sockaddr;

/* Asked once a request is there, and again after each wait it demanded. */
typedef enum verdict (*server_fn)(void *arg, struct exchange *x);

/* Port 0: any free one. NULL and `e` filled on failure. */
struct server *server_start(struct ack_events *ev, int port, server_fn conduct,
	void *arg, struct ack_error *e);
void server_stop(struct server *s); /* NULL is fine */

int server_port(const struct server *s);

/* Who is at the other end of a connection from this machine. */

#endif
