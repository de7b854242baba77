/* SPDX-License-Identifier: MIT */
#include "sandbox/answer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"
#include "base/span.h"
#include "sandbox/exchange.h"

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

/* What a request holds need not be UTF-8; what quotes it is, all the same. */
static void mend(struct ack_buf *text)
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
		mend(&x->answer);
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
