/* SPDX-License-Identifier: MIT */
/*
 * The endpoints of other regions than the mount's: a cluster whose region_id
 * says so is made and followed there.
 */
#ifndef REGIONS_H
#define REGIONS_H

#include "client/endpoint.h"

struct object;
struct region;

struct regions {
	struct region *first;
};

void regions_release(struct regions *r);

/* Where the service of o is; it stays as long as the mount. The mount's own
 * where nothing else is said, or for want of memory. */
const struct ack_endpoint *regions_of(const struct object *o);

#endif
