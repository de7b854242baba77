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

#endif
