/* SPDX-License-Identifier: MIT */
/* Where the nodes are that num_of_nodes changes: the default or only pool. */
#ifndef SCALE_H
#define SCALE_H

struct ack_error;
struct ack_json;
struct object;
struct step_request;

/*
 * Of the node pools of a cluster as the service lists them: the default one,
 * or the only one, and how many nodes the others have, into s. -EINVAL and
 * `e` filled (what to do instead) when there is none, or when the others have
 * more than num_of_nodes wants.
 */
int scale_pool(const struct object *o, const struct ack_json *list,
	struct step_request *s, struct ack_error *e);

/* How many nodes all pools together are to have. */
long scale_wanted(const struct object *o);

#endif
