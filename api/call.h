/* SPDX-License-Identifier: MIT */
/*
 * A call under way. calls.c knows what is asked and what an answer means;
 * client.c signs, sends and counts, and knows no call by name.
 */
#ifndef ACK_CALL_H
#define ACK_CALL_H

#include <stdbool.h>
#include <sys/queue.h>
#include "buf.h"
#include "client.h"
#include "http.h"
#include "sign.h"

#define ACK_CALL_QUERIES 3

struct ack_call {
	struct ack_client *client;
	LIST_ENTRY(ack_call) others;
	struct ack_transfer *transfer; /* NULL between two */
	bool calling_back, dropped;

	const char *method, *action;
	struct ack_buf path; /* percent-encoded */
	struct ack_query query[ACK_CALL_QUERIES];
	unsigned nquery;
	bool has_body;
	struct ack_buf body;

	/* The end of a transfer; it ends the call or sends the next one. */
	void (*finished)(struct ack_call *call, const struct ack_http_reply *r,
		const struct ack_error *e);
	union {
		ack_created_fn created;
		ack_answer_fn answer;
		ack_list_fn list;
	} done;
	void *arg;

	/* Of a list: */
	char *name;
	char page_number[16];
	char first_id[64]; /* of the page before */
	unsigned page;
	int64_t seen;
};

/* A call that has yet to be sent; NULL and `e` filled without memory. */
struct ack_call *ack_call_new(struct ack_client *c, const char *method,
	const char *action, struct ack_error *e);

/* Adds "/segment", percent-encoded, to the path. */
void ack_call_path(struct ack_call *call, const char *segment);

/*
 * Signs the call with a fresh date and nonce and starts a transfer. 0 or a
 * negative errno; then nothing has left.
 */
int ack_call_send(struct ack_call *call, struct ack_error *e);

/* An answer that is 2xx and JSON, which the caller frees, or `e` is filled. */
struct ack_json *ack_call_answer(const struct ack_http_reply *r,
	const struct ack_error *why, struct ack_error *e);

const struct ack_endpoint *ack_call_endpoint(const struct ack_call *call);

/* Ends the call; it is gone unless it is in its own callback. */
void ack_call_end(struct ack_call *call);

/* Puts stars for the secret wherever the error quotes it; NULL is fine. */
void ack_call_redact(struct ack_error *e, const char *secret);

/* Counts a failure, and makes sure that it quotes no key. */
void ack_call_failed(struct ack_call *call, struct ack_error *e);

#endif
