/* SPDX-License-Identifier: MIT */
/*
 * One request and its answer, as http.c holds them: what does not need to
 * know libcurl.
 */
#ifndef ACK_FLIGHT_H
#define ACK_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "http/url.h"

struct ack_error;
struct ack_http_request;

struct ack_flight {
	struct ack_url url;
	struct ack_buf headers; /* lines for libcurl, NUL after each */
	struct ack_buf body, answer;
	bool has_body;       /* an empty one counts: Content-Length: 0 */
	size_t header_bytes; /* of the answer, so far */
	unsigned departures; /* times the request was about to leave */
	bool too_large, hopeless;
	long connect_timeout_ms, timeout_ms;
	char detail[256]; /* libcurl's own words */
};

/*
 * Checks the request (scheme, plain http, line ends in headers) and copies
 * its body. 0 or a negative errno; release it in either case.
 */
int ack_flight_init(struct ack_flight *x, const struct ack_http_request *r,
	bool plain_http, struct ack_error *e);
void ack_flight_release(struct ack_flight *x);

/* The value of x-acs-retry-after; -1: none. */
int64_t ack_flight_millis(const char *text);

/* Callbacks of libcurl; `arg` is the exchange. Less than `len` ends it. */
size_t ack_flight_body(char *data, size_t one, size_t len, void *arg);
size_t ack_flight_header(char *line, size_t one, size_t len, void *arg);

/* Why no answer came. */
enum ack_failure {
	ACK_FAIL_OTHER,
	ACK_FAIL_NAME,
	ACK_FAIL_PROXY_NAME,
	ACK_FAIL_CONNECT,
	ACK_FAIL_PROXY,
	ACK_FAIL_CERTIFICATE,
	ACK_FAIL_CA,
	ACK_FAIL_TLS,
	ACK_FAIL_CLOSED,
	ACK_FAIL_BROKEN,
	ACK_FAIL_SHORT,
	ACK_FAIL_TOO_LARGE,
	ACK_FAIL_NOT_HTTP,
	ACK_FAIL_MEMORY,
	ACK_FAIL_TIMEOUT,
	ACK_FAILURES,
};

/* How far a connection had come. */
enum ack_stage { ACK_STAGE_NAME, ACK_STAGE_CONNECT, ACK_STAGE_TLS };

/*
 * Fills `e`, and x->hopeless when another try would end in the same way.
 * `os_errno` is that of a failed connect, or 0.
 */
void ack_flight_explain(struct ack_flight *x, enum ack_failure why,
	enum ack_stage stage, int os_errno, struct ack_error *e);

#endif
