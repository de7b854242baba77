/* SPDX-License-Identifier: MIT */
/* One request and what is to become of it; knows nothing of HTTP's wire. */
#ifndef SANDBOX_EXCHANGE_H
#define SANDBOX_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "sandbox/target.h"

struct ack_json;
struct route;

#define EXCHANGE_BODY_MAX    (1u << 20)  /* bytes of a request's body */
#define EXCHANGE_SWALLOW_MAX (16u << 20) /* read of one that is too large */
#define EXCHANGE_ANSWER_MAX  (64u << 20)
#define EXCHANGE_HEADERS_MAX 64

/* What the server has to do next with an exchange. */
enum verdict {
	EXCHANGE_SEND, /* the answer */
	EXCHANGE_DROP, /* close the connection without a word */
	EXCHANGE_WAIT, /* ask again after wait_ms; < 0: hold it for ever */
};

/* How far it has come: a wait may lie between any two. */
enum progress { EXCHANGE_ARRIVED, EXCHANGE_READY, EXCHANGE_ENDING };

/* In which case the keys of an error are spelled (SERVICE.md, Refusals). */
enum spelling { SPELLING_OWN, SPELLING_UPPER, SPELLING_LOWER };

struct exchange {
	/* the request; headers belong to the server */
	char method[16];
	char *uri; /* as it stood on the request line */
	struct ack_header headers[EXCHANGE_HEADERS_MAX];
	size_t nheaders;
	struct ack_buf body;
	bool too_large; /* the body, or the number of headers */
	bool own;       /* a control, asked for by the sandbox's own user */

	/* what has become of it so far */
	struct target target;
	const struct route *route; /* the call it is, and what stood in */
	char args[2][256];         /* the {} of its path */
	char request_id[37];
	uint64_t serial; /* in the log of requests; 0: not logged */
	enum progress progress;
	enum verdict verdict;
	bool executed; /* what it asks for was done, or properly refused */
	int64_t wait_ms;

	/* the answer */
	int status;
	const char *type;
	struct ack_buf answer;
	enum spelling spelling;
	int64_t retry_after_ms; /* 0: no such header */

	/* and how it travels */
	bool chunked;
	uint64_t pad; /* white space follows, up to so many bytes */
	uint64_t cut; /* the connection breaks after so many; 0: never */
};

/* 0 or -ENOMEM. Zero *x before. */
int exchange_init(struct exchange *x, const char *uri);
void exchange_release(struct exchange *x);

/* The value of a header, or NULL; the first if there are several. */
const char *exchange_header(const struct exchange *x, const char *name);

/* The answer as it is to travel: its bytes, and a piece of it at `pos`. */
uint64_t exchange_size(const struct exchange *x);
/* How many bytes it was; 0: that was all; -1: the connection breaks here. */
ssize_t exchange_read(
	const struct exchange *x, uint64_t pos, char *out, size_t size);

/* The answers of an exchange, in the shapes of the service. */

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
