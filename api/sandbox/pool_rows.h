/* SPDX-License-Identifier: MIT */
/* What the body of CreateClusterNodePool may say (SERVICE.md, Node pools). */
#ifndef SANDBOX_POOL_ROWS_H
#define SANDBOX_POOL_ROWS_H

struct ack_json;
struct objections;

/* The size of a pool that scales itself is nobody's to set: `sent` is a request
 * about a pool that is like `spec`. */
void pool_check_size(const struct ack_json *spec, const struct ack_json *sent,
	struct objections *f);

/*
 * Checks a pool as it would be; `change`, if not NULL, is what was sent of
 * it, else all of it was.
 */
void pool_check(const struct ack_json *spec, const struct ack_json *change,
	struct objections *f);

#endif
