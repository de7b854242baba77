/* SPDX-License-Identifier: MIT */
/* What the body of CreateClusterNodePool may say (SERVICE.md, Node pools). */
#ifndef SANDBOX_POOL_ROWS_H
#define SANDBOX_POOL_ROWS_H

#include <stdbool.h>

struct ack_json;
struct findings;

/*
 * Checks a pool as it would be; `change`, if not NULL, is what was sent of
 * it, else all of it was.
 */
void pool_check(const struct ack_json *spec, const struct ack_json *change,
	struct findings *f);

#endif
