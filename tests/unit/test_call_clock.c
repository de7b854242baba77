/* SPDX-License-Identifier: MIT */
/* A service that refuses a request for its date tells the right one. */
#include "client_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"

#define MADE                                                              \
	{                                                                 \
		ANSWER("202") "{\"cluster_id\":\"" ID "\"}", SERVER_CLOSE \
	}

/* A Date header `off` seconds from now, and the refusal of a date. */
static const char *refusal_of_date(char out[512], const char *code, int64_t off)
{
	time_t then = time(NULL) + off;
	char date[64] = "";
	struct tm tm;

	gmtime_r(&then, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	snprintf(out, 512,
		"HTTP/1.1 400 X\r\nDate: %s\r\n\r\n"
		"{\"Code\":\"%s\",\"Message\":\"m\"}",
		date, code);
	return out;
}

/* How far the date that was signed is from now. */
static int64_t signed_off(size_t request)
{
	char text[512];
	struct tm tm = {0};

	assert_non_null(
		header(server_request(server, request), "x-acs-date", text));
	assert_non_null(strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm));
	return timegm(&tm) - time(NULL);
}

static void create_once(unsigned calls_so_far)
{

	assert_non_null(create("{}"));
	wait_for(calls_so_far + 1);
}

static void test_clock(void **state)
{
	char text[512];
	const struct server_step steps[] = {
		{refusal_of_date(text, "InvalidTimeStamp.Expired", 7200),
			SERVER_CLOSE},
		MADE,
		MADE,
	};

	(void)state;
	begin(steps, LENGTH(steps));
	create_once(0);
	assert_int_equal(got.outcome, ACK_DONE);
	assert_in_range(ack_client_clock_offset(client), 7190, 7200);
	/* It is kept. */
	create_once(1);
	assert_int_equal(got.outcome, ACK_DONE);
	assert_int_equal(server_stop(server), 3);
	assert_in_range(signed_off(0) + 100, 90, 100);
	assert_in_range(signed_off(1), 7190, 7200);
	assert_in_range(signed_off(2), 7190, 7200);
	end();
}

static void test_clock_refused(void **state)
{
	static const struct {
		const char *code;
		int64_t first, second;
		size_t requests;
		const char *says;
	} rows[] = {
		{"InvalidTimeStamp.Expired", 7200, 7200, 2, " behind the "},
		{"InvalidTimeStamp.Expired", -7200, -7200, 2, " ahead of the "},
		/* A clock that jumps is followed once. */
		{"InvalidTimeStamp.Expired", 7200, 99999, 2, " behind the "},
		{"InvalidTimeStamp.Expired", 10, 10, 1, "m"},
		{"InvalidTimeStamp.Format", 7200, 7200, 1, "m"},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		char first[512], second[512];
		const struct server_step steps[] = {
			{refusal_of_date(first, rows[i].code, rows[i].first),
				SERVER_CLOSE},
			{refusal_of_date(second, rows[i].code, rows[i].second),
				SERVER_CLOSE},
			MADE,
		};

		begin(steps, LENGTH(steps));
		create_once(0);
		assert_int_equal(got.outcome, ACK_REFUSED);
		assert_int_equal(got.error.err, EKEYREJECTED);
		assert_string_equal(got.error.code, rows[i].code);
		if (!strstr(got.error.message, rows[i].says))
			fail_msg("%zu: %s", i, got.error.message);
		assert_int_equal(server_stop(server), rows[i].requests);
		end();
	}
}

/* Two calls under way when the first learns of it: both are corrected. */
static void test_clock_of_two(void **state)
{
	char text[512];
	const struct server_step no = {
		refusal_of_date(text, "InvalidTimeStamp.Expired", -3600),
		SERVER_CLOSE};
	const struct server_step steps[] = {no, no, MADE, MADE};

	(void)state;
	begin(steps, LENGTH(steps));
	create("{}");
	create("{}");
	wait_for(2);
	assert_int_equal(ack_client_stats(client)->errors, 0);
	assert_int_equal(ack_client_stats(client)->retries, 2);
	assert_int_equal(server_stop(server), 4);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_clock_refused),
		cmocka_unit_test(test_clock_of_two),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
