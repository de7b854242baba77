/* SPDX-License-Identifier: MIT */
/* When keys are asked for again. */
#include "inquiry_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/event.h"
#include "client/sign.h"
#include "keys/keyring.h"

#define PROFILE                                                 \
	"{\"profiles\":[{\"name\":\"default\",\"mode\":\"AK\"," \
	"\"access_key_id\":\"%s\",\"access_key_secret\":\"s\"}]}"

static struct {
	unsigned times, failures;
	char key_id[64];
	struct ack_error error;
} got;
static struct ack_keyring *ring;

static void on_got(void *arg, struct ack_credentials *c)
{
	assert_ptr_equal(arg, &got);
	got.times++;
	snprintf(got.key_id, sizeof(got.key_id), "%s", c->key_id);
}

static void on_failed(void *arg, const struct ack_error *e)
{
	assert_ptr_equal(arg, &got);
	got.failures++;
	got.error = *e;
}

static int setup(void **state)
{
	struct ack_error e;

	if (home_setup(state) < 0)
		return -1;
	const struct ack_keyring_config config = {
		.events = &events,
		.http = http,
		.got = on_got,
		.failed = on_failed,
		.arg = &got,
	};
	memset(&got, 0, sizeof(got));
	ring = ack_keyring_new(&config, &e);
	return ring ? 0 : -1;
}

static int teardown(void **state)
{
	ack_keyring_free(ring);
	return home_teardown(state);
}

static void fired(void *arg)
{
	*(bool *)arg = true;
}

static void turn_for(int64_t ms)
{
	bool over = false;
	struct ack_timer timer = {.fire = fired, .arg = &over};

	ack_timer_set(&events, &timer, ms);
	while (!over)
		assert_int_equal(ack_events_turn(&events), 0);
}

/* Turns until that many keys came, or for that long. */
static void turn_until(unsigned times, int64_t ms)
{
	int64_t end = ack_now_ms() + ms;

	while (got.times < times && ack_now_ms() < end)
		turn_for(20);
	assert_int_equal(got.times, times);
}

static void search(void)
{
	ack_keyring_search(ring);
	while (ack_keyring_asking(ring))
		assert_int_equal(ack_events_turn(&events), 0);
}

static void write_profile(const char *key_id)
{
	char text[300], path[160];

	snprintf(text, sizeof(text), PROFILE, key_id);
	write_file(".aliyun/config.json", text, 0600, path);
}

/* A program that gives these keys, which expire in so many seconds. */
static void write_program(const char *key_id, int seconds, const char *before)
{
	char text[600], path[160], date[ACK_DATE_LEN];

	ack_date(time(NULL) + seconds, date);
	snprintf(text, sizeof(text),
		"#!/bin/sh\n%s\necho '{\"access_key_id\":\"%s\","
		"\"access_key_secret\":\"s\",\"sts_token\":\"t\","
		"\"expiration\":\"%s\"}'\n",
		before, key_id, seconds ? date : "");
	write_file("keys", text, 0700, path);
	snprintf(text, sizeof(text),
		"{\"profiles\":[{\"name\":\"default\",\"mode\":\"External\","
		"\"process_command\":\"%s\"}]}",
		path);
	write_file(".aliyun/config.json", text, 0600, path);
}

static void test_search(void **state)
{
	(void)state;
	search();
	assert_int_equal(got.failures, 1);
	assert_int_equal(got.error.err, ENOKEY);
	ack_keyring_check(ring);
	assert_false(ack_keyring_renew(ring));
	/* A failure that was asked for is told each time. */
	search();
	assert_int_equal(got.failures, 2);
	write_profile("first");
	search();
	assert_int_equal(got.times, 1);
	assert_string_equal(got.key_id, "first");
}

static void test_file(void **state)
{
	char path[160];

	(void)state;
	write_profile("first");
	search();
	ack_keyring_check(ring);
	assert_int_equal(got.times, 1);
	write_profile("second");
	ack_keyring_check(ring);
	assert_int_equal(got.times, 2);
	assert_string_equal(got.key_id, "second");
	/* Broken: told once, and not read again until it changes again. */
	write_file(".aliyun/config.json", "{", 0600, path);
	ack_keyring_check(ring);
	ack_keyring_check(ring);
	assert_int_equal(got.failures, 1);
	assert_non_null(strstr(got.error.more, "is not JSON"));
	unlink(path);
	ack_keyring_check(ring);
	assert_int_equal(got.failures, 1);
	write_profile("third");
	ack_keyring_check(ring);
	assert_string_equal(got.key_id, "third");
	/* The service calls them expired, but there are no others. */
	assert_false(ack_keyring_renew(ring));
	assert_int_equal(got.failures, 2);
	assert_int_equal(got.error.err, EKEYEXPIRED);
	write_profile("fourth");
	assert_true(ack_keyring_renew(ring));
	assert_string_equal(got.key_id, "fourth");
}

static void test_expiry(void **state)
{
	(void)state;
	int64_t start = ack_now_ms();
	write_program("first", 3, "");
	search();
	assert_int_equal(got.times, 1);
	write_program("second", 3600, "");
	turn_for(300); /* no call uses them: nobody looks */
	assert_int_equal(got.times, 1);
	turn_until(2, 4000);
	/* Not before a quarter is left; of 2 to 3 s, as seconds are told. */
	assert_true(ack_now_ms() - start >= 1500);
	assert_string_equal(got.key_id, "second");
	turn_for(1200);
	assert_int_equal(got.times, 2);
	assert_int_equal(got.failures, 0);
}

/* The same keys again are no failure before their end, which comes closer. */
static void test_same(void **state)
{
	(void)state;
	write_program("first", 3, "");
	search();
	turn_for(3000);
	assert_in_range(got.times, 2, 5);
	assert_int_equal(got.failures, 0);
	write_program("second", 3600, "");
	ack_keyring_check(ring);
	assert_true(ack_keyring_asking(ring));
	/* one that was started before may still say the first */
	for (int i = 0; i < 200 && strcmp(got.key_id, "second"); i++) {
		ack_keyring_check(ring);
		turn_for(50);
	}
	assert_string_equal(got.key_id, "second");
}

static void test_failure(void **state)
{
	(void)state;
	write_program("first", 2, "");
	search();
	write_program("second", 3600, "exit 1");
	turn_for(3000);
	assert_int_equal(got.times, 1);
	assert_int_equal(got.failures, 1); /* of several */
	assert_non_null(strstr(got.error.more, "status 1"));
	assert_string_equal(got.error.message, "the keys cannot be renewed");
	write_program("second", 3600, "");
	turn_until(2, 9000);
	assert_string_equal(got.key_id, "second");
}

static void test_renew(void **state)
{
	(void)state;
	write_program("first", 3600, "");
	search();
	write_program("second", 3600, "sleep 0.2");
	assert_true(ack_keyring_renew(ring));
	assert_true(ack_keyring_renew(ring)); /* by two calls */
	assert_int_equal(got.times, 1);
	while (ack_keyring_asking(ring))
		assert_int_equal(ack_events_turn(&events), 0);
	assert_int_equal(got.times, 2);
	assert_string_equal(got.key_id, "second");
	/* Whoever waits is told also of the second failure in a row. */
	write_program("", 3600, "");
	for (unsigned i = 1; i <= 2; i++) {
		assert_true(ack_keyring_renew(ring));
		while (ack_keyring_asking(ring))
			assert_int_equal(ack_events_turn(&events), 0);
		assert_int_equal(got.failures, i);
	}
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_search),
		CASE(test_file),
		CASE(test_expiry),
		CASE(test_same),
		CASE(test_failure),
		CASE(test_renew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
