/* SPDX-License-Identifier: MIT */
/* The answers of an exchange, in the shapes of the service. */
#ifndef SANDBOX_ANSWER_H
#define SANDBOX_ANSWER_H

struct ack_json;
struct exchange;

/*
 * Answers with a JSON text. `root` is freed; `rc` is what building it came
 * to, and anything but 0 (or no root) becomes a 500.
 */
void answer_json(struct exchange *x, int status, struct ack_json *root, int rc);

/* A refusal in the words of the gateway: Code, Message, RequestId, HostId. */
void answer_gateway(struct exchange *x, int status, const char *code,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * A refusal in the words of the service: code, message, requestId, and
 * `data`, which is freed and may be NULL.
 */
void answer_service(struct exchange *x, int status, const char *code,
	const char *message, struct ack_json *data);

/* All went well, and there is nothing to say. */
void answer_nothing(struct exchange *x);

/* A text of any other kind; both must live as long as the program. */
void answer_text(
	struct exchange *x, int status, const char *type, const char *text);

/* An answer without memory for one. */
void answer_broken(struct exchange *x);

#endif
