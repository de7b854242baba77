/* SPDX-License-Identifier: MIT */
#include "keys/sts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/length.h"
#include "base/text.h"
#include "http/http.h"
#include "http/url.h"
#include "keys/inquiry.h"
#include "keys/rpc.h"

#define VERSION  "2015-04-01"
#define TEXT_MAX (1u << 17)
#define QUERIES  10
#define ALL      18

/* The parameters of a call: the first `nquery` in the URL, the rest a form. */
struct call {
	const char *action;
	struct ack_query all[ALL];
	size_t nquery, n;
	char date[ACK_DATE_LEN], nonce[ACK_NONCE_HEX], seconds[24];
	char signature[ACK_HMAC_SHA1_BASE64];
};

static void put(struct call *c, const char *name, const char *value)
{
	if (value)
		c->all[c->n++] = (struct ack_query){name, value};
}

/* The query goes into the URL, its last parameter is the signature, if any. */
static void put_query(struct call *c, const char *action)
{
	c->action = action;
	ack_date(time(NULL), c->date);
	put(c, "Version", VERSION);
	put(c, "Action", action);
	put(c, "Format", "JSON");
	put(c, "Timestamp", c->date);
}

static void put_form(struct call *c, const struct ack_role *role)
{
	snprintf(c->seconds, sizeof(c->seconds), "%" PRId64, role->seconds);
	c->nquery = c->n;
	put(c, "RoleArn", role->arn);
	put(c, "RoleSessionName", role->session);
	put(c, "DurationSeconds", c->seconds);
	put(c, "Policy", role->policy);
}

static void answered(struct ack_inquiry *q, const struct ack_http_reply *r,
	const struct ack_error *e)
{
	struct ack_json *root = ack_inquiry_answer(q, r, e);

	if (root)
		ack_inquiry_take(q, ack_json_get(root, "Credentials"),
			&ack_key_names, r->date);
	else
		ack_inquiry_failed(q);
	ack_json_free(root);
}

/* Only a host: what a region or an endpoint holds must not add a path. */
static bool put_url(
	const struct ack_role *role, struct ack_buf *url, struct ack_buf *why)
{
	struct ack_error e;
	struct ack_url u;

	ack_role_sts(role, url);
	if (ack_url_parse(ack_buf_text(url), &u, &e) < 0) {
		ack_buf_printf(why, "the address of the STS: %s", e.message);
		return false;
	}
	if (*u.rest) {
		ack_buf_puts(
			why, ack_text("the address of the STS has a path"));
		return false;
	}
	ack_buf_printf(why, "AssumeRole of %.160s: ", role->arn);
	return true;
}

static void send_call(
	struct ack_inquiry *q, const struct call *c, struct ack_buf *url)
{
	static const struct ack_header headers[] = {
		{"Content-Type", "application/x-www-form-urlencoded"},
		{"Accept", "application/json"},
	};
	struct ack_buf form = ACK_BUF_INIT(TEXT_MAX);
	struct ack_query query[QUERIES];
	size_t n = c->nquery;

	memcpy(query, c->all, n * sizeof(*query));
	if (*c->signature)
		query[n++] = (struct ack_query){"Signature", c->signature};
	ack_buf_puts(url, "/?");
	int err = ack_canonical_query(query, n, url);
	if (err == 0)
		err = ack_canonical_query(
			c->all + c->nquery, c->n - c->nquery, &form);
	const struct ack_http_request r = {
		.method = "POST",
		.url = ack_buf_text(url),
		.headers = headers,
		.nheaders = LENGTH(headers),
		.body = ack_buf_text(&form),
		.len = form.len,
	};
	if (err < 0 || ack_buf_status(url) < 0 || ack_buf_status(&form) < 0) {
		q->why.failed = true;
		ack_inquiry_failed(q);
	} else {
		ack_inquiry_ask(q, &r, answered);
	}
	ack_buf_release(&form);
}

void ack_sts_assume(struct ack_inquiry *q, struct ack_role *role)
{
	struct ack_buf url = ACK_BUF_INIT(TEXT_MAX);
	struct call c = {.n = 0};

	if (!ack_role_check(role, &q->why) || !put_url(role, &url, &q->why) ||
		ack_nonce(c.nonce) < 0) {
		ack_inquiry_failed(q);
		goto out;
	}
	put_query(&c, "AssumeRole");
	put(&c, "SignatureMethod", "HMAC-SHA1");
	put(&c, "SignatureVersion", "1.0");
	put(&c, "SignatureNonce", c.nonce);
	put(&c, "AccessKeyId", q->keys.key_id);
	put(&c, "SecurityToken", q->keys.token);
	put_form(&c, role);
	put(&c, "ExternalId", role->external_id);
	if (ack_rpc_signature(c.all, c.n, q->keys.key_secret, c.signature) <
		0) {
		q->why.failed = true;
		ack_inquiry_failed(q);
		goto out;
	}
	snprintf(q->keys.identity, sizeof(q->keys.identity), "%s", role->arn);
	send_call(q, &c, &url);
out:
	ack_buf_release(&url);
}

void ack_sts_assume_with_oidc(struct ack_inquiry *q, struct ack_role *role,
	const char *provider_arn, const char *token_file)
{
	struct ack_buf url = ACK_BUF_INIT(TEXT_MAX);
	struct ack_buf token = ACK_BUF_INIT(ACK_KEYFILE_SIZE);
	struct ack_keyfiles rotating = {.n = 0}; /* not a reason to ask anew */
	struct call c = {.n = 0};

	if (!ack_role_check(role, &q->why) ||
		ack_keyfile_read(&rotating, token_file, &token, &q->why) < 0 ||
		!put_url(role, &url, &q->why)) {
		ack_inquiry_failed(q);
		goto out;
	}
	while (token.len > 0 && strchr("\r\n", token.data[token.len - 1]))
		token.data[--token.len] = '\0';
	put_query(&c, "AssumeRoleWithOIDC");
	put_form(&c, role);
	put(&c, "OIDCProviderArn", provider_arn);
	put(&c, "OIDCToken", ack_buf_text(&token));
	snprintf(q->keys.identity, sizeof(q->keys.identity), "%s", role->arn);
	send_call(q, &c, &url);
out:
	ack_keyfiles_release(&rotating);
	ack_buf_release(&token);
	ack_buf_release(&url);
}
