/* SPDX-License-Identifier: MIT */
/* What a request line asks for, taken apart and put into its normal form. */
#ifndef SANDBOX_TARGET_H
#define SANDBOX_TARGET_H

#include <stddef.h>
#include "base/buf.h"
#include "client/sign.h"

#define TARGET_QUERY_MAX 64
#define TARGET_URI_MAX   16384

struct target {
	struct ack_buf path; /* percent-encoded in the one normal way */
	struct ack_query query[TARGET_QUERY_MAX]; /* decoded */
	size_t nquery;
	char *decoded; /* what the query points into */
};

/*
 * Takes `uri` ("/path?query") apart. 0, -EINVAL (not a path, malformed
 * escapes, a NUL, too many parameters) or -ENOMEM. Zero *t before; release it
 * afterwards in any case.
 */
int target_parse(struct target *t, const char *uri);
void target_release(struct target *t);

/* The value of a query parameter, "" when it has none, NULL when absent. */
const char *target_query(const struct target *t, const char *name);

/*
 * Decodes `len` bytes of percent-encoded text in a path into out. 0, or
 * -EINVAL when it is malformed, holds a NUL or does not fit.
 */
int target_decode(const char *text, size_t len, char *out, size_t size);

#endif
