/* SPDX-License-Identifier: MIT */
/*
 * What a commit would send now, as one SHA-256: the calls, their bodies, and
 * the values that they are based on. What has the same digest does the same.
 */
#ifndef DIGEST_H
#define DIGEST_H

struct ack_buf;
struct ack_error;
struct fleet;
struct object;

/* 0, or -ESTALE and `e` filled when a commit would do something else. */
int digest_compare(
	const struct object *o, const char *digest, struct ack_error *e);

/* The text of `digest`; nothing when there is nothing to do. */
void show_digest(struct fleet *f, struct object *o, struct ack_buf *out);

#endif
