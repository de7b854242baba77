/* SPDX-License-Identifier: MIT */
/* The calls that steer the sandbox itself. */
#ifndef SANDBOX_CONTROL_H
#define SANDBOX_CONTROL_H

#include <stdbool.h>

struct exchange;
struct sandbox;

/* What the paths begin with that steer the sandbox. */
#define CONTROLS "/_sandbox/"

/*
 * True when who asks may steer it: who has its AccessKey, and its own user
 * unless it is locked. Else it is answered.
 */
bool control_check(const struct sandbox *s, struct exchange *x);

#endif
