/* SPDX-License-Identifier: MIT */
/* What goes over the wire, and the calls that read one thing. */
#include "client_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

static void test_wire(void **state)
{
	static const struct server_step steps[] = {
		{SERVER_REPLY("200", "2", "{}"), SERVER_KEEP},
		{SERVER_REPLY("200", "2", "{}"), SERVER_KEEP},
	};
	static const char body[] = "{\"name\":\"中\"}";
	char a[512], b[512], host[64];

	(void)state;
	begin(steps, LENGTH(steps));
	create(body);
	wait_for(1);
	set_keys(TOKEN);
	create(body);
	wait_for(2);
	assert_int_equal(server_stop(server), 2);
	snprintf(host, sizeof(host), "127.0.0.1:%u", server_port(server));

	const char *one = server_request(server, 0);
	const char *two = server_request(server, 1);
	assert_int_equal(strncmp(one, "POST /clusters HTTP/1.1\r\n", 25), 0);
	assert_non_null(strstr(one, body));
	assert_string_equal(header(one, "Host", a), host);
	assert_string_equal(header(one, "x-acs-action", a), "CreateCluster");
	assert_string_equal(header(one, "x-acs-version", a), "2015-12-15");
	assert_string_equal(header(one, "accept", a), "application/json");
	assert_string_equal(header(one, "user-agent", a), "ackfs/" ACK_VERSION);
	assert_string_equal(header(one, "content-type", a),
		"application/json; charset=utf-8");
	assert_null(header(one, "x-acs-security-token", a));
	check_signature(one, "POST", "/clusters", NULL, 0, body);

	assert_string_equal(header(two, "x-acs-security-token", a), TOKEN);
	assert_string_equal(header(two, "x-acs-accesskey-id", a), KEY);
	check_signature(two, "POST", "/clusters", NULL, 0, body);
	assert_string_not_equal(header(one, "x-acs-signature-nonce", a),
		header(two, "x-acs-signature-nonce", b));
	assert_null(strstr(one, WORD));
	end();
}

static void answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	const char *name = ack_json_get_string(answer->json, "name");

	(void)arg;
	got.calls++;
	got.error = *e;
	assert_true((answer->json == NULL) == (e->err != 0));
	strcpy(got.request_id, answer->request_id);
	snprintf(got.name, sizeof(got.name), "%s", name ? name : "");
}

static void test_describe(void **state)
{
	static const struct server_step steps[] = {
		{SERVER_REPLY(
			 "200", "28", "{\"name\":\"n\",\"RequestId\":\"A\"}"),
			SERVER_KEEP},
		{"HTTP/1.1 404 X\r\nContent-Length: 64\r\n\r\n"
		 "{\"code\":\"ErrorClusterNotFound\",\"message\":\"gone\","
		 "\"requestId\":\"B\"}",
			SERVER_KEEP},
		{SERVER_REPLY("200", "0", ""), SERVER_KEEP},
		{SERVER_REPLY("200", "2", "{}"), SERVER_KEEP},
	};

	(void)state;
	begin(steps, LENGTH(steps));
	ask(ACK_CALL_DescribeClusterDetail, ID, answered);
	wait_for(1);
	assert_string_equal(got.name, "n");
	assert_string_equal(got.request_id, "A");
	ask(ACK_CALL_DescribeClusterDetail, ID, answered);
	wait_for(2);
	assert_int_equal(got.error.err, ENOENT);
	assert_string_equal(got.request_id, "B");
	ask(ACK_CALL_DescribeTaskInfo, "T-1", answered);
	wait_for(3);
	assert_int_equal(got.error.err, EPROTO);
	ask(ACK_CALL_DescribeTaskInfo, "a/../b c", answered);
	wait_for(4);
	assert_null(ask(ACK_CALL_DescribeTaskInfo, "..", answered));
	assert_null(ask(ACK_CALL_DescribeTaskInfo, "", answered));
	assert_int_equal(server_stop(server), 4);
	check_signature(
		server_request(server, 0), "GET", "/clusters/" ID, NULL, 0, "");
	assert_null(strcasestr(server_request(server, 0), "content-type"));
	assert_non_null(strstr(server_request(server, 2), "GET /tasks/T-1 "));
	assert_non_null(strstr(
		server_request(server, 3), "GET /tasks/a%2F..%2Fb%20c "));
	check_signature(server_request(server, 3), "GET",
		"/tasks/a%2F..%2Fb%20c", NULL, 0, "");
	end();
}

/* Some answers are arrays; whatever the form, it is that of the call. */
static void test_forms(void **state)
{
	static const struct {
		enum ack_action action;
		const char *answer;
		bool sound;
	} rows[] = {
		{ACK_CALL_DescribeClusterDetail, "{}", true},
		{ACK_CALL_DescribeClusterDetail, "[]", false},
		{ACK_CALL_DescribeClusterDetail, "null", false},
		{ACK_CALL_DescribeTaskInfo, "true", false},
		{ACK_CALL_DeleteCluster, "0", false},
		{ACK_CALL_DeleteCluster, "\"x\"", false},
		{ACK_CALL_DescribeClusterResources, "[]", true},
		{ACK_CALL_DescribeClusterResources, "null", true},
		{ACK_CALL_DescribeClusterResources, "{}", false},
		{ACK_CALL_DescribeClusterLogs, "[]", true},
		{ACK_CALL_DescribeClusterLogs, "1", false},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		char reply[128];
		const struct server_step step = {reply, SERVER_CLOSE};

		snprintf(reply, sizeof(reply), ANSWER("200") "%s",
			rows[i].answer);
		begin(&step, 1);
		assert_non_null(ask(rows[i].action, ID, answered));
		wait_for(1);
		if (got.error.err != (rows[i].sound ? 0 : EPROTO))
			fail_msg("row %zu, %s: %s", i, rows[i].answer,
				got.error.message);
		if (!rows[i].sound)
			assert_non_null(strstr(got.error.message, "JSON, but"));
		server_stop(server);
		end();
	}
}

static void test_drop(void **state)
{
	static const struct server_step hang = {NULL, SERVER_HANG};

	(void)state;
	begin(&hang, 1);
	struct ack_call *call = create("{}");
	turn();
	ack_call_drop(call);
	ack_call_drop(NULL);
	/* The client drops the other one. */
	create("{}");
	server_stop(server);
	end();
	assert_int_equal(got.calls, 0);
}

static void test_id(void **state)
{
	static const char *const bad[] = {"", "c", ID "0",
		"d0123456789abcdef0123456789abcdef",
		"c0123456789ABCDEF0123456789abcdef",
		"c0123456789abcdef0123456789abcde",
		"c0123456789abcdef0123456789abcde/"};

	(void)state;
	assert_true(ack_cluster_id_valid(ID));
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(ack_cluster_id_valid(bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wire),
		cmocka_unit_test(test_describe),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_id),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
