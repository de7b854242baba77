/* SPDX-License-Identifier: MIT */
/* What the rules find, as the text of `check` and as one error. */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "params/params.h"

struct ack_buf;
struct ack_error;
struct ack_values;

/* One `PARAM: sentence` a line; warnings begin with `warning: `. */
void findings_text(const struct ack_table *t, const struct ack_values *v,
	enum ack_form form, struct ack_buf *out);

/* 0, or -EINVAL with the first finding, the others in e->more. */
int findings_error(const struct ack_table *t, const struct ack_values *v,
	enum ack_form form, struct ack_error *e);

/* The same for edits: only what `v` has and `before` has not, of parameters
 * that can change; added to `e`, which may say something already. The warnings
 * are lines of `warnings` (or NULL), as `check` has them. */
int findings_new(const struct ack_table *t, const struct ack_values *before,
	const struct ack_values *v, enum ack_form form, struct ack_error *e,
	struct ack_buf *warnings);

#endif
