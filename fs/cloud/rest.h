/* SPDX-License-Identifier: MIT */
/*
 * Whether anything goes on still: in a node pool, or in a cluster and each of
 * its node pools; and who waits for the end.
 */
#ifndef REST_H
#define REST_H

#include <stdbool.h>

struct ack_error;
struct object;
struct waiter;

/* Nothing goes on any more, as far as it is known. */
bool rest_settled(struct object *o);

/* What of it came to a bad end, the first; NULL: nothing did. */
const struct object *rest_bad(const struct object *o);

/* Has the node pools of a cluster at rest listed, where that is long ago. */
void rest_look(struct object *o);

/* Somebody waits for its end, which a list of its node pools has yet to show.
 */
bool rest_awaited(const struct object *o);

/* It, or what stands in it, is different now: answers those who wait for the
 * end, when that has come. */
void rest_changed(struct object *o);

/* live/NAME/wait, a file of files.h: 0 when all has ended well, -EREMOTEIO
 * when anything did badly, NODE_LATER, or -EAGAIN for the impatient. */
int rest_wait(struct object *o, struct waiter *w, struct ack_error *e);

#endif
