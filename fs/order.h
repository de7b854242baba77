/* SPDX-License-Identifier: MIT */
/* What may be written into `commit`, and what it means in each state. */
#ifndef ORDER_H
#define ORDER_H

#include <stddef.h>

struct ack_error;
struct cluster;
struct waiter;

/*
 * 0: the commit is under way and w->done comes. Else a negative errno:
 * EINVAL (another word, or findings), EEXIST, EBUSY.
 */
int order_commit(struct cluster *c, const char *text, size_t len,
	struct waiter *w, struct ack_error *e);

/*
 * -EBUSY while a commit is under way. Asked at open(2): the kernel lets one
 * writer of a file in at a time, and would leave a second one unkillable.
 */
int order_open(const struct cluster *c, struct ack_error *e);

#endif
