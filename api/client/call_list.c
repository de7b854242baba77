/* SPDX-License-Identifier: MIT */
/* Lists: of clusters, page by page (SERVICE.md, Lists), and of node pools. */
#include "client/client.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "client/call.h"
#include "client/endpoint.h"

#define PAGE_SIZE "50"
#define AT_ONCE   8

/* A list that never ends must not fill the memory. A page may have more than
 * was asked for, and fewer. */
#define PAGES_MAX 20000
/* of a list whose total is not named, as the service names it */
#define PAGES_UNCOUNTED 2000
#define CLUSTERS_MAX    200000

static void end_list(struct ack_call *list, struct ack_error *e)
{
	if (e->err)
		ack_call_failed(list, e);
	list->done.list(list->arg, NULL, false, e);
}

void ack_call_end_pages(struct ack_call *list)
{
	while (!LIST_EMPTY(&list->pages)) {
		struct ack_call *page = LIST_FIRST(&list->pages);

		LIST_REMOVE(page, other_pages);
		page->list = NULL;
		ack_call_end(page);
	}
}

static int send_page(struct ack_call *page, struct ack_error *e)
{
	struct ack_call *list = page->list ? page->list : page;

	page->page = ++list->asked;
	page->arrived = false;
	snprintf(
		page->page_number, sizeof(page->page_number), "%u", page->page);
	return ack_call_send(page, e);
}

static void note_last(struct ack_call *list, const struct ack_json *clusters)
{
	const struct ack_json *n = ack_json_first(clusters), *next;
	const char *id;

	while (n && (next = ack_json_next(n)))
		n = next;
	id = ack_json_get_string(n, "cluster_id");
	snprintf(list->last_id, sizeof(list->last_id), "%s", id ? id : "");
}

/*
 * A service that ignores the page number would be listed for ever: a page
 * that begins like the one before is no next page.
 */
static int check_page(struct ack_call *list, const struct ack_json *clusters,
	struct ack_error *e)
{
	const struct ack_json *first = ack_json_first(clusters);
	const char *id = ack_json_get_string(first, "cluster_id");
	unsigned most = list->total < 0 ? PAGES_UNCOUNTED : PAGES_MAX;

	if (!ack_json_is_array(clusters))
		return ack_error_set(e, EPROTO, NULL,
			"the answer is not a list of clusters");
	if (first && !id)
		return ack_error_set(e, EPROTO, NULL,
			"the list holds a cluster without an ID");
	if (first && list->delivered > 0 &&
		strncmp(list->first_id, id, sizeof(list->first_id) - 1) == 0)
		return ack_error_set(e, EPROTO, NULL,
			"the list of clusters repeats itself after page %u",
			list->delivered);
	if (list->delivered >= most || list->seen > CLUSTERS_MAX)
		return ack_error_set(e, EPROTO, NULL,
			"the list of clusters did not end after %u pages with "
			"%" PRId64
			" clusters; ackfs reads %u pages and %d clusters "
			"at most",
			list->delivered, list->seen, most, CLUSTERS_MAX);
	/* what was before it has become one more */
	list->moved |= id && *list->last_id && !strcmp(id, list->last_id);
	snprintf(list->first_id, sizeof(list->first_id), "%s", id ? id : "");
	note_last(list, clusters);
	return 0;
}

/*
 * Counted by what was seen, not by page_number * page_size: a service that
 * gives smaller pages than asked for must not make clusters vanish.
 */
static bool is_last(
	struct ack_call *list, const struct ack_json *answer, unsigned count)
{
	const struct ack_json *info = ack_json_get(answer, "page_info");
	int64_t before = list->total;

	list->seen += count;
	if (!ack_json_integer(ack_json_get(info, "total_count"), &list->total))
		list->total = -1;
	list->moved |= list->delivered > 1 && list->total != before;
	if (list->delivered == 1 && count && list->total > count)
		list->planned = (unsigned)((list->total - 1) / count + 1);
	if (list->planned > PAGES_MAX)
		list->planned = PAGES_MAX;
	return count == 0 || (list->total >= 0 && list->seen >= list->total);
}

bool ack_list_whole(const struct ack_call *call)
{
	return !call->moved && (call->total < 0 || call->total == call->seen);
}

/* Hands on what has arrived. 1: it was the last page; or a negative errno. */
static int deliver(
	struct ack_call *list, struct ack_call *page, struct ack_error *e)
{
	bool nested = list->calling_back;
	struct ack_json *answer;
	int ret;

	const struct ack_http_reply r = {.status = 200,
		.body = ack_buf_text(&page->body),
		.len = page->body.len};
	page->arrived = false;
	ack_error_clear(e);
	answer = ack_call_answer(page, ACK_END_ANSWERED, &r, e, e);
	ack_buf_release(&page->body);
	const struct ack_json *clusters = ack_json_get(answer, "clusters");
	ret = e->err ? -e->err : check_page(list, clusters, e);
	if (!ret) {
		list->delivered++;
		ret = is_last(list, answer, ack_json_count(clusters));
		list->calling_back = true;
		list->done.list(list->arg, clusters, true, e);
		list->calling_back = nested;
	}
	ack_json_free(answer);
	return ret;
}

static struct ack_call *next_arrived(struct ack_call *list)
{
	struct ack_call *page;

	if (list->arrived && list->page == list->delivered + 1)
		return list;
	LIST_FOREACH (page, &list->pages, other_pages)
		if (page->arrived && page->page == list->delivered + 1)
			return page;
	return NULL;
}

static int add_page(struct ack_call *list, struct ack_error *e)
{
	struct ack_call *page = ack_call_copy(list, e);

	if (!page)
		return -e->err;
	page->finished = list->finished;
	page->list = list;
	LIST_INSERT_HEAD(&list->pages, page, other_pages);
	return send_page(page, e);
}

/* `page` has nothing to do: it asks for the next one, if there is one to ask
 * for; and so do others, when it is known how many there are. `inside`: the
 * one that is calling back, which ends by itself. */
static int go_on(struct ack_call *list, struct ack_call *page,
	const struct ack_call *inside, struct ack_error *e)
{
	int ret = 0;

	if (list->asked < list->planned || list->asked == list->delivered)
		ret = send_page(page, e);
	else if (page != list && page != inside)
		ack_call_end(page);
	while (!ret && list->asked < list->planned &&
		list->asked - list->delivered < AT_ONCE)
		ret = add_page(list, e);
	return ret;
}

static void finish(
	struct ack_call *list, struct ack_call *inside, struct ack_error *e)
{
	list->arrived = false;
	ack_call_end_pages(list);
	list->calling_back = true;
	end_list(list, e);
	if (inside == list)
		return;
	list->calling_back = false;
	ack_call_end(list);
}

static void page_finished(struct ack_call *page, enum ack_ending ending,
	const struct ack_http_reply *r, const struct ack_error *why)
{
	struct ack_call *list = page->list ? page->list : page, *next;
	ACK_UNSET struct ack_error e;
	int ret = 0;

	ack_error_copy(&e, why);
	if (ending != ACK_END_ANSWERED) {
		finish(list, page, &e);
		return;
	}
	page->arrived = true;
	page->body.max = ACK_HTTP_BODY_MAX;
	ack_buf_put(&page->body, r->body, r->len);
	while (!ret && (next = next_arrived(list))) {
		ret = deliver(list, next, &e);
		if (list->dropped) {
			if (page != list)
				ack_call_end(list);
			return;
		}
		if (!ret)
			ret = go_on(list, next, page, &e);
	}
	if (ret)
		finish(list, page, &e);
}

struct ack_call *ack_list_clusters(struct ack_client *c,
	const struct ack_endpoint *endpoint, const char *name, bool paced,
	ack_list_fn done, void *arg, struct ack_error *e)
{
	struct ack_request r = {
		.action = ACK_CALL_DescribeClustersForRegion,
		.ids = {endpoint ? endpoint->region
				 : c->config.endpoint->region},
		.endpoint = endpoint,
		.query = {{"page_size", PAGE_SIZE}, {"name", name}},
		.paced = paced,
	};
	struct ack_call *call = ack_call_new(c, &r, e);

	if (!call)
		return NULL;
	call->query[call->nquery++] = (struct ack_query){
		"page_number", call->page_number};
	call->finished = page_finished;
	call->done.list = done;
	return ack_call_begin(call, arg, send_page, e);
}

static void pools_finished(struct ack_call *call, enum ack_ending ending,
	const struct ack_http_reply *r, const struct ack_error *why)
{
	ACK_UNSET struct ack_error e;
	struct ack_json *answer = ack_call_answer(call, ending, r, why, &e);
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
	const char *name, bool paced, ack_list_fn done, void *arg,
	struct ack_error *e)
{
	struct ack_request r = {
		.action = ACK_CALL_DescribeClusterNodePools,
		.ids = {cluster_id},
		.endpoint = endpoint,
		.query = {{"NodepoolName", name}},
		.paced = paced,
	};
	struct ack_call *call = ack_call_new(c, &r, e);

	if (call) {
		call->finished = pools_finished;
		call->done.list = done;
	}
	return ack_call_begin(call, arg, ack_call_send, e);
}
