/* SPDX-License-Identifier: MIT */
/* What a refusal says, or a text that is not an answer of the service. */
#ifndef ACK_REPLY_H
#define ACK_REPLY_H

#include <stddef.h>

struct ack_error;
struct ack_json;

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

/* Fills the request ID of an error that has none: the header's (or NULL), else
 * the one that its message names. */
void ack_error_request_id(struct ack_error *e, const char *header);

/* The same for an answer that ack_json_parse() has refused at `where`; 0 also
 * for one that is JSON, but not of the form that it has to have. */
int ack_error_no_answer(struct ack_error *e, int http_status, const char *body,
	size_t len, size_t where);

#endif
