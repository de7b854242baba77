/* SPDX-License-Identifier: MIT */
/*
 * Open files whose readers are notified when there is something new:
 * poll(2) of `state` and `events`, and live/NAME/watch, a stream with a line
 * for each change, which ends when the cluster and its node pools have come to
 * rest.
 */
#ifndef NEWS_H
#define NEWS_H

#include <stdbool.h>
#include <stdint.h>

struct fleet;
struct handle;
struct object;
struct waiter;

/* The text of that file is different now: its pollers are notified. */
void news_of(struct object *o, unsigned row);

/* A line for each open `watch` of o, unless it is the same as the last; it is
 * about o or a node pool of it. */
void news_watch(struct object *o, const struct object *about);

/* Whether anybody has one open. */
bool news_watched(const struct object *o);

/* For how many ms somebody has had its `events` open; -1: nobody has. */
int64_t news_heard(const struct object *o);

/* Whether any open file is polled. */
bool news_polled(const struct fleet *f);

/* An open `watch`: its first line. */
void news_open(struct handle *h, struct object *o);

/* A read of it: 0 when there is something to read or it has ended well,
 * -EREMOTEIO when it has ended badly, NODE_LATER, or -EAGAIN for the
 * impatient. */
int news_wait(struct handle *h, struct waiter *w);

/* The mount ends: waiters get -EINTR, and nobody polls any more. */
void news_stop(struct fleet *f);

/* The directory goes: streams end, waiters get what there is. */
void news_end(struct object *o);

#endif
