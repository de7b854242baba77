/* SPDX-License-Identifier: MIT */
/* What the codes of refusals mean. */
#ifndef ACK_CODES_H
#define ACK_CODES_H

#include <stdbool.h>

struct ack_error;

/* What a refusal of the service means here. */
struct ack_meaning {
	int err;           /* a positive errno */
	const char *param; /* the file to correct, or NULL */
	const char *hint;  /* what to do about it, or NULL */
	const char *role; /* the service role that the account lacks, or NULL */
	/* the user lacks a permission that an administrator can grant */
	bool permission;
};

/*
 * Looks a code and its message up in the table of codes.c (SERVICE.md, Codes).
 * What is not in the table falls back on the HTTP status.
 */
struct ack_meaning ack_error_meaning(
	const char *code, const char *message, int http_status);

/* What to do about it becomes the hint of `e`; what it had before goes. */
void ack_meaning_hint(const struct ack_meaning *m, struct ack_error *e);

#endif
