/* SPDX-License-Identifier: MIT */
/* The node pools of a cluster, as one list shows them all. */
#include <errno.h>

#include "base/error.h"
#include "base/json.h"
#include "client/client.h"
#include "cloud/follow.h"
#include "cloud/live.h"
#include "cloud/rest.h"
#include "cloud/story.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/regions.h"

struct absent {
	struct object *found;
	unsigned seen;
	int64_t asked;
};

/* One that was made since the list was asked for is not absent. */
static void find_absent(struct object *o, void *arg)
{
	struct absent *a = arg;

	if (object_exists(o) && o->seen != a->seen && o->since <= a->asked)
		a->found = o;
}

void live_nodepools(
	struct object *o, const struct ack_json *list, int64_t asked)
{
	struct absent a = {NULL, ++o->pools_seen, asked};
	struct object *p;

	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n)) {
		p = live_find(o->fleet, o, n);
		if (!p)
			continue;
		p->seen = a.seen;
		live_take(p, n, asked);
	}
	for (;;) {
		a.found = NULL;
		objects_walk(&o->pools, find_absent, &a);
		if (!a.found)
			break;
		a.found->seen = a.seen;
		live_absent(a.found, true);
	}
	o->pools_listed = asked;
	o->pools_old = false;
	/* what they want together may be another number than was there */
	if (a.seen == 1)
		live_changed_here(o, o->kind->table->nodes);
	live_count(o);
	rest_changed(o);
}

int live_pools_check(const struct ack_json *list, struct ack_error *e)
{
	if (!ack_json_is_array(list))
		return ack_error_set(e, EPROTO, NULL,
			"the answer of the service has no node pools");
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n)) {
		struct identity i = {NULL};

		kind_nodepool.identify(n, &i);
		if (!i.id || !ack_nodepool_id_valid(i.id))
			return ack_error_set(e, EPROTO, NULL,
				"the list holds a node pool without an ID of "
				"the right form");
	}
	return 0;
}

bool live_pools_fresh(const struct object *o)
{
	int64_t most = o->fleet->refresh.max_age_ms;

	if (o->parent || !object_exists(o) || !most)
		return true;
	return o->pools_listed && !o->pools_old &&
	       ack_now_ms() - o->pools_listed < most;
}

/* In the service's own words. */
static bool is_refusal(const struct ack_error *e)
{
	return *e->code && (e->err == EACCES || e->err == ENOENT);
}

static void pools_listed(void *arg, const struct ack_json *page, bool more,
	const struct ack_error *e)
{
	struct object *o = arg;

	if (more) {
		live_nodepools(o, page, o->story->pools_asked);
		return;
	}
	o->story->pools = NULL;
	if (!e->err)
		return;
	follow_failed(o, e);
	object_fail_live(o, e);
	/* what may not be known holds nothing up; the rest may be, later */
	if (is_refusal(e)) {
		o->pools_listed = o->story->pools_asked;
		rest_changed(o);
	} else {
		follow_soon(o->fleet);
	}
}

void live_ask_nodepools(struct object *o)
{
	struct story *s = story_of(o);
	struct ack_error e;

	if (!s || s->pools)
		return;
	s->pools_asked = ack_now_ms();
	s->pools = ack_list_nodepools(o->fleet->client, regions_of(o), o->id,
		NULL, true, pools_listed, o, &e);
	if (!s->pools)
		follow_failed(o, &e);
}
