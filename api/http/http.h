/* SPDX-License-Identifier: MIT */
/*
 * HTTP by libcurl's multi interface, driven from ack_events; http.c is the
 * only file that includes it. Nothing here blocks, retries or logs.
 *
 * Nothing leaves twice: libcurl by itself repeats a request, a POST also, on a
 * kept connection that turns out closed, with the nonce and the date of the
 * first. Its pre-request callback marks the moment a request may leave; the
 * second call for one transfer aborts it. Who may try again signs it anew.
 */
#ifndef ACK_HTTP_H
#define ACK_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ack_events;
struct ack_error;
struct ack_http;
struct ack_transfer;

#define ACK_HTTP_BODY_MAX (4u << 20) /* bytes of an answer */

struct ack_http_config {
	const char *ca;         /* a CA file or directory; NULL: the system's */
	const char *user_agent; /* outlives it */
	bool plain_http; /* http:// also to addresses that are not loopback */
};

struct ack_header {
	const char *name; /* any case; lower-cased for signing */
	const char *value;
};

struct ack_http_request {
	const char *method;
	const char *url;
	const struct ack_header *headers; /* copied */
	size_t nheaders;
	const char *body; /* copied and wiped afterwards; NULL: none */
	size_t len;
	long connect_timeout_ms;
	long timeout_ms; /* of the whole transfer */
	bool plain_http; /* as in the config, for this one */
	/* It may share a connection with others (HTTP/2) where the server
	 * offers that. One that shall leave a connection behind for a request
	 * that is not must not share. */
	bool shared;
};

struct ack_http_reply {
	/* 0: an answer came, whatever its status; else a negative errno */
	int err;
	/*
	 * False: not a byte of the request can have left, so it may be sent
	 * again. True: it may have been executed.
	 */
	bool left;
	bool hopeless; /* no answer, and another try would end so again */
	int status;
	const char *body; /* NUL-terminated, "" when there is none */
	size_t len;
	int64_t date;             /* the Date header, seconds; 0: none */
	int64_t retry_after_ms;   /* x-acs-retry-after; -1: none */
	const char *content_type; /* or "" */
	const char *request_id;   /* x-acs-request-id, or "" */
};

/*
 * The end of a transfer. `r` and `e` are valid during the call only; e->err
 * is 0 when r->err is. The transfer is gone afterwards.
 */
typedef void (*ack_http_done)(
	void *arg, const struct ack_http_reply *r, const struct ack_error *e);

/* NULL and `e` filled on failure. `ev` must outlive it. */
struct ack_http *ack_http_new(struct ack_events *ev,
	const struct ack_http_config *config, struct ack_error *e);

/* Ends every transfer without calling back. */
void ack_http_free(struct ack_http *h);

/*
 * Starts a transfer; `done` is called later, never from inside. Refuses
 * (EINVAL) schemes other than http and https, and http to a host that is not
 * loopback unless allowed. NULL and `e` filled on failure.
 */
struct ack_transfer *ack_http_start(struct ack_http *h,
	const struct ack_http_request *r, ack_http_done done, void *arg,
	struct ack_error *e);

/* Abandons it: `done` will not be called. */
void ack_http_cancel(struct ack_transfer *t);

/* "libcurl/7.88.1 OpenSSL/3.0.17 …", for --version. */
const char *ack_http_version(void);

#endif
