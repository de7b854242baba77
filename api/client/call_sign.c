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

int ack_call_try(struct ack_call *call, int64_t timeout_ms, ack_http_done ended,
	struct ack_error *e)
{
	struct ack_client *c = call->client;
	struct ack_buf url = ACK_BUF_INIT(TEXT_MAX);
	struct ack_buf query = ACK_BUF_INIT(TEXT_MAX);
	struct ack_buf authorization = ACK_BUF_INIT(TEXT_MAX);
	char hash[ACK_SHA256_HEX], nonce[ACK_NONCE_HEX], date[ACK_DATE_LEN];
	struct ack_header headers[12];
	size_t n = 0;
	int err = c->config.keys_check
			  ? c->config.keys_check(c->config.keys_arg, e)
			  : 0;

	if (err)
		return err;
	call->key_set = c->key_set;
	if (!c->keys.key_id)
		return ack_error_set(
			e, ENOKEY, NULL, "there are no credentials");
	if (ack_sha256_hex(ack_buf_text(&call->body), call->body.len, hash))
		return ack_error_set(e, ENOMEM, NULL, "out of memory");
	call->signed_at = time(NULL) + c->clock_offset;
	ack_date((time_t)call->signed_at, date);
	if (ack_nonce(nonce) < 0)
		return ack_error_set(
			e, EIO, NULL, "the system gives no random numbers");

#define HEADER(name, value) headers[n++] = (struct ack_header){name, value}
	HEADER("host", call->endpoint->host);
	HEADER("x-acs-action", call->action);
	HEADER("x-acs-version", call->version);
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

	if (err == 0)
		err = ack_canonical_query(call->query, call->nquery, &query);
	ack_buf_printf(&url, "%s%s%s%s", call->endpoint->url,
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
		err = start(call, headers, n, &url, timeout_ms, ended, e);
	ack_buf_release(&authorization);
	ack_buf_release(&query);
	ack_buf_release(&url);
	return err;
}
