/* SPDX-License-Identifier: MIT */
#include "keys/inquiry.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "base/length.h"
#include "base/text.h"
#include "http/http.h"
#include "http/url.h"
#include "keys/source.h"
#include "keys/source_metadata.h"
#include "keys/sts.h"

#define WHY_MAX 16384 /* more than a source says */

const struct ack_source ack_sources[] = {
	{"environment", false, ack_source_environment},
	{"credentials directory", false, ack_source_directory},
	{"OIDC", false, ack_source_oidc},
	{"aliyun CLI", true, ack_source_cli},
	{"credentials file", true, ack_source_ini},
	{"ECS metadata", false, ack_source_metadata},
	{"credentials URI", false, ack_source_uri},
};
const size_t ack_sources_count = LENGTH(ack_sources);

static void forget_source(struct ack_inquiry *q)
{
	ack_http_cancel(q->transfer);
	q->transfer = NULL;
	ack_process_stop(&q->process);
	while (q->nroles > 0)
		ack_role_release(&q->roles[--q->nroles]);
	ack_buf_release(&q->why);
	ack_buf_init(&q->why, WHY_MAX);
	explicit_bzero(q->text, sizeof(q->text));
	explicit_bzero(q->metadata_token, sizeof(q->metadata_token));
}

void ack_inquiry_stop(struct ack_inquiry *q)
{
	forget_source(q);
	ack_credentials_release(&q->keys);
	ack_keyfiles_release(&q->files);
	q->asking = false;
}

static void end(struct ack_inquiry *q)
{
	forget_source(q);
	q->asking = false;
	q->done(q->arg);
}

static void ask(struct ack_inquiry *q)
{
	const struct ack_source *s = &ack_sources[q->source];

	if (q->profile && !s->has_profiles) {
		ack_buf_puts(
			&q->why, ack_text("not asked: a profile was named"));
		ack_inquiry_failed(q);
		return;
	}
	s->ask(q);
}

void ack_inquiry_start(struct ack_inquiry *q, int source)
{
	ack_inquiry_stop(q);
	q->asking = true;
	q->only = source != ACK_INQUIRY_ALL;
	q->source = q->only ? source : 0;
	ack_error_set(&q->error, ENOKEY, NULL,
		q->only ? "the keys cannot be renewed"
			: "no credentials were found");
	if (!q->only)
		ack_error_hint(&q->error,
			"set ALIBABA_CLOUD_ACCESS_KEY_ID and "
			"ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun "
			"configure`");
	ask(q);
}

void ack_inquiry_found(struct ack_inquiry *q)
{
	if (q->nroles > 0) {
		struct ack_role role = q->roles[--q->nroles];

		q->roles[q->nroles] = (struct ack_role){0};
		ack_sts_assume(q, &role);
		ack_role_release(&role);
		return;
	}
	memcpy(q->keys.warning, q->files.warning, sizeof(q->keys.warning));
	ack_error_clear(&q->error);
	end(q);
}

/* Another source might serve, and with the keys of another account. */
static bool is_short_of_memory(struct ack_inquiry *q)
{
	if (!q->why.failed)
		return false;
	ack_error_memory(&q->error, NULL);
	ack_credentials_release(&q->keys);
	ack_keyfiles_release(&q->files);
	end(q);
	return true;
}

void ack_inquiry_failed(struct ack_inquiry *q)
{
	if (is_short_of_memory(q))
		return;
	ack_error_more(&q->error, "%s: %s", ack_sources[q->source].name,
		ack_buf_text(&q->why));
	forget_source(q);
	ack_credentials_release(&q->keys);
	ack_keyfiles_release(&q->files);
	if (!q->only && (size_t)q->source + 1 < ack_sources_count) {
		q->source++;
		ask(q);
		return;
	}
	end(q);
}

struct ack_role *ack_inquiry_role(struct ack_inquiry *q)
{
	if (q->nroles == ACK_INQUIRY_ROLES)
		return NULL;
	return &q->roles[q->nroles++];
}

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
		"http:// is allowed to this machine only; %s needs https://",
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
		ack_buf_puts(&q->why,
			ack_text(root ? "the answer is JSON, but no object"
				      : "the answer is not JSON"));
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
