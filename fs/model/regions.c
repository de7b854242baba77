/* SPDX-License-Identifier: MIT */
#include "model/regions.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/fleet.h"
#include "model/object.h"
#include "params/params.h"

struct region {
	struct region *next;
	struct ack_endpoint endpoint;
};

void regions_release(struct regions *r)
{
	while (r->first) {
		struct region *next = r->first->next;

		free(r->first);
		r->first = next;
	}
}

static const struct ack_endpoint *find(struct fleet *f, const char *region)
{
	struct region *r = f->regions.first;
	struct ack_error e;

	while (r && strcmp(r->endpoint.region, region))
		r = r->next;
	if (r)
		return &r->endpoint;
	r = calloc(1, sizeof(*r));
	if (!r || ack_endpoint_choose(&r->endpoint, &f->rules, region, &e)) {
		free(r);
		return &f->endpoint;
	}
	r->next = f->regions.first;
	f->regions.first = r;
	return &r->endpoint;
}

const struct ack_endpoint *regions_of(const struct object *o)
{
	const struct object *root = o->parent ? o->parent : o;
	const char *region = ack_values_get(
		&root->values, ACK_P_region_id, NULL);
	struct fleet *f = o->fleet;

	if (!region || !strcmp(region, f->endpoint.region))
		return &f->endpoint;
	return find(f, region);
}
