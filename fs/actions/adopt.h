/* SPDX-License-Identifier: MIT */
/* `adopt`: the user's word on what became of a lost request. */
#ifndef ADOPT_H
#define ADOPT_H

#include <stddef.h>

struct ack_error;
struct object;
struct waiter;

/* -EBUSY while somebody's ID is looked at; asked at open(2), since the kernel
 * would leave a second writer unkillable. */
int adopt_open(const struct object *o, struct ack_error *e);

/*
 * What was written into `adopt`: an ID, which is asked for first (NODE_LATER:
 * w->done comes), or `none`, which is believed (0: done). Negative: -EINVAL,
 * -EBUSY, -EPERM.
 */
int adopt_write(struct object *o, const char *text, size_t len,
	struct waiter *w, struct ack_error *e);

#endif
