/* SPDX-License-Identifier: MIT */
/* A cluster as the service describes it. */
#ifndef SANDBOX_DESCRIBE_H
#define SANDBOX_DESCRIBE_H

#include <stdbool.h>
#include <stdint.h>

struct ack_json;
struct cluster;

/*
 * The fields of ack-api.md 2.3; with `brief` those of a list. NULL, or
 * *rc < 0, when there is no memory.
 */
struct ack_json *describe_cluster(
	const struct cluster *k, int64_t now_ms, bool brief, int *rc);

#endif
