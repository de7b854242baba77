/* SPDX-License-Identifier: MIT */
/* The answer of a call that has begun something. */
#ifndef SANDBOX_BEGUN_H
#define SANDBOX_BEGUN_H

#include <stdbool.h>

struct cluster;
struct exchange;
struct sandbox;
struct task;

/*
 * Keeps the cluster as it is now, and answers request_id, task_id and the ID
 * of what the task is about.
 */
void answer_begun(struct sandbox *s, struct exchange *x,
	const struct cluster *k, const struct task *t);

/* The answer alone: the same request was heard before. */
void answer_begun_again(struct exchange *x, const struct task *t);

/* Keeps the cluster; false: the exchange has its refusal. */
bool keep_cluster(
	struct sandbox *s, struct exchange *x, const struct cluster *k);

#endif
