/* SPDX-License-Identifier: MIT */
/*
 * A server on 127.0.0.1 that plays a script: each request that arrives, on
 * whatever connection, takes the next step. What it received can be read
 * afterwards.
 */
#ifndef SERVER_H
#define SERVER_H

#include <stddef.h>

#define SERVER_REQUESTS 16

enum server_then {
	SERVER_KEEP,  /* the connection stays open */
	SERVER_CLOSE, /* after the reply */
	SERVER_HANG,  /* the connection stays open, and nothing more comes */
	SERVER_FLOOD, /* the last byte of the reply is repeated for ever */
};

struct server_step {
	const char *reply; /* raw; NULL: none */
	enum server_then then;
};

/* A whole reply of HTTP/1.1. */
#define SERVER_REPLY(status, length, body)                            \
	"HTTP/1.1 " status " X\r\nContent-Type: application/json\r\n" \
	"Content-Length: " length "\r\n\r\n" body

struct server;

/* The steps are not copied. Never NULL. */
struct server *server_start(const struct server_step *steps, size_t n);

unsigned server_port(const struct server *s);

/* Ends it; how many requests had arrived. */
size_t server_stop(struct server *s);

/* The text of a request, after server_stop(). */
const char *server_request(const struct server *s, size_t i);
size_t server_connections(const struct server *s);

void server_free(struct server *s);

#endif
