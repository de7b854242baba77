/* SPDX-License-Identifier: MIT */
/* Calls whose keys expire under way. */
#include "client_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/call.h"
#include "client/credentials.h"

#define NEW_KEY  "STS.new000000000000000001"
#define NEW_WORD "newExampleSecret0123456789abcd"

#define REFUSAL(message)                                  \
	{                                                 \
		ANSWER("403")                             \
		"{\"Code\":\"InvalidSecurityToken."       \
		"Expired\",\"Message\":\"" message "\"}", \
			SERVER_CLOSE                      \
	}
#define EXPIRED REFUSAL("m")
#define MADE                                                              \
	{                                                                 \
		ANSWER("202") "{\"cluster_id\":\"" ID "\"}", SERVER_CLOSE \
	}

static struct {
	unsigned checks, renewals;
	bool at_once, gives; /* new keys, before it returns; its word */
	int says;            /* of the keys that there are */
} keeper;

static void new_keys(void)
{
	struct ack_credentials keys = {
		.key_id = strdup(NEW_KEY),
		.key_secret = strdup(NEW_WORD),
		.token = strdup("new-token"),
	};

	ack_client_set_credentials(client, &keys);
}

static int check(void *arg, struct ack_error *e)
{
	assert_ptr_equal(arg, &keeper);
	keeper.checks++;
	if (keeper.says < 0)
		ack_error_set(e, -keeper.says, NULL, "of another account");
	return keeper.says;
}

static bool renew(void *arg)
{
	assert_ptr_equal(arg, &keeper);
	keeper.renewals++;
	if (keeper.at_once)
		new_keys();
	return keeper.gives;
}

static void begin_kept(const struct server_step *steps, size_t n)
{
	begin(steps, n);
	set_keys(TOKEN);
	client->config.keys_check = check;
	client->config.keys_renew = renew;
	client->config.keys_arg = &keeper;
	memset(&keeper, 0, sizeof(keeper));
}

static void request_is_by(size_t i, const char *key)
{
	char text[512];

	assert_non_null(
		header(server_request(server, i), "Authorization", text));
	if (!strstr(text, key))
		fail_msg("request %zu: %s", i, text);
}

static void test_at_once(void **state)
{
	static const struct server_step steps[] = {EXPIRED, MADE};

	(void)state;
	begin_kept(steps, LENGTH(steps));
	keeper.at_once = keeper.gives = true;
	create("{}");
	wait_for(1);
	assert_int_equal(got.outcome, ACK_DONE);
	assert_int_equal(keeper.renewals, 1);
	assert_int_equal(keeper.checks, 2);
	assert_int_equal(ack_client_stats(client)->errors, 0);
	assert_int_equal(server_stop(server), 2);
	request_is_by(0, KEY);
	request_is_by(1, NEW_KEY);
	end();
}

/* Two calls wait for the same keys; a call whose keys are past waits not. */
static void test_later(void **state)
{
	static const struct server_step steps[] = {
		EXPIRED, EXPIRED, MADE, MADE};

	(void)state;
	begin_kept(steps, LENGTH(steps));
	keeper.gives = true;
	create("{}");
	create("{}");
	while (keeper.renewals < 2)
		turn();
	turn_for(50);
	assert_int_equal(got.calls, 0);
	new_keys();
	wait_for(2);
	assert_int_equal(got.outcome, ACK_DONE);
	assert_int_equal(server_stop(server), 4);
	request_is_by(2, NEW_KEY);
	request_is_by(3, NEW_KEY);
	end();
}

static void test_meanwhile(void **state)
{
	static const struct server_step steps[] = {EXPIRED, MADE};

	(void)state;
	begin_kept(steps, LENGTH(steps));
	create("{}");
	new_keys();
	wait_for(1);
	assert_int_equal(got.outcome, ACK_DONE);
	assert_int_equal(keeper.renewals, 0);
	server_stop(server);
	request_is_by(1, NEW_KEY);
	end();
}

static void refused(size_t requests)
{
	wait_for(1);
	assert_int_equal(got.outcome, ACK_REFUSED);
	assert_int_equal(got.error.err, EKEYEXPIRED);
	assert_string_equal(got.error.code, "InvalidSecurityToken.Expired");
	assert_int_equal(server_stop(server), requests);
	end();
}

static void test_never(void **state)
{
	static const struct server_step steps[] = {EXPIRED, EXPIRED, MADE};

	(void)state;
	begin_kept(steps, LENGTH(steps)); /* no way to others */
	create("{}");
	refused(1);
	assert_int_equal(keeper.renewals, 1);

	begin_kept(steps, LENGTH(steps)); /* they come expired: once */
	keeper.at_once = keeper.gives = true;
	create("{}");
	refused(2);
	assert_int_equal(keeper.renewals, 1);

	begin_kept(steps, LENGTH(steps)); /* a way that leads nowhere */
	keeper.gives = true;
	create("{}");
	while (keeper.renewals < 1)
		turn();
	ack_client_keys_stay(client, &got.error);
	refused(1);

	begin_within(steps, LENGTH(steps), 300); /* or to no end */
	client->config.keys_renew = renew;
	client->config.keys_arg = &keeper;
	keeper.at_once = false;
	create("{}");
	refused(1);
}

/* Dropped, or freed with its client, while it waits. */
static void test_drop(void **state)
{
	static const struct server_step steps[] = {EXPIRED, EXPIRED};

	(void)state;
	begin_kept(steps, LENGTH(steps));
	keeper.gives = true;
	struct ack_call *call = create("{}");
	create("{}");
	while (keeper.renewals < 2)
		turn();
	ack_call_drop(call);
	server_stop(server);
	end();
	assert_int_equal(got.calls, 0);
}

static void begin_doubtful(const struct server_step *steps, size_t n)
{
	begin_kept(steps, n);
	keeper.says = ACK_KEYS_LATER;
	create("{}");
	turn_for(20);
	assert_int_equal(got.calls, 0);
	assert_int_equal(keeper.checks, 1);
}

static void unsent(int err)
{
	wait_for(1);
	assert_int_equal(got.outcome, ACK_UNSENT);
	assert_int_equal(got.error.err, err);
	assert_int_equal(server_stop(server), 0);
	end();
}

/* Nothing leaves before it is known whose the keys are. */
static void test_doubtful(void **state)
{
	static const struct server_step steps[] = {MADE};
	struct ack_error why;

	(void)state;
	begin_doubtful(steps, LENGTH(steps)); /* they are the right ones */
	keeper.says = 0;
	new_keys();
	wait_for(1);
	assert_int_equal(got.outcome, ACK_DONE);
	assert_int_equal(server_stop(server), 1);
	request_is_by(0, NEW_KEY);
	end();

	begin_doubtful(steps, LENGTH(steps)); /* nobody can say */
	ack_error_set(&why, ENETUNREACH, NULL, "no STS");
	ack_client_keys_stay(client, &why);
	unsent(ENETUNREACH);

	begin_doubtful(steps, LENGTH(steps)); /* others are */
	keeper.says = -EKEYREJECTED;
	new_keys();
	unsent(EKEYREJECTED);

	begin_within(steps, LENGTH(steps), 300); /* nobody says anything */
	client->config.keys_check = check;
	client->config.keys_arg = &keeper;
	keeper.says = ACK_KEYS_LATER;
	create("{}");
	unsent(ETIMEDOUT);

	begin_kept(steps, LENGTH(steps)); /* it was known before */
	keeper.says = -EKEYREJECTED;
	assert_null(create("{}"));
	assert_int_equal(got.error.err, EKEYREJECTED);
	assert_int_equal(server_stop(server), 0);
	end();
}

/* What the service quotes of the old keys is not told after they went. */
static void test_quoted(void **state)
{
	static const struct server_step steps[] = {REFUSAL(TOKEN " and " WORD)};

	(void)state;
	begin_kept(steps, LENGTH(steps));
	keeper.at_once = true;
	create("{}");
	wait_for(1);
	assert_null(strstr(got.error.message, TOKEN));
	assert_null(strstr(got.error.message, WORD));
	assert_non_null(strstr(got.error.message, "*** and ***"));
	server_stop(server);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_later),
		cmocka_unit_test(test_meanwhile),
		cmocka_unit_test(test_never),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_doubtful),
		cmocka_unit_test(test_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
