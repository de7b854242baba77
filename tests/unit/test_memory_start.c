/* SPDX-License-Identifier: MIT */
/* What comes before a mount when memory is short: options and keys. */
#include "failing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/event.h"
#include "inquiry_fixture.h"
#include "mount/options.h"

static int parse_options(void *arg)
{
	char *argv[] = {(char *)(uintptr_t) "ackfs",
		(char *)(uintptr_t) "cn-beijing", (char *)(uintptr_t) "mnt",
		(char *)(uintptr_t) "-f", (char *)(uintptr_t) "-o",
		(char *)(uintptr_t) "state=/"
				    "x,uid=1,noexec,tag,profile=p,"
				    "endpoint=https://h"};
	struct options o;
	struct ack_error e;
	int ret;

	(void)arg;
	failing_begin();
	ret = options_parse(&o, LENGTH(argv), argv, &e);
	failing_end();
	assert_true(!ret || ret == -e.err);
	options_release(&o);
	return ret;
}

/* A key that is not found because memory ran out is not said to be missing. */
static int find_keys(void *arg)
{
	void *state = NULL;
	char path[160];
	int ret;

	assert_int_equal(home_setup(&state), 0);
	write_file(".aliyun/config.json",
		"{\"current\":\"p\",\"profiles\":[{\"name\":\"p\","
		"\"mode\":\"AK\",\"access_key_id\":\"id\","
		"\"access_key_secret\":\"got-secret\","
		"\"region_id\":\"cn-beijing\"}]}",
		0600, path);
	write_file(".alibabacloud/credentials",
		"[other]\ntype = access_key\naccess_key_id = id2\n"
		"access_key_secret = got-secret\n",
		0600, path);
	failing_begin();
	ret = ask(arg);
	failing_end();
	assert_int_equal(home_teardown(&state), 0);
	return ret;
}

static void test_start(void **state)
{
	(void)state;
	every_allocation("options", parse_options, NULL);
	every_allocation("keys of the CLI", find_keys, (void *)(uintptr_t) "p");
	every_allocation(
		"keys of the SDKs", find_keys, (void *)(uintptr_t) "other");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
