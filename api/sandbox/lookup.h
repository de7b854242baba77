/* SPDX-License-Identifier: MIT */
/*
 * What the path and the body of a request speak of. Each gives NULL when the
 * exchange has got its refusal.
 */
#ifndef SANDBOX_LOOKUP_H
#define SANDBOX_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

struct ack_json;
struct cluster;
struct exchange;
struct pool;
struct sandbox;
struct task;

/* The first {} of the path. */
struct cluster *lookup_cluster(
	struct sandbox *s, struct exchange *x, int64_t now_ms);
struct task *lookup_task(struct sandbox *s, struct exchange *x, int64_t now_ms);

/* The second one. */
struct pool *lookup_pool(struct exchange *x, const struct cluster *k);

/* The body, or the JSON in a query parameter; the caller frees it. */
struct ack_json *lookup_body(struct exchange *x);

/* The same that must be a list of strings; absent: an empty list. */
struct ack_json *lookup_query_list(struct exchange *x, const char *name);

/* Whether a query parameter is true; anything but a boolean is refused. */
bool lookup_query_flag(struct exchange *x, const char *name, bool *value);

/* Refuses what only a cluster in one of these states can do: "a|b|c". */
bool lookup_is_in(
	struct exchange *x, const struct cluster *k, const char *states);

/* A pool that a task is at work on is left alone. */
bool lookup_is_idle(struct exchange *x, const struct pool *p);

#endif
