/* SPDX-License-Identifier: MIT */
/* What may be written into `commit` and `adopt`, and what it means in each
 * state. */
#ifndef ORDER_H
#define ORDER_H

#include <stdbool.h>
#include <stddef.h>

struct ack_error;
struct object;
struct waiter;

/* What a commit can be ordered with. */
enum order_word {
	ORDER_NONE, /* nothing that it can */
	ORDER_YES,
	ORDER_NAME,
	ORDER_DIGEST,
};

/* What is to be written for a plan that takes something away: a sentence. */
const char *order_stronger(const struct object *o);

/*
 * NODE_LATER: it is under way and w->done comes; 0: there was nothing to do.
 * Else a negative errno: EINVAL (another word, or findings), EPERM (the plan
 * takes something away), ESTALE (it is not what it was based on), EEXIST,
 * EBUSY.
 */
int order_commit(struct object *o, const char *text, size_t len,
	struct waiter *w, struct ack_error *e);

/* Whether it is 1, or another word for it. */
bool order_is_yes(const char *text, size_t len);

/*
 * -EBUSY while calls are under way. Asked at open(2): the kernel lets one
 * writer of a file in at a time, and would leave a second one unkillable.
 */
int order_open(const struct object *o, struct ack_error *e);

/* The word that an order is: blanks around it and its line end do not belong
 * to it, a NUL does. */
void order_trim(const char **text, size_t *len);

/* `adopt`: the user's word on what became of a lost request. */

/* -EBUSY while somebody's ID is looked at; asked at open(2), since the kernel
 * would leave a second writer unkillable. */
int order_adopt_open(const struct object *o, struct ack_error *e);

/*
 * What was written into `adopt`: an ID, which is asked for first (NODE_LATER:
 * w->done comes), or `none`, which is believed (0: done). Negative: -EINVAL,
 * -EBUSY, -EPERM.
 */
int order_adopt(struct object *o, const char *text, size_t len,
	struct waiter *w, struct ack_error *e);

#endif
