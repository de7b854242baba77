/* SPDX-License-Identifier: MIT */
/* The clusters there are, oldest first, and what they are at the moment. */
#ifndef SANDBOX_CLUSTERS_H
#define SANDBOX_CLUSTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "params/values.h"
#include "sandbox/state_file.h"

struct ack_error;
struct ack_json;
struct pool;
struct task;

struct cluster {
	char id[34];              /* first: by it the index finds the cluster */
	char state[32];           /* when no task says otherwise */
	struct ack_values values; /* of its request, without secrets */
	struct ack_json *settings;      /* what was set since, by its key in an
					 * answer; or NULL */
	int64_t created_ms, updated_ms; /* since 1970 */
	int64_t listed_ms;              /* lists do not show it before */
	struct task **tasks;            /* oldest first */
	size_t ntasks, open;            /* open: not settled yet */
	struct pool **pools;
	size_t npools;
	bool gone; /* deleted; only its tasks can still be asked for */
};

struct clusters {
	struct cluster **list; /* without those that are gone, but for some
				* that nobody has asked for since */
	size_t count, cap;
	void *by_id, *by_task; /* of tsearch(3) */
	struct state_file file;
};

/* Reads the state file, which may not exist yet; `path` NULL: none. */
int clusters_open(struct clusters *c, const char *path, struct ack_error *e);
void clusters_close(struct clusters *c);

/*
 * Takes over `k` (also on failure), which is on disk before this returns.
 * 0 or a negative errno.
 */
int clusters_add(struct clusters *c, struct cluster *k, struct ack_error *e);

/* Puts what a cluster is now on disk, behind what it was. */
int clusters_save(
	struct clusters *c, const struct cluster *k, struct ack_error *e);

/*
 * Gives it one task more; 0 or -ENOMEM, nothing changed then. Old ones are
 * forgotten when there are many.
 */
int clusters_add_task(struct clusters *c, struct cluster *k, struct task *t);

/*
 * These take care first that what has ended until now has taken effect.
 * clusters_settle() leaves no cluster in the list that is gone.
 */
struct cluster *clusters_find(
	const struct clusters *c, const char *id, int64_t now_ms);
struct task *clusters_find_task(
	const struct clusters *c, const char *id, int64_t now_ms);
void clusters_settle(struct clusters *c, int64_t now_ms);

/* One cluster. */
void cluster_free(struct cluster *k); /* NULL is fine */
void cluster_settle(struct cluster *k, int64_t now_ms);
int cluster_add_pool(struct cluster *k, struct pool *p); /* 0, -ENOMEM */
void cluster_drop_pool(struct cluster *k, const char *id);
struct pool *cluster_find_pool(const struct cluster *k, const char *id);
struct task *cluster_find_task(const struct cluster *k, const char *id);
/* Sets what an answer says under `key`; value as in document_set(). */
int cluster_set(struct cluster *k, const char *key, struct ack_json *value);
/* The state to answer: running, updating, deleting, … */
const char *cluster_state(const struct cluster *k);
/* Whether its creation has left that stage behind. */
bool cluster_is_past(const struct cluster *k, int stage, int64_t now_ms);
/* How many nodes have joined. */
int64_t cluster_size(const struct cluster *k, int64_t now_ms);
/* When it, or a task of it, last changed. */
int64_t cluster_changed_ms(const struct cluster *k, int64_t now_ms);

/* The text of a parameter: its value, else what is in force without; or NULL */
const char *cluster_value(const struct cluster *k, unsigned row);

/* One cluster to its record in the state file and back. */
struct ack_json *cluster_record(const struct cluster *k);
int cluster_from_record(
	struct cluster *k, const struct ack_json *record, struct ack_error *e);

#endif
