/* SPDX-License-Identifier: MIT */
#include "actions/reading.h"

#include <errno.h>
#include <stdio.h>

#include "actions/eviction.h"
#include "base/error.h"
#include "base/event.h"
#include "base/json.h"
#include "client/client.h"
#include "cloud/live.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/regions.h"
#include "params/params.h"

static void end(struct reading *r, const struct ack_error *e)
{
	r->done(r->arg, e);
}

static void ask(struct reading *r, const struct ack_request *request,
	ack_answer_fn done)
{
	ACK_UNSET struct ack_error e;

	r->asked = ack_now_ms();
	r->call = ack_ask(r->object->fleet->client, request, done, r, &e);
	if (!r->call)
		end(r, &e);
}

/* Which version an addon gets that is to be installed without one. */
static void versions_answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct reading *r = arg;
	ACK_UNSET struct ack_error failure;

	ack_error_copy(&failure, e);
	r->call = NULL;
	if (!failure.err) {
		r->versions = ack_json_copy(answer->json);
		if (!r->versions)
			ack_error_memory(&failure, NULL);
	}
	end(r, failure.err ? &failure : NULL);
}

static void ask_addons(struct reading *r);

static void addons_answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct reading *r = arg;
	ACK_UNSET struct ack_error failure;

	ack_error_copy(&failure, e);
	r->call = NULL;
	if (!failure.err)
		addons_answer(&r->addons, answer->json, &failure);
	if (failure.err)
		end(r, &failure);
	else
		ask_addons(r);
}

static void ask_addons(struct reading *r)
{
	struct object *o = r->object;
	struct ack_request request = {.endpoint = regions_of(o)};

	if (addons_ask(&r->addons, o, &request)) {
		ask(r, &request, addons_answered);
		return;
	}
	addons_take(o, &r->addons.lines);
	if (!addons_lack_version(o)) {
		end(r, NULL);
		return;
	}
	request = (struct ack_request){.action = ACK_CALL_ListAddons,
		.query = {{"cluster_id", o->id}},
		.endpoint = regions_of(o)};
	ask(r, &request, versions_answered);
}

/* Of a cluster, where some of them are to change. */
static void read_addons(struct reading *r)
{
	if (!r->object->parent && object_edited(r->object, ACK_P_live_addons))
		ask_addons(r);
	else
		end(r, NULL);
}

static void pools_answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct reading *r = arg;
	const struct ack_json *list = ack_json_get(answer->json, "nodepools");
	ACK_UNSET struct ack_error failure;

	ack_error_copy(&failure, e);
	r->call = NULL;
	if (!failure.err && live_pools_check(list, &failure) == 0)
		live_nodepools(r->object, list, r->asked);
	if (failure.err)
		end(r, &failure);
	else
		read_addons(r);
}

#define A_PAGE      100
#define A_PAGE_TEXT "100"

static void read_nodes(struct reading *r);

static void nodes_answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct reading *r = arg;
	const struct ack_json *list = ack_json_get(answer->json, "nodes");
	ACK_UNSET struct ack_error failure;

	ack_error_copy(&failure, e);
	r->call = NULL;
	if (!failure.err && !ack_json_is_array(list))
		ack_error_set(&failure, EPROTO, NULL,
			"the answer of the service has no nodes");
	eviction_note(r->object, list, &r->nodes);
	if (failure.err)
		end(r, &failure);
	else if (ack_json_count(list) < A_PAGE)
		end(r, NULL);
	else
		read_nodes(r);
}

static void read_nodes(struct reading *r)
{
	const struct object *o = r->object;
	struct ack_request request = kind_request(
		o->parent, ACK_CALL_DescribeClusterNodes);

	snprintf(r->page, sizeof(r->page), "%u", ++r->pages);
	request.query[0] = (struct ack_query){"nodepool_id", o->id};
	request.query[1] = (struct ack_query){"pageNumber", r->page};
	request.query[2] = (struct ack_query){"pageSize", A_PAGE_TEXT};
	ask(r, &request, nodes_answered);
}

static void described(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct reading *r = arg;
	struct object *o = r->object;
	struct ack_request pools = kind_request(
		o, ACK_CALL_DescribeClusterNodePools);
	ACK_UNSET struct ack_error failure;

	ack_error_copy(&failure, e);
	r->call = NULL;
	if (!failure.err)
		kind_check(o->kind, o->id, answer->json, &failure);
	if (failure.err) {
		end(r, &failure);
		return;
	}
	live_take(o, answer->json, r->asked);
	if (o->parent)
		live_count(o->parent);
	if (!o->parent && object_edited(o, o->kind->table->nodes))
		ask(r, &pools, pools_answered);
	else if (eviction_wanted(o))
		read_nodes(r);
	else
		read_addons(r);
}

void reading_begin(struct reading *r, struct object *o,
	void (*done)(void *arg, const struct ack_error *e), void *arg)
{
	struct ack_request request = kind_request(o, o->kind->describe);

	*r = (struct reading){.object = o, .done = done, .arg = arg};
	addons_look_init(&r->addons);
	ack_buf_init(&r->nodes, 65536);
	ask(r, &request, described);
}

void reading_drop(struct reading *r)
{
	ack_call_drop(r->call);
	addons_look_release(&r->addons);
	ack_buf_release(&r->nodes);
	ack_json_free(r->versions);
	*r = (struct reading){.object = NULL};
}
