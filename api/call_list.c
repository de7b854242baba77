/* SPDX-License-Identifier: MIT */
/* Lists: of clusters, page by page (ack-api.md 2.4), and of node pools. */
#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "endpoint.h"
#include "error.h"
#include "json.h"

#define PAGE_SIZE "50"
#define PAGES_MAX 2000

static void end_list(struct ack_call *call, struct ack_error *e)
{
	if (e->err)
		ack_call_failed(call, e);
	call->done.list(call->arg, NULL, false, e);
}

static int send_page(struct ack_call *call, struct ack_error *e)
{
	snprintf(call->page_number, sizeof(call->page_number), "%u",
		++call->page);
	return ack_call_send(call, e);
}

/*
 * A service that ignores the page number would be listed for ever: a page
 * that begins like the one before is no next page.
 */
static int check_page(struct ack_call *call, const struct ack_json *clusters,
	struct ack_error *e)
{
	const struct ack_json *first = ack_json_first(clusters);
	const char *id = ack_json_get_string(first, "cluster_id");

	if (!ack_json_is_array(clusters))
		return ack_error_set(e, EPROTO, NULL,
			"the answer is not a list of clusters");
	if (first && !id)
		return ack_error_set(e, EPROTO, NULL,
			"the list holds a cluster without an ID");
	if (first && call->page > 1 && strcmp(call->first_id, id) == 0)
		return ack_error_set(e, EPROTO, NULL,
			"the list of clusters repeats itself after page %u",
			call->page - 1);
	if (call->page == PAGES_MAX)
		return ack_error_set(
			e, EPROTO, NULL, "the list of clusters does not end");
	snprintf(call->first_id, sizeof(call->first_id), "%s", id ? id : "");
	return 0;
}

/*
 * Counted by what was seen, not by page_number * page_size: a service that
 * gives smaller pages than asked for must not make clusters vanish.
 */
static bool is_last(
	struct ack_call *call, const struct ack_json *answer, unsigned count)
{
	const struct ack_json *info = ack_json_get(answer, "page_info");

	call->seen += count;
	if (!ack_json_integer(ack_json_get(info, "total_count"), &call->total))
		call->total = -1;
	return count == 0 || (call->total >= 0 && call->seen >= call->total);
}

int64_t ack_list_total(const struct ack_call *call)
{
	return call->total;
}

static void page_finished(struct ack_call *call, enum ack_ending ending,
	const struct ack_http_reply *r, const struct ack_error *why)
{
	struct ack_error e;
	struct ack_json *answer = ack_call_answer(ending, r, why, &e);
	const struct ack_json *clusters = ack_json_get(answer, "clusters");

	if (e.err == 0)
		check_page(call, clusters, &e);
	if (e.err == 0) {
		bool last = is_last(call, answer, ack_json_count(clusters));

		call->done.list(call->arg, clusters, true, &e);
		if (call->dropped || (!last && send_page(call, &e) == 0))
			goto out;
	}
	end_list(call, &e);
out:
	ack_json_free(answer);
}

static struct ack_call *begin(struct ack_call *call, ack_list_fn done,
	void *arg, int (*send)(struct ack_call *, struct ack_error *),
	struct ack_error *e)
{
	call->done.list = done;
	call->arg = arg;
	if (send(call, e) == 0)
		return call;
	ack_call_end(call);
	return NULL;
}

struct ack_call *ack_list_clusters(struct ack_client *c,
	const struct ack_endpoint *endpoint, const char *name, ack_list_fn done,
	void *arg, struct ack_error *e)
{
	struct ack_request r = {
		.action = ACK_CALL_DescribeClustersForRegion,
		.ids = {endpoint ? endpoint->region
				 : c->config.endpoint->region},
		.endpoint = endpoint,
		.query = {{"page_size", PAGE_SIZE}, {"name", name}},
		.paced = !name,
	};
	struct ack_call *call = ack_call_new(c, &r, e);

	if (!call)
		return NULL;
	call->query[call->nquery++] = (struct ack_query){
		"page_number", call->page_number};
	call->finished = page_finished;
	return begin(call, done, arg, send_page, e);
}

static void pools_finished(struct ack_call *call, enum ack_ending ending,
	const struct ack_http_reply *r, const struct ack_error *why)
{
	struct ack_error e;
	struct ack_json *answer = ack_call_answer(ending, r, why, &e);
	const struct ack_json *pools = ack_json_get(answer, "nodepools");

	if (e.err == 0 && !ack_json_is_array(pools))
		ack_error_set(&e, EPROTO, NULL,
			"the answer is not a list of node pools");
	if (e.err == 0)
		call->done.list(call->arg, pools, true, &e);
	if (!call->dropped)
		end_list(call, &e);
	ack_json_free(answer);
}

struct ack_call *ack_list_nodepools(struct ack_client *c,
	const struct ack_endpoint *endpoint, const char *cluster_id,
	const char *name, ack_list_fn done, void *arg, struct ack_error *e)
{
	struct ack_request r = {
		.action = ACK_CALL_DescribeClusterNodePools,
		.ids = {cluster_id},
		.endpoint = endpoint,
		.query = {{"NodepoolName", name}},
		.paced = !name,
	};
	struct ack_call *call = ack_call_new(c, &r, e);

	if (!call)
		return NULL;
	call->finished = pools_finished;
	return begin(call, done, arg, ack_call_send, e);
}
