/* SPDX-License-Identifier: MIT */
/* What the sources that ask a server have in common. */
#include "keys/inquiry.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "http/http.h"
#include "http/url.h"
#include "keys/metadata.h"

#define CONNECT_MS 5000
#define TOTAL_MS   15000

const struct ack_key_names ack_key_names = {
	"AccessKeyId", "AccessKeySecret", "SecurityToken", "Expiration"};

static void answered(
	void *arg, const struct ack_http_reply *r, const struct ack_error *e)
{
	struct ack_inquiry *q = arg;

	q->transfer = NULL;
	q->then(q, r, e);
}

/* Keys go over https, or no further than the host. */
static bool is_private(const char *text, struct ack_buf *why)
{
	struct ack_error e;
	struct ack_url u;

	if (ack_url_parse(text, &u, &e) < 0) {
		ack_buf_puts(why, e.message);
		return false;
	}
	if (u.https || u.loopback || ack_metadata_is(u.name))
		return true;
	ack_buf_printf(why,
		"http:// is spoken with this machine only; %s "
		"needs https://",
		u.host);
	return false;
}

void ack_inquiry_ask(struct ack_inquiry *q, const struct ack_http_request *r,
	ack_inquiry_then then)
{
	struct ack_http_request request = *r;
	struct ack_error e;

	if (request.connect_timeout_ms == 0)
		request.connect_timeout_ms = CONNECT_MS;
	if (request.timeout_ms == 0)
		request.timeout_ms = TOTAL_MS;
	request.plain_http = true; /* as far as is_private() lets it */
	if (!is_private(r->url, &q->why)) {
		ack_inquiry_failed(q);
		return;
	}
	q->then = then;
	q->transfer = ack_http_start(q->http, &request, answered, q, &e);
	if (!q->transfer) {
		ack_buf_puts(&q->why, e.message);
		q->why.failed |= e.err == ENOMEM;
		ack_inquiry_failed(q);
	}
}

/* A code is a word, such as NoPermission; anything else is not repeated. */
static bool is_code(const char *text)
{
	return text && strlen(text) < 80 && *text &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
			    "YZ0123456789._-") == strlen(text);
}

struct ack_json *ack_inquiry_answer(struct ack_inquiry *q,
	const struct ack_http_reply *r, const struct ack_error *e)
{
	size_t where;

	if (r->err) {
		ack_buf_puts(&q->why, e->message);
		q->why.failed |= e->err == ENOMEM;
		return NULL;
	}
	struct ack_json *root = ack_json_parse_answer(r->body, r->len, &where);
	const char *code = ack_json_get_string(root, "Code");
	if (r->status == 200 && ack_json_is_object(root))
		return root;
	q->why.failed |= !root && where == ACK_JSON_NO_MEMORY;
	if (r->status == 200)
		ack_buf_puts(&q->why, root ? "the answer is JSON, but no object"
					   : "the answer is not JSON");
	else if (is_code(code))
		ack_buf_printf(
			&q->why, "refused with %s (HTTP %d)", code, r->status);
	else
		ack_buf_printf(&q->why, "refused (HTTP %d)", r->status);
	ack_json_free(root);
	return NULL;
}

void ack_inquiry_take(struct ack_inquiry *q, const struct ack_json *object,
	const struct ack_key_names *names, int64_t date)
{
	int err = ack_credentials_take(&q->keys,
		ack_json_get_string(object, names->key_id),
		ack_json_get_string(object, names->key_secret),
		ack_json_get_string(object, names->token), &q->why);

	if (err < 0) {
		ack_inquiry_failed(q);
		return;
	}
	ack_credentials_expire(
		&q->keys, ack_json_get_string(object, names->expiration), date);
	ack_inquiry_found(q);
}
