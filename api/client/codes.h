/* SPDX-License-Identifier: MIT */
/* What the codes of refusals mean. */
#ifndef ACK_CODES_H
#define ACK_CODES_H

#include <stdbool.h>

/* What a refusal of the service means here. */
struct ack_meaning {
	int err;           /* a positive errno */
	const char *param; /* the file to correct, or NULL */
	const char *hint;  /* what to do about it, or NULL */
	const char *role;  /* ACK_ROLE_HINT is the hint, about it; or NULL */
	/* the user lacks a permission that an administrator can grant */
	bool permission;
};

/* For a service role that the account lacks; a format. */
#define ACK_ROLE_HINT                                                        \
	"grant the service role %s at https://cs.console.aliyun.com "        \
	"(Authorize), or at the address of the message, with the account's " \
	"own user; the service also says this while the account is not "     \
	"verified, has less than 100 CNY, or has not opened the service"

/*
 * Looks a code and its message up in the table of codes.c (SERVICE.md, Codes).
 * What is not in the table falls back on the HTTP status.
 */
struct ack_meaning ack_error_meaning(
	const char *code, const char *message, int http_status);

#endif
