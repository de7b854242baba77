/* SPDX-License-Identifier: MIT */
/*
 * Version 2 of the service wants a token first. Without one, and when a
 * request with it fails, version 1 is tried, unless that is turned off.
 */
#include "keys/source_metadata.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/span.h"
#include "base/text.h"
#include "base/variable.h"
#include "client/sign.h"
#include "http/http.h"
#include "http/url.h"
#include "keys/inquiry.h"
#include "keys/source.h"

#define HOST      "100.100.100.200"
#define ROLES     "/latest/meta-data/ram/security-credentials/"
#define TIMEOUT   1000 /* to connect, and for the answer */
#define TOKEN_TTL "21600"

bool ack_metadata_is(const char *host)
{
	return strcmp(host, HOST) == 0;
}

/*
 * http://100.100.100.200; or what ACKFS_ECS_METADATA_URL says, if that is of
 * this machine, to try ackfs without a metadata service (no SDK knows that
 * name). NULL when it is something else.
 */
static const char *ack_metadata_url(void)
{
	const char *url = ACK_VARIABLE("ACKFS_ECS_METADATA_URL");
	struct ack_error e;
	struct ack_url u;

	if (!url)
		return "http://" HOST;
	return ack_url_parse(url, &u, &e) == 0 && u.loopback && !*u.rest ? url
									 : NULL;
}

static void ask(struct ack_inquiry *q, const char *method, const char *path,
	const struct ack_header *header, ack_inquiry_then then)
{
	const char *base = ack_metadata_url();
	struct ack_buf url = ACK_BUF_INIT(1024);

	ack_buf_printf(&url, "%s%s", base ? base : "", path);
	const struct ack_http_request r = {
		.method = method,
		.url = ack_buf_text(&url),
		.headers = header,
		.nheaders = *header->value ? 1 : 0,
		.connect_timeout_ms = TIMEOUT,
		.timeout_ms = 2 * TIMEOUT,
	};
	ack_inquiry_ask(q, &r, then);
	ack_buf_release(&url);
}

static void ask_role(
	struct ack_inquiry *q, const char *path, ack_inquiry_then then)
{
	const struct ack_header token = {
		"X-aliyun-ecs-metadata-token", q->metadata_token};

	ask(q, "GET", path, &token, then);
}

/* True when the last request was made anew by version 1. */
static bool fall_back(struct ack_inquiry *q, const struct ack_http_reply *r,
	const char *path, ack_inquiry_then then)
{
	if (r->err || r->status == 200 || !*q->metadata_token ||
		ack_variable_true("ALIBABA_CLOUD_IMDSV1_DISABLED"))
		return false;
	strcpy(q->metadata_token, "");
	ask_role(q, path, then);
	return true;
}

static void put_path(const struct ack_inquiry *q, struct ack_buf *path)
{
	ack_buf_puts(path, ROLES);
	ack_percent_encode(q->text, path);
}

static void got_keys(struct ack_inquiry *q, const struct ack_http_reply *r,
	const struct ack_error *e)
{
	struct ack_buf path = ACK_BUF_INIT(1024);

	put_path(q, &path);
	bool again = fall_back(q, r, ack_buf_text(&path), got_keys);
	ack_buf_release(&path);
	if (again)
		return;
	struct ack_json *root = ack_inquiry_answer(q, r, e);
	const char *code = ack_json_get_string(root, "Code");
	if (root && code && strcmp(code, "Success") == 0) {
		snprintf(q->keys.identity, sizeof(q->keys.identity),
			"ecs-role-%.64s", q->text);
		ack_inquiry_take(q, root, &ack_key_names, r->date);
	} else {
		if (root)
			ack_buf_puts(&q->why,
				ack_text("it has no keys of the role"));
		ack_inquiry_failed(q);
	}
	ack_json_free(root);
}

static void ask_keys(struct ack_inquiry *q)
{
	struct ack_buf path = ACK_BUF_INIT(1024);

	if (!*q->keys.source)
		snprintf(q->keys.source, sizeof(q->keys.source),
			"ECS instance role %.64s", q->text);
	put_path(q, &path);
	ask_role(q, ack_buf_text(&path), got_keys);
	ack_buf_release(&path);
}

/* The names of the roles, one a line; an instance has one at most. */
static void got_role(struct ack_inquiry *q, const struct ack_http_reply *r,
	const struct ack_error *e)
{
	if (fall_back(q, r, ROLES, got_role))
		return;
	struct ack_span rest = {r->body, r->len};
	struct ack_span name = ack_span_trim(ack_span_cut(&rest, "\n"));
	if (r->err)
		ack_buf_puts(&q->why, e->message);
	else if (r->status == 404 || (r->status == 200 && name.len == 0))
		ack_buf_puts(&q->why, ack_text("the instance has no role"));
	else if (r->status != 200)
		ack_buf_printf(&q->why, "refused (HTTP %d)", r->status);
	else if (name.len > 64 || !ack_span_only(name, ".@-_"))
		ack_buf_puts(
			&q->why, ack_text("the name of the role is not one"));
	else {
		snprintf(q->text, sizeof(q->text), "%.*s", (int)name.len,
			name.text);
		ask_keys(q);
		return;
	}
	ack_inquiry_failed(q);
}

static void got_token(struct ack_inquiry *q, const struct ack_http_reply *r,
	const struct ack_error *e)
{
	struct ack_span rest = {r->body, r->len};
	const struct ack_span token = ack_span_trim(ack_span_cut(&rest, "\n"));
	bool good = !r->err && r->status == 200 && token.len > 0 &&
		    token.len < sizeof(q->metadata_token);

	if (good) {
		snprintf(q->metadata_token, sizeof(q->metadata_token), "%.*s",
			(int)token.len, token.text);
	} else if ((r->err && !r->left) ||
		   ack_variable_true("ALIBABA_CLOUD_IMDSV1_DISABLED")) {
		/* Nobody listens there: version 1 would wait in vain, too. */
		if (r->err)
			ack_buf_puts(&q->why, e->message);
		else
			ack_buf_printf(&q->why,
				"no token of version 2 (HTTP %d), and version "
				"1 is turned off",
				r->status);
		ack_inquiry_failed(q);
		return;
	}
	if (*q->text)
		ask_keys(q);
	else
		ask_role(q, ROLES, got_role);
}

void ack_metadata_ask(struct ack_inquiry *q, const char *role)
{
	static const struct ack_header lifetime = {
		"X-aliyun-ecs-metadata-token-ttl-seconds", TOKEN_TTL};

	if (!role)
		role = "";
	if (ack_variable_true("ALIBABA_CLOUD_ECS_METADATA_DISABLED"))
		ack_buf_puts(
			&q->why, ack_text("turned off by the environment"));
	else if (!ack_metadata_url())
		ack_buf_puts(
			&q->why, ack_text("ACKFS_ECS_METADATA_URL is not an "
					  "address of this machine"));
	else if (strlen(role) > 64 || !ack_span_only(ack_span_of(role), ".@-_"))
		ack_buf_puts(
			&q->why, ack_text("the name of the role is not one"));
	else {
		strcpy(q->text, role);
		ask(q, "PUT", "/latest/api/token", &lifetime, got_token);
		return;
	}
	ack_inquiry_failed(q);
}

void ack_source_metadata(struct ack_inquiry *q)
{
	ack_metadata_ask(q, ACK_VARIABLE("ALIBABA_CLOUD_ECS_METADATA",
				    "ALICLOUD_ECS_ROLE_NAME"));
}
