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

/*
 * A listening, non-blocking socket on 127.0.0.1, or a negative errno; *port
 * becomes the one it got.
 */
int listen_loopback(int *port, struct ack_error *e);

/* Raises the limit of open files to what is allowed; returns it. */
unsigned listen_limit(void);

/* Who is at the other end of a connection from this machine. */

/* Whether the client of a connection to 127.0.0.1:`port` is a process of this
 * program's user. False also where that cannot be known. */
bool peer_is_own(const struct sockaddr *client, int port);

#endif
