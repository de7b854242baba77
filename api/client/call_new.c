/* SPDX-License-Identifier: MIT */
/* A call from its request to its end, but for what happens in between. */
#include "client/call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/wipe.h"

#define URL_MAX  8192
#define BODY_MAX (4u << 20)

/* So many bytes of a secret are taken for it, at the end of a text fewer. */
#define QUOTE_LONG 16
#define QUOTE_CUT  4

static int add_id(struct ack_call *call, const char *id, struct ack_error *e)
{
	if (!id || !*id || !strcmp(id, ".") || !strcmp(id, ".."))
		return ack_error_set(
			e, EINVAL, NULL, "“%s” is not an ID", id ? id : "");
	ack_percent_encode(id, &call->path);
	return 0;
}

static int make_path(struct ack_call *call, const char *pattern,
	const struct ack_request *r, struct ack_error *e)
{
	unsigned ids = 0;
	int ret = 0;

	for (const char *p = pattern; *p && !ret; p++) {
		if (strncmp(p, "{}", 2)) {
			ack_buf_putc(&call->path, *p);
			continue;
		}
		ret = add_id(call, r->ids[ids++], e);
		p++;
	}
	return ret;
}

/* The values move while the buffer grows, so they are pointed at last. */
static void copy_query(struct ack_call *call, const struct ack_request *r)
{
	size_t at[ACK_REQUEST_QUERIES];

	for (unsigned i = 0; i < ACK_REQUEST_QUERIES; i++) {
		if (!r->query[i].value)
			continue;
		at[call->nquery] = call->values.len;
		call->query[call->nquery++].name = r->query[i].name;
		ack_buf_put(&call->values, r->query[i].value,
			strlen(r->query[i].value) + 1);
	}
	for (unsigned i = 0; i < call->nquery && !call->values.failed; i++)
		call->query[i].value = call->values.data + at[i];
}

static struct ack_call *allocate(struct ack_client *c, struct ack_error *e)
{
	struct ack_call *call = calloc(1, sizeof(*call));

	if (!call) {
		ack_error_set(e, ENOMEM, NULL, "out of memory");
		return NULL;
	}
	call->client = c;
	call->timer = (struct ack_timer){.fire = ack_call_again, .arg = call};
	call->turn = (struct ack_pace_turn){.come = ack_call_turn, .arg = call};
	ack_buf_init(&call->path, URL_MAX);
	ack_buf_init(&call->values, URL_MAX);
	ack_buf_init(&call->body, BODY_MAX);
	call->body.secret = true;
	LIST_INSERT_HEAD(&c->calls, call, others);
	return call;
}

struct ack_call *ack_call_copy(const struct ack_call *of, struct ack_error *e)
{
	struct ack_call *call = allocate(of->client, e);
	const char *values = of->values.data;

	if (!call)
		return NULL;
	call->kind = of->kind;
	call->array = of->array;
	call->method = of->method;
	call->action = of->action;
	call->version = of->version;
	call->paced = of->paced;
	call->turn.patient = of->turn.patient;
	call->endpoint = of->endpoint;
	ack_buf_put(&call->path, of->path.data, of->path.len);
	ack_buf_put(&call->values, values, of->values.len);
	if (call->path.failed || call->values.failed) {
		ack_error_set(e, ENOMEM, NULL, "out of memory");
		ack_call_end(call);
		return NULL;
	}
	for (; call->nquery < of->nquery; call->nquery++) {
		const struct ack_query *q = &of->query[call->nquery];

		call->query[call->nquery] = (struct ack_query){q->name,
			q->value == of->page_number
				? call->page_number
				: call->values.data + (q->value - values)};
	}
	return call;
}

struct ack_call *ack_call_new(
	struct ack_client *c, const struct ack_request *r, struct ack_error *e)
{
	const struct ack_call_row *row = &ack_call_rows[r->action];
	struct ack_call *call = allocate(c, e);

	if (!call)
		return NULL;
	call->kind = row->kind;
	call->method = row->method;
	call->action = row->action;
	call->array = row->array;
	call->version = row->version ? row->version : "2015-12-15";
	call->paced = r->paced;
	call->turn.patient = r->patient;
	call->endpoint = r->endpoint ? r->endpoint : c->config.endpoint;
	call->has_body = r->body;
	if (r->body)
		ack_buf_put(&call->body, r->body, r->len);
	copy_query(call, r);
	if (!make_path(call, row->path, r, e))
		return call;
	ack_call_end(call);
	return NULL;
}

void ack_call_end(struct ack_call *call)
{
	if (call->calling_back) {
		call->dropped = true;
		return;
	}
	ack_call_end_pages(call);
	if (call->list)
		LIST_REMOVE(call, other_pages);
	ack_timer_cancel(call->client->config.events, &call->timer);
	ack_pace_leave(&call->client->pace, &call->turn);
	ack_http_cancel(call->transfer);
	LIST_REMOVE(call, others);
	if (LIST_EMPTY(&call->client->calls))
		ack_credentials_release(&call->client->past);
	ack_buf_release(&call->path);
	ack_buf_release(&call->values);
	ack_buf_release(&call->body);
	ack_wipe_free(call->last);
	free(call);
}

void ack_call_drop(struct ack_call *call)
{
	if (call)
		ack_call_end(call);
}

/*
 * How many bytes of the secret stand there: of one that was cut off with the
 * text, too, for a token is longer than a message may be.
 */
static size_t quoted(const char *at, const char *secret)
{
	size_t n = 0;

	while (secret[n] && at[n] == secret[n])
		n++;
	bool ends = !at[n] || strncmp(at + n, "...", 3) == 0;
	return !secret[n] || n >= QUOTE_LONG || (ends && n >= QUOTE_CUT) ? n
									 : 0;
}

static void blot_out(char *text, const char *secret)
{
	while ((text = strchr(text, *secret))) {
		size_t n = quoted(text, secret);

		memset(text, '*', n);
		text += n ? n : 1;
	}
}

void ack_call_redact(struct ack_error *e, const char *secret)
{
	if (!secret || !*secret)
		return;
	blot_out(e->code, secret);
	blot_out(e->message, secret);
	blot_out(e->request_id, secret);
	blot_out(e->hint, secret);
	blot_out(e->more, secret);
}

/* A refusal may quote the value that it refuses; not a password. */
static void hide_passwords(struct ack_error *e, const struct ack_json *n)
{
	for (n = ack_json_first(n); n; n = ack_json_next(n)) {
		const char *key = ack_json_key(n);

		if (strcmp(key, "login_password") == 0)
			ack_call_redact(e, ack_json_string(n));
		hide_passwords(e, n);
	}
}

static void hide_secrets(struct ack_call *call, struct ack_error *e)
{
	size_t where;
	struct ack_json *body = ack_json_parse(
		ack_buf_text(&call->body), call->body.len, &where);

	hide_passwords(e, body);
	ack_json_free(body);
}

void ack_call_failed(struct ack_call *call, struct ack_error *e)
{
	struct ack_client *c = call->client;

	/* The service quotes what it was to verify. */
	ack_call_redact(e, c->keys.token);
	ack_call_redact(e, c->keys.key_secret);
	ack_call_redact(e, c->past.token);
	ack_call_redact(e, c->past.key_secret);
	if (call->has_body)
		hide_secrets(call, e);
	c->stats.errors++;
	if (call->tries > 1)
		ack_error_more(e, "tries: %u", call->tries);
}
