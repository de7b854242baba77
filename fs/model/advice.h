/* SPDX-License-Identifier: MIT */
/*
 * What a mount knows beyond the tables, about what would be sent: the region
 * that it stands for, versions that the service offers, the networks of other
 * clusters.
 */
#ifndef ADVICE_H
#define ADVICE_H

struct ack_buf;
struct ack_error;
struct ack_values;
struct object;

/* The lines of `check` for a draft that would be sent with these values. */
void advice_text(const struct object *o, const struct ack_values *v,
	struct ack_buf *out);

/* 0, or -EINVAL with all that is no warning. */
int advice_error(const struct object *o, const struct ack_values *v,
	struct ack_error *e);

/* The same for the edits of what exists, added to `e`. */
void advice_edits(const struct object *o, struct ack_error *e);

#endif
