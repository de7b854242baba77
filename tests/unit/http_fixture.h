/* SPDX-License-Identifier: MIT */
/* Requests to a scripted server of this machine. */
#ifndef HTTP_FIXTURE_H
#define HTTP_FIXTURE_H

#include "unit.h"

#include "base/error.h"
#include "base/event.h"
#include "http/http.h"
#include "server.h"

extern struct ack_events ev;
extern struct ack_http *http;

/* What the callback said, copied. */
struct result {
	unsigned calls;
	struct ack_http_reply reply;
	struct ack_error error;
	char body[256], type[64];
};

/* An ack_http_done; its argument is a struct result. */
void done(void *arg, const struct ack_http_reply *r, const struct ack_error *e);

/* Starts a request to a port of this machine and waits for its end. One that
 * has no body may share a connection. */
void run(unsigned port, const char *method, const char *body, long timeout_ms,
	struct result *result);

int setup(void **state);
int teardown(void **state);

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
