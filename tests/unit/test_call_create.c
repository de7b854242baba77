/* SPDX-License-Identifier: MIT */
/* What became of a CreateCluster. */
#include "client_fixture.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "client/credentials.h"

static const struct {
	const char *name;
	struct server_step step;
	enum ack_outcome outcome;
	int err;
	const char *cluster_id, *request_id, *task_id;
	const char *says;
} creations[] = {
	{"202",
		{ANSWER("202") "{\"cluster_id\":\"" ID
			       "\",\"request_id\":\"R-1\","
			       "\"task_id\":\"T-1\"}",
			SERVER_CLOSE},
		ACK_DONE, 0, ID, "R-1", "T-1", ""},
	{"200, an ID alone",
		{ANSWER("200") "{\"cluster_id\":\"" ID "\"}", SERVER_CLOSE},
		ACK_DONE, 0, ID, "", "", ""},
	{"the ID of the request in the header alone",
		{"HTTP/1.1 202 X\r\nConnection: close\r\n"
		 "x-acs-request-id: R-3\r\n\r\n"
		 "{\"cluster_id\":\"" ID "\"}",
			SERVER_CLOSE},
		ACK_DONE, 0, ID, "R-3", "", ""},
	{"a refusal with the ID in the header alone",
		{"HTTP/1.1 400 X\r\nConnection: close\r\n"
		 "X-Acs-Request-Id: R-4\r\n\r\n"
		 "{\"Code\":\"EmptyCIDR\",\"Message\":\"no\"}",
			SERVER_CLOSE},
		ACK_REFUSED, EINVAL, "", "R-4", "", "no"},
	{"hostile IDs",
		{ANSWER("201") "{\"cluster_id\":\"" ID
			       "\",\"request_id\":\"../R\","
			       "\"task_id\":\"a\\u001bb\"}",
			SERVER_CLOSE},
		ACK_DONE, 0, ID, "", "", ""},
	{"two IDs",
		{ANSWER("200") "{\"cluster_id\":\"" ID "\",\"cluster_id\":\"" ID
			       "\"}",
			SERVER_CLOSE},
		ACK_UNKNOWN, EPROTO, "", "", "", "no cluster ID"},
	{"bad ID",
		{ANSWER("200") "{\"cluster_id\":\"c1\",\"request_id\":\"R-2\"} "
			       "   ",
			SERVER_CLOSE},
		ACK_UNKNOWN, EPROTO, "", "R-2", "", "no cluster ID"},
	{"2xx without JSON", {ANSWER("200") "ok", SERVER_CLOSE}, ACK_UNKNOWN,
		EPROTO, "", "", "", "not one of the service"},
#define NO_OBJECT(json)                                                        \
	{                                                                      \
		"2xx, " json, {ANSWER("202") json, SERVER_CLOSE}, ACK_UNKNOWN, \
			EPROTO, "", "", "", "JSON, but not one"                \
	}
	NO_OBJECT("[]"),
	NO_OBJECT("null"),
	NO_OBJECT("true"),
	NO_OBJECT("0"),
	NO_OBJECT("\"x\""),
	NO_OBJECT("[{\"cluster_id\":\"c1\"}]"),
#undef NO_OBJECT
	{"2xx, empty", {ANSWER("202") "", SERVER_CLOSE}, ACK_UNKNOWN, EPROTO,
		"", "", "", "empty"},
	{"2xx, cut JSON", {ANSWER("202") "{\"cluster_id\":\"", SERVER_CLOSE},
		ACK_UNKNOWN, EPROTO, "", "", "", "ends in the middle"},
	{"2xx, cut on the wire",
		{SERVER_REPLY("202", "99", "{\"cluster_id\":\"" ID "\"}"),
			SERVER_CLOSE},
		ACK_UNKNOWN, EPROTO, "", "", "", "ends in the middle"},
	{"400",
		{ANSWER("400") "{\"code\":\"EmptyCIDR\",\"message\":"
			       "\"m\",\"requestId\":\"R-3\"}",
			SERVER_CLOSE},
		ACK_REFUSED, EINVAL, "", "R-3", "", "m"},
	{"403, gateway",
		{ANSWER("403") "{\"Code\":\"SignatureDoesNotMatch\","
			       "\"Message\":\"x-acs-security-token:" TOKEN
			       " " WORD "\"}",
			SERVER_CLOSE},
		ACK_REFUSED, EKEYREJECTED, "", "", "", "token:****"},
	{"throttled 503",
		{LAST_ANSWER("503") "{\"Code\":\"Throttling.User\","
				    "\"Message\":\"m\"}",
			SERVER_CLOSE},
		ACK_REFUSED, EAGAIN, "", "", "", ""},
	{"throttled 429",
		{LAST_ANSWER("429") "{\"Code\":\"Throttling\","
				    "\"Message\":\"m\"}",
			SERVER_CLOSE},
		ACK_REFUSED, EAGAIN, "", "", "", ""},
	{"nonce",
		{ANSWER("400") "{\"Code\":\"SignatureNonceUsed\","
			       "\"Message\":\"m\"}",
			SERVER_CLOSE},
		ACK_UNKNOWN, EKEYREJECTED, "", "", "", ""},
	{"400, HTML", {ANSWER("400") "<html>", SERVER_CLOSE}, ACK_UNKNOWN,
		EPROTO, "", "", "", "web page"},
	{"403, JSON of another",
		{ANSWER("403") "{\"error\":\"denied\"}", SERVER_CLOSE},
		ACK_UNKNOWN, EPROTO, "", "", "", "denied"},
	{"408",
		{ANSWER("408") "{\"Code\":\"C\",\"Message\":\"m\"}",
			SERVER_CLOSE},
		ACK_UNKNOWN, ETIMEDOUT, "", "", "", ""},
	{"500",
		{ANSWER("500") "{\"Code\":\"InternalError\","
			       "\"Message\":\"m\"}",
			SERVER_CLOSE},
		ACK_UNKNOWN, EREMOTEIO, "", "", "", ""},
	{"503",
		{ANSWER("503") "{\"Code\":\"ServiceUnavailable\","
			       "\"Message\":\"m\"}",
			SERVER_CLOSE},
		ACK_UNKNOWN, EREMOTEIO, "", "", "", ""},
	{"502, HTML", {ANSWER("502") "<html>", SERVER_CLOSE}, ACK_UNKNOWN,
		EREMOTEIO, "", "", "", "web page"},
	{"307", {"HTTP/1.1 307 X\r\nLocation: /x\r\n\r\n", SERVER_CLOSE},
		ACK_UNKNOWN, EPROTO, "", "", "", "empty"},
	{"closed", {NULL, SERVER_CLOSE}, ACK_UNKNOWN, EPROTO, "", "", "",
		"closed"},
	{"not HTTP", {"SSH-2.0-x\r\n", SERVER_CLOSE}, ACK_UNKNOWN, EPROTO, "",
		"", "", "not HTTP"},
};

static void test_create(void **state)
{
	static const char body[] = "{\"name\":\"中\"}";

	(void)state;
	for (size_t i = 0; i < LENGTH(creations); i++) {
		begin(&creations[i].step, 1);
		set_keys(TOKEN);
		assert_non_null(create(body));
		assert_int_equal(got.calls, 0);
		wait_for(1);
		if (got.outcome != creations[i].outcome ||
			got.error.err != creations[i].err ||
			!strstr(got.error.message, creations[i].says))
			fail_msg("%s: outcome %d, %s", creations[i].name,
				got.outcome, got.error.message);
		assert_string_equal(got.cluster_id, creations[i].cluster_id);
		assert_string_equal(got.request_id, creations[i].request_id);
		assert_string_equal(got.task_id, creations[i].task_id);
		assert_null(strstr(got.error.message, WORD));
		assert_null(strstr(got.error.message, TOKEN));

		const struct ack_client_stats *s = ack_client_stats(client);
		assert_int_equal(s->calls, 1);
		assert_int_equal(s->errors, creations[i].err != 0);
		assert_int_equal(s->throttled, creations[i].err == EAGAIN);
		/* Whatever was answered: once. */
		assert_int_equal(server_stop(server), 1);
		end();
	}
}

/* The service may quote the value that it refuses. */
static void test_password(void **state)
{
	static const struct server_step step = {
		ANSWER("400") "{\"code\":\"C\",\"message\":\"bad "
			      "Pass\\\"w0rd\","
			      "\"data\":[{\"code\":\"D\",\"message\":"
			      "\"Pass\\\"w0rd!\"}]}",
		SERVER_CLOSE};
	static const char body[] = "{\"nodepools\":[{\"scaling_group\":"
				   "{\"login_password\":\"Pass\\\"w0rd\"}}]}";

	(void)state;
	begin(&step, 1);
	create(body);
	wait_for(1);
	assert_string_equal(got.error.message, "bad *********");
	assert_string_equal(got.error.more, "D: *********!\n");
	server_stop(server);
	end();
}

static void test_unsent(void **state)
{

	(void)state;
	begin_within(NULL, 0, 100);
	server_stop(server);
	assert_non_null(create("{}"));
	wait_for(1);
	assert_int_equal(got.outcome, ACK_UNSENT);
	assert_int_equal(got.error.err, ECONNREFUSED);
	end();

	begin(NULL, 0);
	server_stop(server);
	struct ack_credentials none = {0};
	ack_client_set_credentials(client, &none);
	assert_null(create("{}"));
	assert_int_equal(got.error.err, ENOKEY);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_create),
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_unsent),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
