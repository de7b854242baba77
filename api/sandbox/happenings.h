/* SPDX-License-Identifier: MIT */
/* What there is to report of a task: for its events, and for the logs. */
#ifndef SANDBOX_HAPPENINGS_H
#define SANDBOX_HAPPENINGS_H

#include <stdbool.h>
#include <stdint.h>

struct standing;
struct task;

struct happening {
	int64_t ms;
	const char *level; /* info, warning, error */
	const char *reason, *message;
};

/* The one of that index, in the order of time; false: there are no more. */
bool happening_get(const struct task *t, const struct standing *p, int index,
	struct happening *h);

#endif
