/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, as a plain value: filled by whoever knows best, passed up
 * unchanged, and turned into an errno and the text of an `error` file in one
 * place. A function that can fail takes a struct ack_error * as its last
 * argument and returns 0 or a negative errno.
 */
#ifndef ACK_ERROR_H
#define ACK_ERROR_H

#include <stdbool.h>
#include <stddef.h>

struct ack_buf;
struct ack_json;

/*
 * For a variable on the way of every request that is filled before it is read,
 * if at all: the build zeroes the others, and of 9 KB that takes longer than
 * the rest of a request.
 */
#define ACK_UNSET __attribute__((uninitialized))

struct ack_error {
	int err;         /* a positive errno; 0: nothing went wrong */
	int http_status; /* of the answer that told of it; 0: none */
	char code[96];   /* the service's word, or "" */
	char param[64];  /* the file that has to be mended, or "" */
	char request_id[64];
	char message[4608]; /* a sentence for a person */
	char hint[384];     /* what to do about it, or "" */
	char more[8192];    /* further faults, one a line, or "" */
};

/* The same as an assignment, of what there is in it. */
void ack_error_copy(struct ack_error *to, const struct ack_error *from);

/* Makes `e` say that nothing went wrong. */
void ack_error_clear(struct ack_error *e);

/*
 * Fills `e` (cleared first) and returns -err, so that callers can write
 * `return ack_error_set(e, EINVAL, "num_of_nodes", "…")`. `param` may be NULL.
 * Control characters in the text are replaced: it ends in a terminal.
 */
int ack_error_set(struct ack_error *e, int err, const char *param,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* "out of memory", -ENOMEM; `param` may be NULL. */
int ack_error_memory(struct ack_error *e, const char *param);

/* Sets the hint; "" and NULL take it away. */
void ack_error_hint(struct ack_error *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds a line to the further faults; what does not fit is counted there. */
void ack_error_more(struct ack_error *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* One more fault of a parameter, "PARAM: …": the first sets the error, each
 * later one is a further line. Returns the negative errno. */
int ack_error_about(struct ack_error *e, int err, const char *param,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * The text of an `error` file: the sentence, `code:`, `param:`,
 * `http_status:`, `request_id:` and `hint:` lines as far as they are known,
 * then the further faults. Nothing when e->err is 0.
 */
void ack_error_text(const struct ack_error *e, struct ack_buf *out);

/* What a refusal of the service means here. */
struct ack_meaning {
	int err;           /* a positive errno */
	const char *param; /* the file that has to be mended, or NULL */
	const char *hint;  /* what to do about it, or NULL */
	/* the user lacks a permission that an administrator can grant */
	bool permission;
};

/*
 * Looks a code and its message up in the table of codes.c (SERVICE.md, Codes).
 * What is not in the table falls back on the HTTP status.
 */
struct ack_meaning ack_error_meaning(
	const char *code, const char *message, int http_status);

/*
 * Reads a refusal of the service: `body` in either spelling of the keys
 * (SERVICE.md, Refusals), with `data[]`, or anything else (HTML, nothing, half
 * a text), which becomes EPROTO or EREMOTEIO with the first bytes of it.
 * Returns the negative errno. `own_shape`, if not NULL, becomes 1 when the
 * body was the service's own (a code and a message), else 0.
 */
int ack_error_from_reply(struct ack_error *e, int http_status, const char *body,
	size_t len, int *own_shape);

/* The ID that an answer gives its request, in any spelling, else the one of
 * its header (or NULL); "" if none. It ends up in files and logs, so it is a
 * word of letters, digits, and "._-". */
void ack_reply_request_id(const struct ack_json *answer, const char *header,
	char *out, size_t size);

/* The same for an answer that ack_json_parse() has refused at `where`; 0 also
 * for one that is JSON, but not of the form that it has to have. */
int ack_error_no_answer(struct ack_error *e, int http_status, const char *body,
	size_t len, size_t where);

#endif
