/* SPDX-License-Identifier: MIT */
/*
 * How far the creation of a cluster has come. It follows from the time that
 * has passed: nothing runs, and nothing is lost when the sandbox stops.
 */
#ifndef SANDBOX_TASKS_H
#define SANDBOX_TASKS_H

#include <stdbool.h>
#include <stdint.h>

struct ack_json;
struct cluster;

#define TASK_CREATE_MS 12000 /* the whole creation, at --speed 1 */

/* The stages in their order: how many of 100 parts of the time, and texts. */
struct stage {
	const char *name;
	int share;
	const char *doing, *done;
};

enum {
	STAGE_CHECK,
	STAGE_NETWORK,
	STAGE_CONTROL_PLANE,
	STAGE_NODES,
	STAGE_ADDONS,
	STAGES
};

struct task {
	enum { TASK_RUNNING, TASK_SUCCESS, TASK_FAILED } state;
	int stage;          /* the current one; STAGES: all are done */
	int64_t updated_ms; /* when it last changed */
};

/* The stage in which a creation that is to fail, or never to end, does so. */
#define STAGE_FATAL STAGE_NODES

extern const struct stage task_stages[STAGES];

/* When a stage begins; STAGES: when the last one has ended. */
int64_t task_stage_ms(const struct cluster *k, int stage);

void task_look(const struct cluster *k, int64_t now_ms, struct task *t);

const char *task_word(const struct task *t); /* running, success, failed */
const char *task_cluster_word(const struct task *t); /* initial, running, … */

/* The answer of DescribeTaskInfo, or (brief) an item of a list of tasks. */
struct ack_json *task_json(
	const struct cluster *k, int64_t now_ms, bool brief, int *rc);

#endif
