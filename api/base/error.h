/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, as a plain value: filled where most is known, passed up
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
	int http_status; /* of the answer that reported it; 0: none */
	char code[96];   /* the service's word, or "" */
	char param[64];  /* the file to correct, or "" */
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

#endif
