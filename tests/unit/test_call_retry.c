/* SPDX-License-Identifier: MIT */
/* Which calls are sent again, and what they send then. */
#include "client_fixture.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "client/credentials.h"

#define SOON(status)                                     \
	"HTTP/1.1 " status " X\r\nConnection: close\r\n" \
	"x-acs-retry-after: 1\r\n\r\n"
#define CODE(status, code)                                                \
	{                                                                 \
		SOON(status)                                              \
		"{\"Code\":\"" code "\",\"Message\":\"m\"}", SERVER_CLOSE \
	}
#define MADE                                                              \
	{                                                                 \
		ANSWER("202") "{\"cluster_id\":\"" ID "\"}", SERVER_CLOSE \
	}
#define CLOSED                     \
	{                          \
		NULL, SERVER_CLOSE \
	}

static void answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	(void)arg;
	got.calls++;
	got.outcome = answer->outcome;
	got.error = *e;
}

enum what { CREATE, CHANGE, READ };

static struct ack_call *start(enum what what)
{
	switch (what) {
	case CREATE:
		return create("{}");
	case CHANGE:
		return ask(ACK_CALL_DeleteCluster, ID, answered);
	case READ:
		break;
	}
	return ask(ACK_CALL_DescribeTaskInfo, "T-1", answered);
}

/* clang-format off */
static const struct {
	const char *name;
	enum what what;
	struct server_step steps[6];
	size_t requests;
	enum ack_outcome outcome;
	int err;
	unsigned throttled;
} calls[] = {
	{ "create, throttled", CREATE,
		{ CODE("429", "Throttling.User"), CODE("503", "Throttling"),
			MADE },
		3, ACK_DONE, 0, 2 },
	{ "create, QPS", CREATE,
		{ { SOON("400") "{\"code\":\"C\",\"message\":"
				"\"QPS Limit Exceeded\"}", SERVER_CLOSE },
			MADE },
		2, ACK_DONE, 0, 1 },
	{ "create, throttled for longer than there is time", CREATE,
		{ { LAST_ANSWER("429") "{\"Code\":\"Throttling\","
				       "\"Message\":\"m\"}", SERVER_CLOSE },
			MADE },
		1, ACK_REFUSED, EAGAIN, 1 },
	{ "create, throttled, then lost", CREATE,
		{ CODE("400", "Throttling"), CLOSED, MADE },
		2, ACK_UNKNOWN, EPROTO, 1 },
	{ "create, throttled, then refused", CREATE,
		{ CODE("400", "Throttling"), CODE("400", "EmptyCIDR"), MADE },
		2, ACK_REFUSED, EINVAL, 1 },
	{ "create, 503", CREATE, { CODE("503", "ServiceUnavailable"), MADE },
		1, ACK_UNKNOWN, EREMOTEIO, 0 },
	{ "create, 500", CREATE, { CODE("500", "InternalError"), MADE },
		1, ACK_UNKNOWN, EREMOTEIO, 0 },
	{ "create, lost", CREATE, { CLOSED, MADE }, 1, ACK_UNKNOWN, EPROTO, 0 },
	{ "create, 429 of a proxy", CREATE,
		{ { SOON("429") "<html>", SERVER_CLOSE }, MADE },
		1, ACK_UNKNOWN, EPROTO, 0 },
	{ "create, nonce", CREATE, { CODE("400", "SignatureNonceUsed"), MADE },
		1, ACK_UNKNOWN, EKEYREJECTED, 0 },
	{ "create, expired keys", CREATE,
		{ CODE("403", "InvalidSecurityToken.Expired"), MADE },
		1, ACK_REFUSED, EKEYEXPIRED, 0 },

	{ "read, throttled", READ,
		{ CODE("429", "Throttling.User"), MADE }, 2, ACK_DONE, 0, 1 },
	{ "read, 503", READ,
		{ CODE("503", "ServiceUnavailable"), MADE }, 2, ACK_DONE, 0,
		0 },
	{ "read, HTML", READ, { { SOON("502") "<html>", SERVER_CLOSE }, MADE },
		2, ACK_DONE, 0, 0 },
	{ "read, lost", READ, { CLOSED, MADE }, 2, ACK_DONE, 0, 0 },
	{ "read, lost on a kept connection", READ,
		{ { SERVER_REPLY("503", "2", "{}"), SERVER_KEEP }, CLOSED,
			MADE },
		3, ACK_DONE, 0, 0 },
	{ "read, cut", READ,
		{ { SERVER_REPLY("200", "9", "{"), SERVER_CLOSE }, MADE },
		2, ACK_DONE, 0, 0 },
	{ "read, nonce", READ, { CODE("400", "SignatureNonceUsed"), MADE },
		2, ACK_DONE, 0, 0 },
	{ "read, 500 for good", READ,
		{ CODE("500", "InternalError"), CODE("500", "InternalError"),
			CODE("500", "InternalError"),
			CODE("500", "InternalError"),
			CODE("500", "InternalError"), MADE },
		5, ACK_UNKNOWN, EREMOTEIO, 0 },
	{ "read, not HTTP", READ, { { "garbage\r\n\r\n", SERVER_CLOSE }, MADE },
		1, ACK_UNKNOWN, EPROTO, 0 },
	{ "read, not JSON", READ,
		{ { SOON("200") "<html>", SERVER_CLOSE }, MADE },
		1, ACK_UNKNOWN, EPROTO, 0 },
	{ "read, refused", READ, { CODE("403", "StatusForbidden"), MADE },
		1, ACK_REFUSED, EACCES, 0 },
	{ "read, expired keys", READ,
		{ CODE("403", "InvalidSecurityToken.Expired"), MADE },
		1, ACK_REFUSED, EKEYEXPIRED, 0 },

	{ "change, done", CHANGE, { MADE }, 1, ACK_DONE, 0, 0 },
	{ "change, lost, then done", CHANGE, { CLOSED, MADE }, 2, ACK_DONE, 0,
		0 },
	{ "change, refused", CHANGE, { CODE("400", "EmptyCIDR"), MADE },
		1, ACK_REFUSED, EINVAL, 0 },
	{ "change, throttled, then refused", CHANGE,
		{ CODE("400", "Throttling"), CODE("400", "EmptyCIDR"), MADE },
		2, ACK_REFUSED, EINVAL, 1 },
	{ "change, lost, then refused", CHANGE,
		{ CLOSED, CODE("400", "EmptyCIDR"), MADE },
		2, ACK_UNKNOWN, EINVAL, 0 },
	{ "change, lost for good", CHANGE, { CLOSED, CLOSED, CLOSED, MADE },
		3, ACK_UNKNOWN, EPROTO, 0 },
	{ "change, broken, then throttled for longer", CHANGE,
		{ CODE("500", "InternalError"),
			{ LAST_ANSWER("429") "{\"Code\":\"Throttling\","
					     "\"Message\":\"m\"}",
				SERVER_CLOSE },
			MADE },
		2, ACK_UNKNOWN, EAGAIN, 1 },
	{ "change, an answer that makes no sense", CHANGE,
		{ { SOON("200") "<html>", SERVER_CLOSE }, MADE },
		1, ACK_UNKNOWN, EPROTO, 0 },
};
/* clang-format on */

/* Each try is signed for itself. */
static void check_tries(enum what what, size_t n)
{
	static const struct {
		const char *method, *path, *body;
	} requests[] = {
		[CREATE] = {"POST", "/clusters", "{}"},
		[CHANGE] = {"DELETE", "/clusters/" ID, ""},
		[READ] = {"GET", "/tasks/T-1", ""},
	};
	char nonces[6][512];

	for (size_t i = 0; i < n; i++) {
		const char *request = server_request(server, i);

		check_signature(request, requests[what].method,
			requests[what].path, NULL, 0, requests[what].body);
		assert_non_null(
			header(request, "x-acs-signature-nonce", nonces[i]));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(nonces[k], nonces[i]);
	}
}

static void test_calls(void **state)
{

	(void)state;
	for (size_t i = 0; i < LENGTH(calls); i++) {
		size_t n = calls[i].requests;

		begin(calls[i].steps, LENGTH(calls[i].steps));
		assert_non_null(start(calls[i].what));
		wait_for(1);
		if (got.outcome != calls[i].outcome ||
			got.error.err != calls[i].err)
			fail_msg("%s: outcome %d, %s", calls[i].name,
				got.outcome, got.error.message);
		const struct ack_client_stats *s = ack_client_stats(client);
		size_t sent = server_stop(server);
		if (sent != n || s->calls != n || s->retries != n - 1 ||
			s->throttled != calls[i].throttled ||
			s->errors != (calls[i].err != 0))
			fail_msg("%s: %zu requests", calls[i].name, sent);
		check_tries(calls[i].what, n);
		if (n > 1 && calls[i].err)
			assert_non_null(strstr(got.error.more, "tries: "));
		end();
	}
}

/* Nobody listens any more; it stays so until the time is up. */
static void test_unsent(void **state)
{

	(void)state;
	begin_within(NULL, 0, 1500);
	server_stop(server);
	assert_non_null(create("{}"));
	wait_for(1);
	assert_int_equal(got.outcome, ACK_UNSENT);
	assert_int_equal(got.error.err, ECONNREFUSED);
	const struct ack_client_stats *s = ack_client_stats(client);
	assert_in_range(s->retries, 1, 6);
	assert_int_equal(s->errors, 1);
	end();
}

/* Dropped between two tries: nothing more is sent, nobody is called. */
static void test_drop(void **state)
{
	static const struct server_step steps[] = {
		CODE("429", "Throttling"), MADE, MADE};

	(void)state;
	begin(steps, LENGTH(steps));
	struct ack_call *call = create("{}");
	while (ack_client_stats(client)->throttled == 0)
		turn();
	ack_call_drop(call);
	turn_for(400);
	assert_int_equal(server_stop(server), 1);
	assert_int_equal(got.calls, 0);
	end();
}

static void test_client_free(void **state)
{
	static const struct server_step steps[] = {
		CODE("429", "Throttling"), MADE, MADE};

	(void)state;
	begin(steps, LENGTH(steps));
	create("{}");
	while (ack_client_stats(client)->throttled == 0)
		turn();
	ack_client_free(client);
	client = NULL;
	turn_for(400);
	assert_int_equal(server_stop(server), 1);
	assert_int_equal(got.calls, 0);
	end();
}

/* Whoever comes too late, as after a SIGSTOP, sends nothing any more. */
static void test_late(void **state)
{
	static const struct server_step steps[] = {
		CODE("429", "Throttling"), MADE};
	const struct timespec nap = {.tv_sec = 1};

	(void)state;
	begin_within(steps, LENGTH(steps), 1000);
	create("{}");
	while (ack_client_stats(client)->throttled == 0)
		turn();
	nanosleep(&nap, NULL);
	wait_for(1);
	assert_int_equal(got.outcome, ACK_REFUSED);
	assert_int_equal(got.error.err, EAGAIN);
	assert_int_equal(server_stop(server), 1);
	end();
}

/* Without keys the next try does not start; the call still ends. */
static void test_keys_gone(void **state)
{
	static const struct server_step steps[] = {
		CODE("429", "Throttling"), MADE};
	struct ack_credentials none = {0};

	(void)state;
	begin(steps, LENGTH(steps));
	create("{}");
	while (ack_client_stats(client)->throttled == 0)
		turn();
	ack_client_set_credentials(client, &none);
	wait_for(1);
	assert_int_equal(got.outcome, ACK_UNSENT);
	assert_int_equal(got.error.err, ENOKEY);
	assert_int_equal(server_stop(server), 1);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_unsent),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_client_free),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_keys_gone),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
