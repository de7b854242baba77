/* SPDX-License-Identifier: MIT */
/* What a commit takes for proof: lists that hold still, dates that were signed.
 */
#include "fleet_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "actions/commit.h"
#include "actions/draft.h"
#include "actions/resolve.h"
#include "base/json.h"
#include "client/client.h"
#include "client/credentials.h"
#include "model/intent.h"
#include "server.h"

#define ID    "c0123456789abcdef0123456789abcdef"
#define AHEAD 3600 /* the service's clock, before ours */

static struct server *server;

static void put(struct object *o, unsigned row, const char *text)
{
	struct ack_error e;

	if (object_write(o, row, text, strlen(text), &e))
		fail_msg("%s", e.message);
}

/* A draft that can be committed, to a server that plays these steps. */
static struct object *ready(
	struct fixture *x, const struct server_step *steps, size_t n)
{
	struct ack_credentials keys = {
		.key_id = strdup("LTAI5tACKFSexample000001"),
		.key_secret = strdup("made-up")};
	struct object *o = fixture_draft(x, "test");
	struct ack_error e;
	char url[64];

	server = server_start(steps, n);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", server_port(server));
	assert_int_equal(ack_endpoint_init(
				 &x->fleet.endpoint, url, "cn-beijing", -1, &e),
		0);
	ack_client_set_credentials(x->fleet.client, &keys);
	put(o, ACK_P_num_of_nodes, "0");
	put(o, ACK_P_snat_entry, "true");
	put(o, ACK_P_addons, "flannel");
	put(o, ACK_P_login_password, "Test@1900ackfs");
	return o;
}

/* Commits, and waits until it is a draft again, unknown, or there; how many
 * requests had been sent by then, of which `posts` may make something. */
static size_t commit(struct fixture *x, struct object *o, size_t *posts)
{
	struct ack_error e;
	size_t n;

	assert_int_equal(commit_begin(o, NULL, &e), 0);
	while (o->state != COURSE_DRAFT && o->state != COURSE_UNKNOWN &&
		o->state != COURSE_EXISTS)
		assert_int_equal(ack_events_turn(&x->events), 0);
	n = server_stop(server);
	*posts = 0;
	for (size_t i = 0; i < n; i++)
		*posts += !strncmp(server_request(server, i), "POST ", 5);
	return n;
}

#define PAGE(id, total)                                                      \
	{                                                                    \
		"HTTP/1.1 200 X\r\n\r\n{\"clusters\":[{\"cluster_id\":\"" id \
		"\",\"name\":\"other\"}],\"page_info\":{\"total_"            \
		"count\":" total "}}",                                       \
			SERVER_CLOSE                                         \
	}
#define END(total)                                                       \
	{                                                                \
		"HTTP/1.1 200 X\r\n\r\n{\"clusters\":[],\"page_info\":{" \
		"\"total_count\":" total "}}",                           \
			SERVER_CLOSE                                     \
	}
#define MADE                                                         \
	{                                                            \
		"HTTP/1.1 202 X\r\n\r\n{\"cluster_id\":\"" ID "\"}", \
			SERVER_CLOSE                                 \
	}
/* one more while it is read, fewer than it says, one that moved over */
#define GROWN   PAGE("a", "2"), PAGE("b", "3"), END("3")
#define LACKING PAGE("a", "3"), PAGE("b", "3"), END("3")
#define MOVED   PAGE("a", "2"), PAGE("a", "2")

static const struct {
	struct server_step steps[10];
	size_t requests, posts;
	enum course_state state;
	const char *says;
} lists[] = {
	{{GROWN, GROWN, GROWN, MADE}, 9, 0, COURSE_DRAFT,
		"the list of clusters changed each of the 3 times"},
	{{LACKING, LACKING, LACKING, MADE}, 9, 0, COURSE_DRAFT,
		"the list of clusters changed each of the 3 times"},
	{{GROWN, LACKING, PAGE("a", "1"), MADE}, 8, 1, COURSE_EXISTS, ""},
	{{END("0"), MADE}, 2, 1, COURSE_EXISTS, ""},
};

static void test_lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(lists); i++) {
		void *fixture;
		struct fixture *x;
		struct object *o;
		size_t requests, posts;

		fixture_setup(&fixture);
		x = fixture;
		o = ready(x, lists[i].steps, LENGTH(lists[i].steps));
		x->fleet.preflight = true;
		requests = commit(x, o, &posts);
		if (requests != lists[i].requests || posts != lists[i].posts ||
			o->state != lists[i].state ||
			!strstr(o->error ? o->error : "", lists[i].says))
			fail_msg("row %zu: %zu requests, %s", i, requests,
				o->error);
		fixture_teardown(&fixture);
		server_free(server);
	}
}

/* The value of a header, as seconds since 1970. */
static int64_t date_of(const char *request)
{
	const char *at = strcasestr(request, "x-acs-date: ");
	char text[32];

	assert_non_null(at);
	snprintf(text, sizeof(text), "%.20s", at + strlen("x-acs-date: "));
	return intent_time(text);
}

/* The record is written, then the clock is set, then a request is lost that
 * was signed an hour later than it. */
static void test_signed(void **state)
{
	char refusal[256];
	struct server_step steps[] = {
		{refusal, SERVER_CLOSE}, {NULL, SERVER_CLOSE}};
	time_t ahead = time(NULL) + AHEAD;
	struct fixture *x;
	struct object *o;
	int64_t date;
	size_t posts;
	struct ack_error e;
	struct tm tm;

	(void)state;
	fixture_setup(state);
	x = *state;
	gmtime_r(&ahead, &tm);
	strftime(refusal, sizeof(refusal),
		"HTTP/1.1 400 X\r\nDate: %a, %d %b %Y %H:%M:%S GMT\r\n\r\n"
		"{\"Code\":\"InvalidTimeStamp.Expired\",\"Message\":\"m\"}",
		&tm);
	o = ready(x, steps, LENGTH(steps));
	assert_int_equal(commit(x, o, &posts), 2);
	assert_int_equal(o->state, COURSE_UNKNOWN);
	date = date_of(server_request(server, 1));
	assert_true(date >= ahead && o->intent->date < date - AHEAD / 2);
	assert_true(o->intent->signed_at == date);
	assert_true(resolve_window_end(o) == date + 1);
	/* the next mount knows that date, too */
	fixture_settle(x);
	fixture_again(x);
	o = fleet_by_name(&x->fleet, "test");
	assert_int_equal(o->state, COURSE_UNKNOWN);
	assert_true(resolve_window_end(o) == date + 1);
	/* or, when it was never written, that it may be of just now */
	o->intent->signed_at = 0;
	o->intent->date -= AHEAD;
	assert_int_equal(saved_put(o, &e), 0);
	fixture_again(x);
	o = fleet_by_name(&x->fleet, "test");
	assert_int_equal(o->state, COURSE_UNKNOWN);
	assert_true(resolve_window_end(o) > time(NULL));
	fixture_teardown(state);
	server_free(server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_signed),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
