/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "call.h"
#include "credentials.h"
#include "endpoint.h"
#include "error.h"
#include "wipe.h"

#define VERSION   "2015-12-15"
#define BODY_TYPE "application/json; charset=utf-8"
#define URL_MAX   8192
#define BODY_MAX  (4u << 20)

struct ack_client {
	struct ack_client_config config;
	struct ack_credentials keys;
	struct ack_client_stats stats;
	LIST_HEAD(, ack_call) calls;
};

struct ack_client *ack_client_new(
	const struct ack_client_config *config, struct ack_error *e)
{
	struct ack_client *c = calloc(1, sizeof(*c));

	if (!c) {
		ack_error_set(e, ENOMEM, NULL, "out of memory");
		return NULL;
	}
	c->config = *config;
	LIST_INIT(&c->calls);
	return c;
}

void ack_client_free(struct ack_client *c)
{
	if (!c)
		return;
	while (!LIST_EMPTY(&c->calls))
		ack_call_end(LIST_FIRST(&c->calls));
	ack_credentials_release(&c->keys);
	free(c);
}

void ack_client_set_credentials(
	struct ack_client *cl, struct ack_credentials *c)
{
	ack_credentials_release(&cl->keys);
	cl->keys = *c;
	*c = (struct ack_credentials){0};
}

const struct ack_client_stats *ack_client_stats(const struct ack_client *c)
{
	return &c->stats;
}

struct ack_call *ack_call_new(struct ack_client *c, const char *method,
	const char *action, struct ack_error *e)
{
	struct ack_call *call = calloc(1, sizeof(*call));

	if (!call) {
		ack_error_set(e, ENOMEM, NULL, "out of memory");
		return NULL;
	}
	call->client = c;
	call->method = method;
	call->action = action;
	ack_buf_init(&call->path, URL_MAX);
	ack_buf_init(&call->body, BODY_MAX);
	LIST_INSERT_HEAD(&c->calls, call, others);
	return call;
}

const struct ack_endpoint *ack_call_endpoint(const struct ack_call *call)
{
	return call->client->config.endpoint;
}

void ack_call_path(struct ack_call *call, const char *segment)
{
	ack_buf_putc(&call->path, '/');
	ack_percent_encode(segment, &call->path);
}

void ack_call_end(struct ack_call *call)
{
	if (call->calling_back) {
		call->dropped = true;
		return;
	}
	ack_http_cancel(call->transfer);
	LIST_REMOVE(call, others);
	ack_buf_release(&call->path);
	ack_buf_release(&call->body);
	free(call->name);
	free(call);
}

void ack_call_drop(struct ack_call *call)
{
	if (call)
		ack_call_end(call);
}

static void blot_out(char *text, const char *secret)
{
	size_t len = strlen(secret);

	while ((text = strstr(text, secret))) {
		memset(text, '*', len);
		text += len;
	}
}

void ack_call_redact(struct ack_error *e, const char *secret)
{
	if (!secret || !*secret)
		return;
	blot_out(e->message, secret);
	blot_out(e->more, secret);
}

void ack_call_failed(struct ack_call *call, struct ack_error *e)
{
	struct ack_client *c = call->client;

	/* The service quotes what it was to verify. */
	ack_call_redact(e, c->keys.token);
	ack_call_redact(e, c->keys.key_secret);
	c->stats.errors++;
	if (e->err == EAGAIN)
		c->stats.throttled++;
}

/*
 * Every try passes here when it has ended, before its call learns of it: the
 * one place where a try that is safe to repeat can be set off again.
 */
static void try_ended(
	void *arg, const struct ack_http_reply *r, const struct ack_error *e)
{
	struct ack_call *call = arg;

	call->transfer = NULL;
	call->calling_back = true;
	call->finished(call, r, e);
	call->calling_back = false;
	/* Neither dropped nor gone on to another transfer: it was the end. */
	if (call->dropped || !call->transfer)
		ack_call_end(call);
}

/* host first, then what is signed; the two that are not come last. */
static int start(struct ack_call *call, const struct ack_header *headers,
	size_t n, const struct ack_buf *url, struct ack_error *e)
{
	struct ack_client *c = call->client;
	/* libcurl makes the host header itself, of the same URL. */
	struct ack_http_request request = {
		.method = call->method,
		.url = ack_buf_text(url),
		.headers = headers + 1,
		.nheaders = n - 1,
		.body = call->has_body ? ack_buf_text(&call->body) : NULL,
		.len = call->body.len,
		.connect_timeout_ms = c->config.connect_timeout_ms,
		.timeout_ms = c->config.timeout_ms,
	};

	call->transfer = ack_http_start(
		c->config.http, &request, try_ended, call, e);
	if (!call->transfer)
		return -e->err;
	c->stats.calls++;
	return 0;
}

int ack_call_send(struct ack_call *call, struct ack_error *e)
{
	struct ack_client *c = call->client;
	struct ack_buf url = ACK_BUF_INIT(URL_MAX);
	struct ack_buf query = ACK_BUF_INIT(URL_MAX);
	struct ack_buf authorization = ACK_BUF_INIT(URL_MAX);
	char hash[ACK_SHA256_HEX], nonce[ACK_NONCE_HEX], date[ACK_DATE_LEN];
	struct ack_header headers[12];
	size_t n = 0;
	int err;

	if (!c->keys.key_id)
		return ack_error_set(
			e, ENOKEY, NULL, "there are no credentials");
	ack_sha256_hex(ack_buf_text(&call->body), call->body.len, hash);
	ack_date(time(NULL), date);
	if (ack_nonce(nonce) < 0)
		return ack_error_set(
			e, EIO, NULL, "the system gives no random numbers");

#define HEADER(name, value) headers[n++] = (struct ack_header){name, value}
	HEADER("host", c->config.endpoint->host);
	HEADER("x-acs-action", call->action);
	HEADER("x-acs-version", VERSION);
	HEADER("x-acs-date", date);
	HEADER("x-acs-signature-nonce", nonce);
	HEADER("x-acs-content-sha256", hash);
	if (call->has_body)
		HEADER("content-type", BODY_TYPE);
	if (c->keys.token) {
		HEADER("x-acs-accesskey-id", c->keys.key_id);
		HEADER("x-acs-security-token", c->keys.token);
	}
	struct ack_sign_request sign = {
		.method = call->method,
		.path = ack_buf_text(&call->path),
		.query = call->query,
		.nquery = call->nquery,
		.headers = headers,
		.nheaders = n,
		.payload_hash = hash,
	};
	err = ack_authorization(
		&sign, c->keys.key_id, c->keys.key_secret, &authorization);
	HEADER("accept", "application/json");
	HEADER("Authorization", ack_buf_text(&authorization));
#undef HEADER

	ack_canonical_query(call->query, call->nquery, &query);
	ack_buf_printf(&url, "%s%s%s%s", c->config.endpoint->url,
		ack_buf_text(&call->path), query.len ? "?" : "",
		ack_buf_text(&query));
	if (err == 0)
		err = ack_buf_status(&query);
	if (err == 0)
		err = ack_buf_status(&call->path);
	if (err == 0)
		err = ack_buf_status(&call->body);
	if (err == 0)
		err = ack_buf_status(&url);
	if (err < 0)
		ack_error_set(e, -err, NULL, "cannot sign the request: %s",
			strerror(-err));
	else
		err = start(call, headers, n, &url, e);
	ack_buf_release(&authorization);
	ack_buf_release(&query);
	ack_buf_release(&url);
	return err;
}
