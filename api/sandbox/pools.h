/* SPDX-License-Identifier: MIT */
/* A node pool of a cluster, and its nodes. */
#ifndef SANDBOX_POOLS_H
#define SANDBOX_POOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/tasks.h"

struct ack_json;
struct cluster;

#define POOL_NODES_MAX 1000

enum node_state { NODE_READY, NODE_COMING, NODE_GOING, NODE_FAILED };
#define NODE_STATES (NODE_FAILED + 1)

struct node {
	unsigned serial; /* in its pool, from 1 on: name and address follow */
	enum node_state state;
};

struct pool {
	char id[35];
	unsigned number;       /* in its cluster, from 1 on */
	struct ack_json *spec; /* nodepool_info, scaling_group, … */
	bool is_default;
	int64_t created_ms, updated_ms;
	struct node *nodes;
	size_t count;
	unsigned last;     /* serial given to a node */
	struct task *busy; /* that changes it; NULL: none */
};

/* How many nodes there are of each kind, as DescribeClusterNodePools says. */
struct pool_count {
	int64_t total, healthy, coming, going, failed;
};

/* A pool with its nodes still to come; NULL: no memory. `spec` is copied. */
struct pool *pool_new(const struct ack_json *spec, unsigned number,
	bool is_default, int64_t now_ms);
void pool_free(struct pool *p); /* NULL is fine */

const char *pool_name(const struct pool *p);

/* The version of Kubernetes of its nodes: that of the cluster, until it is set
 * to another; 0 or -ENOMEM. */
const char *pool_version(const struct pool *p, const struct cluster *k);
int pool_keep_version(struct pool *p, const char *version);

/* What UpgradeClusterNodepool asked for is so; 0 or -ENOMEM. */
int pool_upgrade(struct pool *p, const struct ack_json *body);

/* How many nodes the pool is to have. */
int64_t pool_desired(const struct ack_json *spec);

/* Nodes that will come, or go, with the task; 0 or -ENOMEM. */
int pool_grow(struct pool *p, int64_t count);
void pool_shrink(struct pool *p, int64_t count);

/* The task that changes it is over, and ended like that. */
void pool_settle(struct pool *p, enum task_state end, int64_t now_ms);

/* What a node is at this moment: that of a task may be there already. */
enum node_state pool_node_state(
	const struct pool *p, const struct node *n, int64_t now_ms);
void pool_look(const struct pool *p, int64_t now_ms, struct pool_count *c);

/* active, or what the task makes of it. */
const char *pool_state(const struct pool *p);

/* The answer of DescribeClusterNodePoolDetail. */
struct ack_json *pool_json(
	const struct pool *p, const struct cluster *k, int64_t now_ms, int *rc);

/*
 * The pools that a new cluster comes with, busy with its creation: from a
 * body with nodepools, or from the values of the other form. 0 or -ENOMEM.
 */
int pools_from_body(
	struct cluster *k, struct task *t, const struct ack_json *body);
int pools_from_values(struct cluster *k, struct task *t);

/* To and from the record of its cluster. */
struct ack_json *pool_record(const struct pool *p);
/* NULL: it is no record of a pool, or there is no memory. */
struct pool *pool_from_record(
	const struct ack_json *record, const struct cluster *k);

#endif
