/* SPDX-License-Identifier: MIT */
/*
 * Calls under way that change what exists: those of a commit of its edits,
 * or the one of an order, such as delete. A commit reads what is there now,
 * compares it with what the edits were based on, makes all that it is going to
 * send, and sends that, one call after the other. Each may be repeated without
 * harm, so none leaves an intent; what was done is recorded at once, and what
 * was not stays an edit.
 */
#ifndef CHANGE_H
#define CHANGE_H

#include "actions/order.h"

struct ack_error;
struct ack_json;
struct errand;
struct object;
struct waiter;

/* Begins to carry out the edits, as they were ordered with that word, and with
 * that digest ("": none): 0, and w->done comes later; or a negative errno. */
int change_begin(struct object *o, enum order_word word, const char *digest,
	struct waiter *w, struct ack_error *e);

/* Begins the one call of an order, likewise. */
int change_errand(struct object *o, const struct errand *what, struct waiter *w,
	struct ack_error *e);

/* Follows the task that an answer names; NULL is fine. */
void change_take_task(struct object *o, const struct ack_json *answer);

/* Forgets them (the mount ends); a waiter gets -EINTR. */
void change_drop(struct object *o);

#endif
