/* SPDX-License-Identifier: MIT */
/*
 * The one count of nodes: what the node pools of a cluster want, together;
 * and which pool it is that changes when num_of_nodes does.
 */
#ifndef SCALE_H
#define SCALE_H

#include <stdbool.h>

struct ack_buf;
struct ack_error;
struct object;

/* The pool that num_of_nodes changes, and both numbers of it. */
struct scale {
	const struct object *pool;
	long from, to;
};

/* How many nodes a pool wants; of one that nobody holds at a number, how many
 * it has. -1: the service has not said. */
long scale_nodes(const struct object *pool);

/* How many all pools of a cluster want; -1: they are not known. */
long scale_sum(const struct object *cluster);

/*
 * The default pool, or the only one, and what the edit of num_of_nodes makes
 * of it. False: the pools are not known, or there is no such edit or pool.
 */
bool scale_find(const struct object *cluster, struct scale *s);

/* Whether the pool sets its own size; `edited`: with the edits of it. */
bool scale_by_itself(const struct object *pool, bool edited);

/* Every reason why the sizes that were edited cannot be. */
void scale_check(const struct object *o, struct ack_error *e);

/* A line for each loss of nodes that the edits mean: how many lines. */
unsigned scale_losses(const struct object *o, struct ack_buf *out);

/* What a person should know before: nodes that are paid for a period, and
 * what is not known yet. */
void scale_warnings(const struct object *o, struct ack_buf *out);

#endif
