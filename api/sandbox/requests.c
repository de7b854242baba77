/* SPDX-License-Identifier: MIT */
#include "sandbox/requests.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "sandbox/clock.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/router.h"

static void forget(struct request *q)
{
	free(q->path);
	free(q->nonce);
	free(q->body);
	*q = (struct request){0};
}

void requests_release(struct requests *r)
{
	for (size_t i = 0; i < r->size; i++)
		forget(&r->ring[i]);
	free(r->ring);
	*r = (struct requests){NULL};
}

/* Grows while the ring is full and may; afterwards the oldest goes. */
static int make_room(struct requests *r)
{
	if (r->count < r->size || r->size == REQUESTS_MAX)
		return 0;
	size_t size = r->size ? r->size * 2 : 256;
	struct request *ring = reallocarray(r->ring, size, sizeof(*ring));

	if (!ring)
		return -ENOMEM;
	memset(ring + r->size, 0, (size - r->size) * sizeof(*ring));
	r->ring = ring;
	r->size = size;
	return 0;
}

/* What is no JSON is not kept. 0 or -ENOMEM. */
static int keep_body(struct request *q, const struct exchange *x)
{
	struct ack_buf text = ACK_BUF_INIT(EXCHANGE_BODY_MAX);
	size_t where;
	struct ack_json *root = ack_json_parse(
		ack_buf_text(&x->body), x->body.len, &where);
	struct ack_json *copy = root ? document_copy(root) : NULL;
	int rc = 0;

	if (copy) {
		ack_json_print(copy, false, &text);
		rc = ack_buf_status(&text);
		q->body = rc ? NULL : strdup(ack_buf_text(&text));
		rc = q->body ? 0 : -ENOMEM;
	}
	ack_json_free(copy);
	ack_json_free(root);
	ack_buf_release(&text);
	return rc;
}

int requests_add(struct requests *r, struct exchange *x, int64_t now_ms)
{
	const char *nonce = exchange_header(x, "x-acs-signature-nonce");

	if (make_room(r) < 0)
		return -ENOMEM;
	struct request *q = &r->ring[r->count % r->size];
	forget(q);
	q->path = strdup(x->uri);
	q->nonce = strdup(nonce ? nonce : "");
	if (!q->path || !q->nonce || keep_body(q, x) < 0) {
		forget(q);
		return -ENOMEM;
	}
	q->serial = x->serial = ++r->count;
	q->time_ms = now_ms;
	strcpy(q->method, x->method);
	strcpy(q->request_id, x->request_id);
	q->action = x->route ? x->route->action : "";
	q->outcome = "pending";
	return 0;
}

void requests_end(struct requests *r, const struct exchange *x)
{
	static const char *const outcomes[] = {
		[EXCHANGE_SEND] = "answered",
		[EXCHANGE_DROP] = "dropped",
		[EXCHANGE_WAIT] = "held",
	};

	if (x->serial == 0)
		return;
	struct request *q = &r->ring[(x->serial - 1) % r->size];
	if (q->serial != x->serial)
		return; /* forgotten meanwhile */
	q->outcome = outcomes[x->verdict];
	q->status = x->verdict == EXCHANGE_SEND ? x->status : 0;
	q->executed = x->executed;
}

static struct ack_json *request_json(const struct request *q, int *rc)
{
	struct ack_json *o = ack_json_object();
	char time[CLOCK_TEXT], serial[24], status[16];
	size_t where;

	if (!o)
		return NULL;
	clock_rfc3339(q->time_ms, time);
	snprintf(serial, sizeof(serial), "%" PRIu64, q->serial);
	snprintf(status, sizeof(status), "%d", q->status);
	*rc |= ack_json_add(o, "serial", ack_json_new_number(serial));
	*rc |= ack_json_add_string(o, "time", time);
	*rc |= ack_json_add_string(o, "method", q->method);
	*rc |= ack_json_add_string(o, "path", q->path);
	if (q->body)
		*rc |= ack_json_add(o, "body",
			ack_json_parse(q->body, strlen(q->body), &where));
	*rc |= ack_json_add_string(o, "action", q->action);
	*rc |= ack_json_add_string(o, "nonce", q->nonce);
	*rc |= ack_json_add_string(o, "request_id", q->request_id);
	*rc |= ack_json_add(o, "status", ack_json_new_number(status));
	*rc |= ack_json_add(o, "executed", ack_json_new_boolean(q->executed));
	*rc |= ack_json_add_string(o, "outcome", q->outcome);
	return o;
}

struct ack_json *requests_json(const struct requests *r, int *rc)
{
	struct ack_json *list = ack_json_array();
	uint64_t first = r->count > r->size ? r->count - r->size : 0;

	for (uint64_t i = first; list && i < r->count; i++)
		*rc |= ack_json_add(
			list, NULL, request_json(&r->ring[i % r->size], rc));
	return list;
}
