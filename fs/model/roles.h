/* SPDX-License-Identifier: MIT */
/*
 * The service roles that clusters and their addons need, and which of them the
 * account lacks (SERVICE.md, Service roles). Asked once for a mount, in the
 * background, when a draft gets its first value.
 */
#ifndef ROLES_H
#define ROLES_H

#include <stdbool.h>
#include <stdint.h>

struct ack_buf;
struct ack_call;
struct ack_json;
struct ack_values;
struct fleet;
struct object;

struct role {
	const char *name;
	unsigned row; /* the parameter of a cluster that it is for, */
	/* if that is not 0 and has one of these in it; none: in any case */
	const char *parts[2];
};

struct roles {
	struct ack_call *call;
	bool asked;
	uint32_t missing; /* bits, in the order of the table */
};

/* Asks if `o` is the draft of a cluster and nothing has asked before. A failure
 * is no news: live/account reports it. */
void roles_want(const struct object *o);

/* The body that asks for all of them. */
void roles_body(struct ack_buf *out);

/* What the service answers, as live/account asks for it, too. */
void roles_take(struct fleet *f, const struct ack_json *answer);

/* The next role behind `after` (NULL: the first one) that a cluster with these
 * values needs and the account lacks; NULL: no more. */
const struct role *roles_missing(const struct fleet *f,
	const struct ack_values *v, const struct role *after);

void roles_stop(struct fleet *f);

#endif
