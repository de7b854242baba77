/* SPDX-License-Identifier: MIT */
/* A commit when memory is short: one POST at most, and a state that is true. */
#include "failing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/commit.h"
#include "actions/draft.h"
#include "base/json.h"
#include "client/client.h"
#include "client/credentials.h"
#include "fleet_fixture.h"
#include "server.h"

#define ID "c0123456789abcdef0123456789abcdef"

#define ANSWER                                                    \
	{                                                         \
		"HTTP/1.1 202 X\r\n\r\n{\"cluster_id\":\"" ID     \
		"\",\"request_id\":\"R-1\",\"task_id\":\"T-1\"}", \
			SERVER_CLOSE                              \
	}

static void put(struct object *o, unsigned row, const char *text)
{
	struct ack_error e;

	if (object_write(o, row, text, strlen(text), &e))
		fail_msg("%s", e.message);
}

static struct object *ready(struct fixture *x, unsigned port)
{
	struct ack_credentials keys = {
		.key_id = strdup("LTAI5tACKFSexample000001"),
		.key_secret = strdup("made-up")};
	struct object *o = fixture_draft(x, "test");
	struct ack_error e;
	char url[64];

	snprintf(url, sizeof(url), "http://127.0.0.1:%u", port);
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

/* The wait for whether it was made is no part of this. */
static bool is_over(const struct object *o)
{
	return o->state == COURSE_DRAFT || o->state == COURSE_UNKNOWN ||
	       o->state == COURSE_EXISTS;
}

static void check(struct object *o, int ret, size_t posts)
{
	assert_in_range(posts, 0, 1);
	/* what was sent has an answer, which may not have been understood */
	if (o->state == COURSE_DRAFT)
		assert_int_equal(posts, 0);
	if (o->state == COURSE_EXISTS)
		assert_string_equal(o->id, ID);
	if (o->state != COURSE_EXISTS && !ret)
		assert_non_null(o->error);
	if (o->state == COURSE_EXISTS) {
		assert_int_equal(posts, 1);
		assert_null(fixture_value(o, ACK_P_login_password));
	}
}

static int commit(void *arg)
{
	static const struct server_step steps[] = {ANSWER, ANSWER, ANSWER};
	struct server *server = server_start(steps, LENGTH(steps));
	struct fixture *x;
	void *fixture;
	struct ack_error e;
	struct object *o;
	enum course_state state;
	size_t requests, posts = 0;
	int ret;

	(void)arg;
	fixture_setup(&fixture);
	x = fixture;
	o = ready(x, server_port(server));
	failing_begin();
	ret = commit_begin(o, NULL, &e);
	while (!ret && !is_over(o))
		assert_int_equal(ack_events_turn(&x->events), 0);
	failing_end();
	requests = server_stop(server);
	for (size_t i = 0; i < requests; i++)
		posts += !strncmp(server_request(server, i), "POST ", 5);
	check(o, ret, posts);
	/* nor does the next mount take it for what it is not */
	state = o->state;
	fixture_again(x);
	o = fleet_by_name(&x->fleet, "test");
	assert_non_null(o);
	if (o->state != state)
		assert_true(state == COURSE_EXISTS &&
			    o->state == COURSE_UNKNOWN && failing_failed());
	server_free(server);
	fixture_teardown(&fixture);
	return ret;
}

static void test_commit(void **state)
{
	(void)state;
	every_allocation("commit", commit, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commit),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
