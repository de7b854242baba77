/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/error.h"
#include "http/flight.h"
#include "http/http.h"

struct ack_http {
	TAILQ_HEAD(, ack_transfer) all;
	struct ack_span answers;
};

struct ack_transfer {
	TAILQ_ENTRY(ack_transfer) others;
	struct ack_flight x;
	ack_http_done done;
	void *arg;
};

static struct ack_http wire = {.all = TAILQ_HEAD_INITIALIZER(wire.all)};

struct ack_http *wire_http(void)
{
	return &wire;
}

void wire_load(struct ack_span answers)
{
	MUST(!wire_busy());
	wire.answers = answers;
}

struct ack_span wire_piece(void)
{
	if (!wire.answers.text)
		return wire.answers;
	return fuzz_piece(&wire.answers);
}

bool wire_busy(void)
{
	return !TAILQ_EMPTY(&wire.all);
}

struct ack_transfer *ack_http_start(struct ack_http *h,
	const struct ack_http_request *r, ack_http_done done, void *arg,
	struct ack_error *e)
{
	struct ack_transfer *t = calloc(1, sizeof(*t));

	MUST(t);
	if (ack_flight_init(&t->x, r, false, e) < 0) {
		ack_flight_release(&t->x);
		free(t);
		return NULL;
	}
	t->done = done;
	t->arg = arg;
	TAILQ_INSERT_TAIL(&h->all, t, others);
	return t;
}

void ack_http_cancel(struct ack_transfer *t)
{
	if (!t)
		return;
	TAILQ_REMOVE(&wire.all, t, others);
	ack_flight_release(&t->x);
	free(t);
}

static int64_t number(struct ack_span *head, int64_t otherwise)
{
	char *text = fuzz_copy(ack_span_cut(head, " "));
	int64_t n = ack_flight_millis(text);

	free(text);
	return n < 0 ? otherwise : n;
}

/* Cuts the line that says more than 200 off. */
static void read_head(struct ack_span *piece, struct ack_http_reply *r)
{
	struct ack_span head = {"", 0};

	if (ack_span_starts(*piece, "=")) {
		head = ack_span_cut(piece, "\n");
		head.text++;
		head.len--;
	}
	r->status = (int)(number(&head, 200) % 600);
	r->date = number(&head, 0);
	r->retry_after_ms = number(&head, -1);
	r->content_type = head.text ? fuzz_copy(head) : strdup("");
}

bool wire_turn(void)
{
	struct ack_transfer *t = TAILQ_FIRST(&wire.all);
	struct ack_http_reply r = {.left = true};
	struct ack_span piece;
	struct ack_error e;

	if (!t)
		return false;
	piece = wire_piece();
	if (!piece.text)
		return false;
	ack_error_clear(&e);
	read_head(&piece, &r);
	if (r.status < 100)
		r.err = ack_error_set(
			&e, ECONNRESET, NULL, "the connection broke");
	r.left = r.status != 1;
	r.body = fuzz_copy(piece);
	r.len = piece.len;
	t->done(t->arg, &r, &e);
	ack_http_cancel(t);
	free((char *)(uintptr_t)r.body);
	free((char *)(uintptr_t)r.content_type);
	return true;
}

/* The rest of http.h, for those who ask. */
const char *ack_http_version(void)
{
	return "no libcurl";
}
