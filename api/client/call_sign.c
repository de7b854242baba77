/* SPDX-License-Identifier: MIT */
/* One try of a call, signed for itself. */
#include "client/call.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "client/credentials.h"
#include "client/endpoint.h"

#define BODY_TYPE "application/json; charset=utf-8"
#define TEXT_MAX  8192 /* of a URL, or an Authorization */

/* host first, then what is signed; the two that are not come last. */
static int start(struct ack_call *call, const struct ack_header *headers,
	size_t n, const struct ack_buf *url, int64_t timeout_ms,
	ack_http_done ended, struct ack_error *e)
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
		.timeout_ms = (long)timeout_ms,
		.shared = call->paced && call->kind == ACK_READ,
	};

	call->transfer = ack_http_start(
		c->config.http, &request, ended, call, e);
	return call->transfer ? 0 : -e->err;
}

struct attempt {
	struct ack_header headers[12];
	size_t n;
	char hash[ACK_SHA256_HEX], nonce[ACK_NONCE_HEX], date[ACK_DATE_LEN];
	struct ack_buf url, query, authorization;
};

static void header(struct attempt *a, const char *name, const char *value)
{
	a->headers[a->n++] = (struct ack_header){name, value};
}

/* Keys and all that is signed only once. */
static int prepare(
	struct attempt *a, struct ack_call *call, struct ack_error *e)
{
	struct ack_client *c = call->client;
	int err = c->config.keys_check
			  ? c->config.keys_check(c->config.keys_arg, e)
			  : 0;

	if (err)
		return err;
	call->key_set = c->key_set;
	if (!c->keys.key_id)
		return ack_error_set(
			e, ENOKEY, NULL, "there are no credentials");
	if (ack_sha256_hex(ack_buf_text(&call->body), call->body.len, a->hash))
		return ack_error_memory(e, NULL);
	call->signed_at = time(NULL) + c->clock_offset;
	ack_date((time_t)call->signed_at, a->date);
	if (ack_nonce(a->nonce) < 0)
		return ack_error_set(
			e, EIO, NULL, "the system gives no random numbers");
	return 0;
}

static int sign(struct attempt *a, const struct ack_call *call)
{
	const struct ack_client *c = call->client;
	struct ack_sign_request sign = {
		.method = call->method,
		.path = ack_buf_text(&call->path),
		.query = call->query,
		.nquery = call->nquery,
		.headers = a->headers,
		.payload_hash = a->hash,
	};
	int err;

	header(a, "host", call->endpoint->host);
	header(a, "x-acs-action", call->action);
	header(a, "x-acs-version", call->version);
	header(a, "x-acs-date", a->date);
	header(a, "x-acs-signature-nonce", a->nonce);
	header(a, "x-acs-content-sha256", a->hash);
	if (call->has_body)
		header(a, "content-type", BODY_TYPE);
	if (c->keys.token) {
		header(a, "x-acs-accesskey-id", c->keys.key_id);
		header(a, "x-acs-security-token", c->keys.token);
	}
	sign.nheaders = a->n;
	err = ack_authorization(
		&sign, c->keys.key_id, c->keys.key_secret, &a->authorization);
	header(a, "accept", "application/json");
	header(a, "Authorization", ack_buf_text(&a->authorization));
	return err;
}

static int address(struct attempt *a, const struct ack_call *call)
{
	int err = ack_canonical_query(call->query, call->nquery, &a->query);

	ack_buf_printf(&a->url, "%s%s%s%s", call->endpoint->url,
		ack_buf_text(&call->path), a->query.len ? "?" : "",
		ack_buf_text(&a->query));
	if (err == 0)
		err = ack_buf_status(&a->query);
	if (err == 0)
		err = ack_buf_status(&call->path);
	if (err == 0)
		err = ack_buf_status(&call->body);
	return err ? err : ack_buf_status(&a->url);
}

int ack_call_try(struct ack_call *call, int64_t timeout_ms, ack_http_done ended,
	struct ack_error *e)
{
	struct attempt a = {.url = ACK_BUF_INIT(TEXT_MAX),
		.query = ACK_BUF_INIT(TEXT_MAX),
		.authorization = ACK_BUF_INIT(TEXT_MAX)};
	int err = prepare(&a, call, e);

	if (err)
		return err;
	err = sign(&a, call);
	if (!err)
		err = address(&a, call);
	if (err)
		ack_error_set(e, -err, NULL, "cannot sign the request: %s",
			strerror(-err));
	else
		err = start(call, a.headers, a.n, &a.url, timeout_ms, ended, e);
	ack_buf_release(&a.authorization);
	ack_buf_release(&a.query);
	ack_buf_release(&a.url);
	return err;
}
