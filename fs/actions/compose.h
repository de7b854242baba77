/* SPDX-License-Identifier: MIT */
/* What a commit will send, from a draft. */
#ifndef COMPOSE_H
#define COMPOSE_H

struct ack_buf;
struct ack_error;
struct intent;
struct object;

/*
 * Checks the draft, and gives the body of its request and its intent, both of
 * which the caller frees in any case. -EINVAL with all findings, or -ENOMEM.
 */
int compose(struct object *o, struct ack_buf *body, struct intent **intent,
	struct ack_error *e);

#endif
