/* SPDX-License-Identifier: MIT */
/* The clusters there are, oldest first. */
#ifndef SANDBOX_CLUSTERS_H
#define SANDBOX_CLUSTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "state_file.h"
#include "values.h"

struct ack_error;
struct ack_json;

struct cluster {
	char id[34], task_id[27], request_id[37];
	struct ack_values values; /* of its request, without secrets */
	int64_t created_ms;       /* since 1970 */
	int64_t duration_ms;      /* of its creation */
	int64_t listed_ms;        /* lists do not show it before */
	bool stuck;               /* its creation never ends, */
	char error_code[96];      /* or ends in this error; "" */
	char error_message[512];
};

struct clusters {
	struct cluster **list;
	size_t count, cap;
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

struct cluster *clusters_find(const struct clusters *c, const char *id);
struct cluster *clusters_find_task(const struct clusters *c, const char *id);

/* The text of a parameter: its value, else what is in force without; or NULL */
const char *cluster_value(const struct cluster *k, unsigned row);

void cluster_free(struct cluster *k); /* NULL is fine */

/* One cluster to its record in the state file and back; record.c. */
struct ack_json *cluster_record(const struct cluster *k);
int cluster_from_record(
	struct cluster *k, const struct ack_json *record, struct ack_error *e);

#endif
