/* SPDX-License-Identifier: MIT */
/* Where the nodes are that num_of_nodes counts: the default or only pool. */
#ifndef SCALE_H
#define SCALE_H

struct ack_error;
struct ack_json;

/*
 * Of the node pools of a cluster as the service lists them: the ID of the
 * default one, or of the only one. NULL and `e` filled (EINVAL, what to do
 * instead) when there is none.
 */
const char *scale_pool(const struct ack_json *list, struct ack_error *e);

#endif
