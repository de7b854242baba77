/* SPDX-License-Identifier: MIT */
/* What a node is called: it follows from its pool and its serial number. */
#ifndef SANDBOX_NODES_H
#define SANDBOX_NODES_H

#define NODE_ID 32

struct node;
struct pool;

void node_instance_id(
	const struct pool *p, const struct node *n, char out[NODE_ID]);

#endif
