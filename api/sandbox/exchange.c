/* SPDX-License-Identifier: MIT */
#include "sandbox/exchange.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/span.h"

int exchange_init(struct exchange *x, const char *uri)
{
	ack_buf_init(&x->body, EXCHANGE_BODY_MAX);
	ack_buf_init(&x->answer, EXCHANGE_ANSWER_MAX);
	x->uri = strdup(uri);
	return x->uri ? 0 : -ENOMEM;
}

void exchange_release(struct exchange *x)
{
	target_release(&x->target);
	ack_buf_release(&x->body);
	ack_buf_release(&x->answer);
	free(x->uri);
	x->uri = NULL;
}

const char *exchange_header(const struct exchange *x, const char *name)
{
	for (size_t i = 0; i < x->nheaders; i++)
		if (strcasecmp(x->headers[i].name, name) == 0)
			return x->headers[i].value;
	return NULL;
}

uint64_t exchange_size(const struct exchange *x)
{
	return x->answer.len > x->pad ? x->answer.len : x->pad;
}

ssize_t exchange_read(
	const struct exchange *x, uint64_t pos, char *out, size_t size)
{
	uint64_t end = x->cut ? x->cut : exchange_size(x);

	if (pos >= end)
		return x->cut ? -1 : 0;
	if (size > end - pos)
		size = (size_t)(end - pos);
	if (pos >= x->answer.len) {
		memset(out, ' ', size);
		return (ssize_t)size;
	}
	if (size > x->answer.len - pos)
		size = x->answer.len - (size_t)pos;
	memcpy(out, x->answer.data + pos, size);
	return (ssize_t)size;
}

static const char json_type[] = "application/json; charset=utf-8";

void answer_text(
	struct exchange *x, int status, const char *type, const char *text)
{
	x->status = status;
	x->type = type;
	ack_buf_clear(&x->answer);
	ack_buf_puts(&x->answer, text);
}

void answer_nothing(struct exchange *x)
{
	answer_text(x, 200, json_type, "");
}

void answer_broken(struct exchange *x)
{
	x->answer.failed = false;
	answer_text(x, 500, json_type,
		"{\"code\":\"InternalError\","
		"\"message\":\"The sandbox has run out of memory.\"}");
}

/* A request need not be UTF-8; an answer that quotes it must be. */
static void make_utf8(struct ack_buf *text)
{
	size_t n;

	for (size_t i = 0; i < text->len; i += n) {
		n = ack_utf8_next(text->data + i, text->len - i);
		if (n && n != ACK_UTF8_SHORT)
			continue;
		text->data[i] = '?';
		n = 1;
	}
}

void answer_json(struct exchange *x, int status, struct ack_json *root, int rc)
{
	if (rc == 0 && root) {
		answer_text(x, status, json_type, "");
		ack_json_print(root, false, &x->answer);
		make_utf8(&x->answer);
		rc = ack_buf_status(&x->answer);
	} else {
		rc = -ENOMEM;
	}
	ack_json_free(root);
	if (rc < 0)
		answer_broken(x);
}

/* The two families of keys. */
struct keys {
	const char *code, *message, *id;
};

static const struct keys upper = {"Code", "Message", "RequestId"};
static const struct keys lower = {"code", "message", "requestId"};

static struct ack_json *refusal(const struct exchange *x,
	const struct keys *own, const char *code, const char *message, int *rc)
{
	struct ack_json *root = ack_json_object();
	const struct keys *k = x->spelling == SPELLING_UPPER   ? &upper
			       : x->spelling == SPELLING_LOWER ? &lower
							       : own;

	if (!root) {
		*rc = -ENOMEM;
		return NULL;
	}
	*rc |= ack_json_add_string(root, k->code, code);
	*rc |= ack_json_add_string(root, k->message, message);
	*rc |= ack_json_add_string(root, k->id, x->request_id);
	return root;
}

void answer_gateway(
	struct exchange *x, int status, const char *code, const char *fmt, ...)
{
	char message[2048];
	va_list ap;
	int rc = 0;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	struct ack_json *root = refusal(x, &upper, code, message, &rc);
	if (root)
		rc |= ack_json_add_string(root, "HostId", "cs.sandbox");
	answer_json(x, status, root, rc);
}

void answer_service(struct exchange *x, int status, const char *code,
	const char *message, struct ack_json *data)
{
	char digits[16];
	int rc = 0;
	struct ack_json *root = refusal(x, &lower, code, message, &rc);

	snprintf(digits, sizeof(digits), "%d", status);
	if (root)
		rc |= ack_json_add(root, "status", ack_json_new_number(digits));
	if (root && data)
		rc |= ack_json_add(root, "data", data);
	else
		ack_json_free(data);
	answer_json(x, status, root, rc);
}
