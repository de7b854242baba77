/* SPDX-License-Identifier: MIT */
#include "regions.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "fleet.h"
#include "object.h"
#include "params.h"

struct region {
	struct region *next;
	struct ack_endpoint endpoint;
};

static int copy(const char **text)
{
	if (*text)
		*text = strdup(*text);
	return *text ? 0 : -ENOMEM;
}

int regions_init(struct regions *r, const struct ack_endpoint_rules *rules)
{
	const char **const texts[] = {&r->rules.url, &r->rules.type,
		&r->rules.profile_url, &r->rules.profile_type};
	int ret = 0;

	*r = (struct regions){.rules = *rules};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (*texts[i])
			ret |= copy(texts[i]);
	return ret ? -ENOMEM : 0;
}

static void drop(const char *text)
{
	free((void *)(uintptr_t)text);
}

void regions_release(struct regions *r)
{
	while (r->first) {
		struct region *next = r->first->next;

		free(r->first);
		r->first = next;
	}
	drop(r->rules.url);
	drop(r->rules.type);
	drop(r->rules.profile_url);
	drop(r->rules.profile_type);
	*r = (struct regions){.first = NULL};
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
	if (!r || ack_endpoint_choose(
			  &r->endpoint, &f->regions.rules, region, &e)) {
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
