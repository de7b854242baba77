/* SPDX-License-Identifier: MIT */
/*
 * What a cluster is busy with. How far a task has come follows from the time
 * that has passed: nothing runs, and nothing is lost when the sandbox stops.
 */
#ifndef SANDBOX_TASKS_H
#define SANDBOX_TASKS_H

#include <stdbool.h>
#include <stdint.h>

struct ack_json;
struct cluster;
struct exchange;
struct pool;
struct sandbox;
struct task;

/* A step: how many of 100 parts of the time, and what is said of it. */
struct stage {
	const char *name;
	int share;
	const char *doing, *done;
};

/* One kind of task; a row of task_kinds. */
struct task_kind {
	const char *word; /* its task_type, and the type of its events */
	int64_t ms;       /* at --speed 1 */
	const struct stage *stages;
	int count;
	int fatal; /* the stage in which it fails, or never ends */
	const char *cluster_state; /* of a running one meanwhile; NULL: none */
	const char *pool_state;    /* of the pool it is about */
	const char *good, *bad; /* the cluster's from its end on; NULL: none */
	bool pauses, cancels;
	/* What it changes once it has succeeded; 0 or -ENOMEM. */
	int (*finish)(struct cluster *k, const struct task *t);
};

enum task_word {
	TASK_CREATE,
	TASK_DELETE,
	TASK_MODIFY,
	TASK_UPGRADE,
	TASK_MIGRATE,
	TASK_SCALE_OUT,
	TASK_SCALE_IN,
	TASK_POOL_CREATE,
	TASK_POOL_MODIFY,
	TASK_POOL_UPGRADE,
	TASK_POOL_DELETE,
	TASK_ADDON_INSTALL,
	TASK_ADDON_UPGRADE,
	TASK_ADDON_UNINSTALL,
	TASK_CHECK,
	TASK_WORDS
};

extern const struct task_kind task_kinds[TASK_WORDS];

/* Stages of a creation that others look at. */
enum { STAGE_CHECK, STAGE_NETWORK, STAGE_CONTROL_PLANE, STAGE_NODES };

struct task {
	char id[27]; /* first: by it the index finds the task */
	char request_id[37];
	char target[36];              /* a pool; "": the cluster */
	char token[65], body_sum[65]; /* of client_token and body; or "" */
	const struct task_kind *kind;
	struct cluster *cluster;
	struct ack_json *parameters; /* NULL: none */
	int64_t begun_ms, duration_ms;
	int64_t paused_ms, canceled_ms; /* since when; 0: it is not */
	int64_t lost_ms;                /* how long it was paused before */
	bool stuck;                     /* it never ends, */
	bool settled;                   /* its end has taken effect */
	char error_code[96];            /* or ends in this error; "" */
	char error_message[512];
};

enum task_state {
	TASK_RUNNING,
	TASK_PAUSED,
	TASK_SUCCESS,
	TASK_FAILED,
	TASK_CANCELED
};

struct standing {
	enum task_state state;
	int stage;          /* the current one; kind->count: all are done */
	int64_t updated_ms; /* when it last changed */
};

/* When a stage begins; kind->count: when the last one has ended. */
int64_t task_stage_ms(const struct task *t, int stage);

void task_look(const struct task *t, int64_t now_ms, struct standing *p);

/* running, paused, success, failed, canceled */
const char *task_state_word(enum task_state state);
bool task_is_over(enum task_state state);

/* It will come to its end, and to a good one. */
bool task_is_sound(const struct task *t);

/*
 * Begins what the request asks for, on the cluster or on a pool of it, as
 * the faults want it. The cluster owns it. NULL: the exchange has its
 * refusal.
 */
struct task *task_begin(struct sandbox *s, struct exchange *x,
	struct cluster *k, enum task_word word, struct pool *pool);

void task_free(struct task *t); /* NULL is fine */

/* The answer of DescribeTaskInfo, or (brief) an item of a list of tasks. */
struct ack_json *task_json(
	const struct task *t, int64_t now_ms, bool brief, int *rc);

/* To and from the record of its cluster. */
struct ack_json *task_record(const struct task *t);
/* NULL: it is no record of a task, or there is no memory. */
struct task *task_from_record(const struct ack_json *record);

#endif
