/* SPDX-License-Identifier: MIT */
/* Single nodes that a node pool is to lose: remove_nodes. */
#ifndef EVICTION_H
#define EVICTION_H

#include <stdbool.h>

struct ack_buf;
struct ack_error;
struct ack_json;
struct object;
struct step_request;

bool eviction_wanted(const struct object *o);

/* Its call, with the nodes as they were written; 0 or -ENOMEM. */
int eviction_compose(const struct object *o, struct step_request *s);

/* What is wrong with it becomes part of e. */
void eviction_check(const struct object *o, struct ack_error *e);

/* A line for each node that goes; how many. */
unsigned eviction_losses(const struct object *o, struct ack_buf *out);

/* How many nodes the pool wants once they are gone; -1: it is not known. */
long eviction_left(const struct object *o);

/* Of the service's nodes, those that are to go: a line each in `known`. */
void eviction_note(const struct object *o, const struct ack_json *nodes,
	struct ack_buf *known);

/* Their instances, as the call takes them; 0, -EINVAL for one that is not in
 * the pool, -ENOMEM. */
int eviction_resolve(const struct object *o, const struct ack_buf *known,
	struct ack_buf *out, struct ack_error *e);

#endif
