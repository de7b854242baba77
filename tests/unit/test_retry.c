/* SPDX-License-Identifier: MIT */
/* How a try ended, whether it is made again, and after how long. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "client/reply.h"
#include "client/retry.h"
#include "client/skew.h"
#include "http/http.h"

#define OWN(code) "{\"Code\":\"" code "\",\"Message\":\"m\"}"

/* clang-format off */
static const struct {
	const char *name;
	int err;
	bool left, hopeless;
	int status;
	const char *body;
	enum ack_ending ending;
} endings[] = {
	{ "200", 0, true, false, 200, "{}", ACK_END_ANSWERED },
	{ "202", 0, true, false, 202, "", ACK_END_ANSWERED },
	{ "refused", -ECONNREFUSED, false, false, 0, "", ACK_END_UNSENT },
	{ "timeout", -ETIMEDOUT, false, false, 0, "", ACK_END_UNSENT },
	{ "certificate", -EPROTO, false, true, 0, "", ACK_END_HOPELESS },
	{ "closed", -EPROTO, true, false, 0, "", ACK_END_LOST },
	{ "no answer", -ETIMEDOUT, true, false, 0, "", ACK_END_LOST },
	{ "cut 200", -EPROTO, true, false, 200, "{", ACK_END_LOST },
	{ "cut 429", -EPROTO, true, false, 429, OWN("Throttling"),
		ACK_END_LOST },
	{ "too large", -EPROTO, true, true, 200, "", ACK_END_SPOILED },
	{ "throttled", 0, true, false, 429, OWN("Throttling"),
		ACK_END_THROTTLED },
	{ "user", 0, true, false, 400, OWN("Throttling.User"),
		ACK_END_THROTTLED },
	{ "503", 0, true, false, 503, OWN("Rejected.Throttling"),
		ACK_END_THROTTLED },
	{ "QPS", 0, true, false, 400,
		"{\"code\":\"C\",\"message\":\"QPS Limit Exceeded\"}",
		ACK_END_THROTTLED },
	{ "any 429", 0, true, false, 429, OWN("TooMany"), ACK_END_THROTTLED },
	{ "throttling 500", 0, true, false, 500, OWN("Throttling"),
		ACK_END_BROKEN },
	{ "429 of a proxy", 0, true, false, 429, "<html>Throttling",
		ACK_END_UNAVAILABLE },
	{ "clock", 0, true, false, 400, OWN("InvalidTimeStamp.Expired"),
		ACK_END_CLOCK },
	{ "date", 0, true, false, 400, OWN("InvalidTimeStamp.Format"),
		ACK_END_REFUSED },
	{ "clock of a proxy", 0, true, false, 400, "InvalidTimeStamp.Expired",
		ACK_END_SPOILED },
	{ "clock 500", 0, true, false, 500, OWN("InvalidTimeStamp.Expired"),
		ACK_END_BROKEN },
	{ "nonce", 0, true, false, 400, OWN("SignatureNonceUsed"),
		ACK_END_REPLAYED },
	{ "expired", 0, true, false, 403, OWN("InvalidSecurityToken.Expired"),
		ACK_END_EXPIRED },
	{ "malformed", 0, true, false, 403,
		OWN("InvalidSecurityToken.Malformed"), ACK_END_REFUSED },
	{ "404", 0, true, false, 404, OWN("ErrorClusterNotFound"),
		ACK_END_REFUSED },
	{ "409", 0, true, false, 409, OWN("C"), ACK_END_REFUSED },
	{ "408", 0, true, false, 408, OWN("C"), ACK_END_LOST },
	{ "403 of a proxy", 0, true, false, 403, "{\"error\":\"no\"}",
		ACK_END_SPOILED },
	{ "307", 0, true, false, 307, "", ACK_END_SPOILED },
	{ "unavailable", 0, true, false, 503, OWN("ServiceUnavailable"),
		ACK_END_UNAVAILABLE },
	{ "unavailable, HTML", 0, true, false, 503, "<html>",
		ACK_END_UNAVAILABLE },
	{ "500", 0, true, false, 500, OWN("InternalError"), ACK_END_BROKEN },
	{ "502, HTML", 0, true, false, 502, "<html>", ACK_END_BROKEN },
};
/* clang-format on */

static void test_ending(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(endings); i++) {
		const struct ack_http_reply r = {
			.err = endings[i].err,
			.left = endings[i].left,
			.hopeless = endings[i].hopeless,
			.status = endings[i].status,
		};
		struct ack_error e;
		int own = 0;

		ack_error_clear(&e);
		if (!r.err && r.status / 100 != 2)
			ack_error_from_reply(&e, r.status, endings[i].body,
				strlen(endings[i].body), &own);
		enum ack_ending ending = ack_retry_ending(&r, &e, own);
		if (ending != endings[i].ending)
			fail_msg("%s: %d", endings[i].name, ending);
	}
}

static struct ack_retry retry(
	enum ack_kind kind, enum ack_ending ending, unsigned tries)
{
	return (struct ack_retry){
		.kind = kind,
		.ending = ending,
		.tries = tries,
		.left_ms = 1000000,
		.limit_ms = 1000000,
		.hint_ms = -1,
	};
}

/* The tries that there are at most; 99: as many as the time allows. */
static unsigned tries(enum ack_kind kind, enum ack_ending ending)
{
	unsigned n = 1;
	struct ack_retry t = retry(kind, ending, n);

	while (n < 99 && ack_retry_wait(&t) >= 0)
		t.tries = ++n;
	return n;
}

/* clang-format off */
static const struct {
	enum ack_outcome outcome;
	unsigned read, change, create;
} rules[ACK_ENDINGS] = {
	[ACK_END_ANSWERED] =    { ACK_DONE,     1,  1,  1 },
	[ACK_END_UNSENT] =      { ACK_UNSENT,  99, 99, 99 },
	[ACK_END_HOPELESS] =    { ACK_UNSENT,   2,  2,  2 },
	[ACK_END_THROTTLED] =   { ACK_REFUSED, 99, 99, 99 },
	[ACK_END_CLOCK] =       { ACK_REFUSED, 99, 99, 99 },
	[ACK_END_EXPIRED] =     { ACK_REFUSED, 99, 99, 99 },
	[ACK_END_REPLAYED] =    { ACK_UNKNOWN,  5,  3,  1 },
	[ACK_END_REFUSED] =     { ACK_REFUSED,  1,  1,  1 },
	[ACK_END_LOST] =        { ACK_UNKNOWN,  5,  3,  1 },
	[ACK_END_SPOILED] =     { ACK_UNKNOWN,  1,  1,  1 },
	[ACK_END_UNAVAILABLE] = { ACK_UNKNOWN, 99,  3,  1 },
	[ACK_END_BROKEN] =      { ACK_UNKNOWN,  5,  3,  1 },
};
/* clang-format on */

static void test_rules(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ACK_ENDINGS; i++) {
		enum ack_ending ending = (enum ack_ending)i;
		enum ack_outcome outcome = ack_retry_outcome(ending);

		assert_int_equal(outcome, rules[i].outcome);
		assert_int_equal(tries(ACK_READ, ending), rules[i].read);
		assert_int_equal(tries(ACK_CHANGE, ending), rules[i].change);
		assert_int_equal(tries(ACK_CREATE, ending), rules[i].create);
		/* What may have been executed is never created twice. */
		if (outcome == ACK_UNKNOWN || outcome == ACK_DONE)
			assert_int_equal(tries(ACK_CREATE, ending), 1);
		assert_true(
			tries(ACK_READ, ending) >= tries(ACK_CHANGE, ending));
		assert_true(
			tries(ACK_CHANGE, ending) >= tries(ACK_CREATE, ending));
	}
}

static void test_backoff(void **state)
{
	static const int64_t most[] = {
		250, 500, 1000, 2000, 4000, 8000, 10000, 10000, 10000};
	struct ack_retry t = retry(ACK_CREATE, ACK_END_UNSENT, 1);

	(void)state;
	for (unsigned i = 0; i < LENGTH(most); i++) {
		t.tries = i + 1;
		t.random = 0;
		assert_int_equal(ack_retry_wait(&t), most[i] / 2);
		t.random = (uint32_t)(most[i] / 2);
		assert_int_equal(ack_retry_wait(&t), most[i]);
		t.random = UINT32_MAX;
		assert_in_range(ack_retry_wait(&t), most[i] / 2, most[i]);
	}
	t.tries = UINT32_MAX;
	assert_in_range(ack_retry_wait(&t), 5000, 10000);
	t.ending = ACK_END_CLOCK;
	assert_int_equal(ack_retry_wait(&t), 0);
}

static void test_hint(void **state)
{
	static const struct {
		int64_t hint, wait;
	} rows[] = {{0, 0}, {1, 1}, {1500, 1500}, {60000, 60000},
		{60001, 60000}, {INT64_MAX, 60000}};
	struct ack_retry t = retry(ACK_CREATE, ACK_END_THROTTLED, 5);

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		t.hint_ms = rows[i].hint;
		t.random = 0;
		assert_int_equal(ack_retry_wait(&t), rows[i].wait);
		t.random = UINT32_MAX;
		assert_in_range(
			ack_retry_wait(&t), rows[i].wait, rows[i].wait + 250);
	}
}

static void test_time_left(void **state)
{
	struct ack_retry t = retry(ACK_READ, ACK_END_THROTTLED, 1);

	(void)state;
	assert_int_equal(ack_retry_room(30000), 5000);
	assert_int_equal(ack_retry_room(2000), 500);
	t.limit_ms = 2000;
	t.hint_ms = 1000;
	t.left_ms = 1500;
	assert_int_equal(ack_retry_wait(&t), 1000);
	t.left_ms = 1499;
	assert_int_equal(ack_retry_wait(&t), -1);
	t.left_ms = -1;
	assert_int_equal(ack_retry_wait(&t), -1);
	t.ending = ACK_END_CLOCK;
	assert_int_equal(ack_retry_wait(&t), -1);
}

static void test_skew(void **state)
{
	static const struct {
		int64_t signed_at, date, now;
		bool learns;
		int64_t offset;
		const char *says;
	} rows[] = {
		{5000, 0, 5000, false, 7, "m"},
		{5000, 5060, 5001, false, 7, "m"},
		{5000, 5061, 5001, true, 60, "m"},
		{5000, 6200, 5000, true, 1200,
			"this machine's clock is 1200 s behind the service's: "
			"m"},
		{5000, 1000, 5001, true, -4001,
			"this machine's clock is 4001 s ahead of the "
			"service's: m"},
		/* Signed by the service's clock as far as it was known. */
		{6200, 6200, 5000, false, 7,
			"this machine's clock is 1200 s behind the service's: "
			"m"},
		/* This machine's clock was set meanwhile. */
		{7400, 6200, 6200, true, 0, "m"},
		/* That is no clock. */
		{1000, 4102444801, 1000, false, 7, "m"},
		{1000, 253402300799, 1000, false, 7, "m"},
	};
	static const char refusal[] = "{\"Code\":\"InvalidTimeStamp.Expired\","
				      "\"Message\":\"m\",\"RequestId\":\"R\"}";

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		int64_t offset = 7;
		struct ack_error e;

		assert_int_equal(ack_skew_learn(&offset, rows[i].signed_at,
					 rows[i].date, rows[i].now),
			rows[i].learns);
		assert_int_equal(offset, rows[i].offset);
		ack_error_from_reply(&e, 400, refusal, strlen(refusal), NULL);
		ack_skew_explain(&e, rows[i].date, rows[i].now);
		assert_string_equal(e.message, rows[i].says);
		assert_int_equal(e.err, EKEYREJECTED);
		assert_string_equal(e.code, "InvalidTimeStamp.Expired");
		assert_string_equal(e.request_id, "R");
		assert_int_equal(e.http_status, 400);
		assert_int_not_equal(strlen(e.hint), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ending),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_backoff),
		cmocka_unit_test(test_hint),
		cmocka_unit_test(test_time_left),
		cmocka_unit_test(test_skew),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
