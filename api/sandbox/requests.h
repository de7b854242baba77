/* SPDX-License-Identifier: MIT */
/* The log of the requests that came, for tests to read. */
#ifndef SANDBOX_REQUESTS_H
#define SANDBOX_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ack_json;
struct exchange;

#define REQUESTS_MAX 65536 /* older ones are forgotten */

struct request {
	uint64_t serial;
	int64_t time_ms;
	char method[16];
	char *path;
	char *nonce;
	char *body;         /* JSON without passwords; NULL: there was none */
	const char *action; /* of the table of routes, or "" */
	char request_id[37];
	int status;          /* of the answer; 0: none was sent */
	bool executed;       /* what it asked for was done, or refused */
	const char *outcome; /* pending, answered, dropped, held */
};

struct requests {
	struct request *ring;
	size_t size;
	uint64_t count; /* ever */
};

/* Notes a request and gives it its serial number. 0 or -ENOMEM. */
int requests_add(struct requests *r, struct exchange *x, int64_t now_ms);
void requests_release(struct requests *r);

/* Notes what became of it. */
void requests_end(struct requests *r, const struct exchange *x);

/* The whole log as a JSON array; or NULL, or *rc < 0. */
struct ack_json *requests_json(const struct requests *r, int *rc);

#endif
