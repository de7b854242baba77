/* SPDX-License-Identifier: MIT */
/* A cluster as the service answers it (SERVICE.md, Clusters; Lists). */
#ifndef SANDBOX_DESCRIBE_H
#define SANDBOX_DESCRIBE_H

#include <stdbool.h>
#include <stdint.h>

struct ack_json;
struct cluster;

#define INTRANET_SERVER "https://192.168.0.10:6443"
#define PUBLIC_SERVER   "https://203.0.113.10:6443"

/* Whole, or (brief) as an item of a list; NULL or *rc < 0: no memory. */
struct ack_json *describe_cluster(
	const struct cluster *k, int64_t now_ms, bool brief, int *rc);

/*
 * What an answer says of a cluster that no task changes: as it was set last,
 * else as its request had it, else as the service has it by itself.
 */

/* Adds them all, or (brief) those that a list has. 0 or -ENOMEM. */
int fields_add(const struct cluster *k, bool brief, struct ack_json *root);

/* The text of one of them, "" when it has none or is no text. */
const char *field_text(const struct cluster *k, const char *key);
/* Whether one of them is true. */
bool field_flag(const struct cluster *k, const char *key);
/* A copy of one, whatever it is; NULL: no memory. */
struct ack_json *field_json(const struct cluster *k, const char *key);

/*
 * Takes from a request what no parameter keeps. 0 or -ENOMEM.
 */
int fields_take(struct cluster *k, const struct ack_json *body);

#endif
