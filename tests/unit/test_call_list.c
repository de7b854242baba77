/* SPDX-License-Identifier: MIT */
/* The list of clusters, page by page. */
#include "client_fixture.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"

static struct ack_call *to_drop;

static void listed(void *arg, const struct ack_json *page, bool more,
	const struct ack_error *e)
{
	(void)arg;
	assert_true(more == (page != NULL));
	got.error = *e;
	if (more) {
		got.pages++;
		got.clusters += ack_json_count(page);
		if (to_drop)
			ack_call_drop(to_drop);
	} else {
		got.calls++;
	}
}

#define PAGE(first, second, info)                                \
	{                                                        \
		ANSWER("200")                                    \
		"{\"clusters\":[{\"cluster_id\":\"" first        \
		"\"},{\"cluster_id\":\"" second "\"}]" info "}", \
			SERVER_CLOSE                             \
	}
#define NO_PAGE                                                 \
	{                                                       \
		ANSWER("200") "{\"clusters\":[]}", SERVER_CLOSE \
	}
#define TOTAL(n) ",\"page_info\":{\"total_count\":" n "}"

#define LONG_ID                                    \
	"0123456789012345678901234567890123456789" \
	"0123456789012345678901234567890123456789"

static const struct {
	const char *name;
	struct server_step steps[4];
	size_t requests;
	unsigned pages, clusters;
	int err;
} lists[] = {
	{"empty", {NO_PAGE}, 1, 1, 0, 0},
	{"one page", {PAGE("1", "2", TOTAL("2"))}, 1, 1, 2, 0},
	{"small pages",
		{PAGE("1", "2", TOTAL("4")), PAGE("3", "4", TOTAL("4"))}, 2, 2,
		4, 0},
	{"without a total", {PAGE("1", "2", ""), PAGE("3", "4", ""), NO_PAGE},
		3, 3, 4, 0},
	{"some are hidden", {PAGE("1", "2", TOTAL("3")), NO_PAGE}, 2, 2, 2, 0},
	{"repeating", {PAGE("1", "2", TOTAL("4")), PAGE("1", "2", TOTAL("4"))},
		2, 1, 2, EPROTO},
	{"repeating what is no ID",
		{PAGE(LONG_ID, "2", TOTAL("4")),
			PAGE(LONG_ID, "2", TOTAL("4"))},
		2, 1, 2, EPROTO},
	{"no list", {{SERVER_REPLY("200", "2", "{}"), SERVER_CLOSE}}, 1, 0, 0,
		EPROTO},
	{"no ID",
		{{SERVER_REPLY("200", "17", "{\"clusters\":[{}]}"),
			SERVER_CLOSE}},
		1, 0, 0, EPROTO},
	{"fails later",
		{PAGE("1", "2", TOTAL("4")),
			{LAST_ANSWER("500"), SERVER_CLOSE}},
		2, 1, 2, EREMOTEIO},
};

static void test_list(void **state)
{
	struct ack_error e;

	(void)state;
	for (size_t i = 0; i < LENGTH(lists); i++) {
		begin(lists[i].steps, 4);
		assert_non_null(ack_list_clusters(
			client, NULL, NULL, true, listed, NULL, &e));
		wait_for(1);
		if (got.pages != lists[i].pages ||
			got.clusters != lists[i].clusters ||
			got.error.err != lists[i].err)
			fail_msg("%s: %u pages, %u clusters, %s", lists[i].name,
				got.pages, got.clusters, got.error.message);
		assert_int_equal(server_stop(server), lists[i].requests);
		end();
	}
}

#define MANY 32000 /* an answer may have little more */

/* So many pages with MANY clusters each, and one without. */
static void list_many(size_t count)
{
	struct server_step steps[9] = {{0}};
	struct ack_buf pages[8];
	struct ack_error e;

	for (size_t i = 0; i < count; i++) {
		pages[i] = (struct ack_buf)ACK_BUF_INIT(ACK_HTTP_BODY_MAX);
		ack_buf_printf(&pages[i],
			ANSWER("200") "{\"clusters\":[{\"cluster_id\":\"%zu\"}",
			i);
		for (unsigned n = 1; n < MANY; n++)
			ack_buf_puts(&pages[i], ",{\"cluster_id\":\"x\"}");
		ack_buf_puts(&pages[i], "]}");
		steps[i] = (struct server_step){
			ack_buf_text(&pages[i]), SERVER_CLOSE};
	}
	steps[count] = (struct server_step)NO_PAGE;
	begin(steps, count + 1);
	ack_list_clusters(client, NULL, NULL, true, listed, NULL, &e);
	wait_for(1);
	server_stop(server);
	for (size_t i = 0; i < count; i++)
		ack_buf_release(&pages[i]);
	end();
}

/* What does not end is given up, and says how far it was read. */
static void test_endless(void **state)
{
	(void)state;
	list_many(4);
	assert_int_equal(got.error.err, 0);
	assert_int_equal(got.clusters, 4 * MANY);
	list_many(8);
	assert_int_equal(got.error.err, EPROTO);
	assert_int_equal(got.clusters, 7 * MANY);
	assert_non_null(strstr(got.error.message,
		"did not end after 7 pages with 224000 clusters"));
}

static void test_list_wire(void **state)
{
	static const struct server_step steps[] = {
		PAGE("1", "2", TOTAL("3")),
		PAGE("3", "4", TOTAL("3")),
	};
	static const struct ack_query query[] = {
		{"name", "te st*é"},
		{"page_number", "2"},
		{"page_size", "50"},
	};
	struct ack_error e;

	(void)state;
	begin(steps, LENGTH(steps));
	ack_list_clusters(client, NULL, "te st*é", false, listed, NULL, &e);
	wait_for(1);
	assert_int_equal(server_stop(server), 2);
	assert_non_null(strstr(server_request(server, 0),
		"GET /regions/cn-beijing/clusters?name=te%20st%2A%C3%A9"
		"&page_number=1&page_size=50 "));
	check_signature(server_request(server, 1), "GET",
		"/regions/cn-beijing/clusters", query, 3, "");
	end();
}

/* Inside its own callback: no further page, and no end. */
static void test_drop(void **state)
{
	static const struct server_step pages[] = {
		PAGE("1", "2", TOTAL("9")),
		PAGE("3", "4", TOTAL("9")),
	};
	struct ack_error e;

	(void)state;
	begin(pages, LENGTH(pages));
	to_drop = ack_list_clusters(client, NULL, NULL, true, listed, NULL, &e);
	while (got.pages == 0)
		turn();
	to_drop = NULL;
	assert_int_equal(server_stop(server), 1);
	assert_int_equal(got.calls, 0);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_endless),
		cmocka_unit_test(test_list_wire),
		cmocka_unit_test(test_drop),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
