/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "endpoint.h"
#include "error.h"
#include "url.h"

static void test_region(void **state)
{
	static const char *const good[] = {"cn-beijing", "a", "us-east-1",
		"cn-shanghai-finance-1", "abcdefghijklmnopqrstuvwxyz012345"};
	static const char *const bad[] = {"", "-a", "a-", "cn_beijing",
		"CN-BEIJING", "a.b", "a/b", "a b", "a\n", "é",
		"abcdefghijklmnopqrstuvwxyz0123456"};

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++)
		assert_true(ack_region_valid(good[i]));
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(ack_region_valid(bad[i]));
}

static void test_good(void **state)
{
	static const struct {
		const char *url;
		int form;
		const char *made, *host;
		enum ack_form gives;
	} rows[] = {
		{NULL, -1, "https://cs.cn-beijing.aliyuncs.com",
			"cs.cn-beijing.aliyuncs.com", ACK_NODEPOOLS},
		{NULL, ACK_CLASSIC, "https://cs.cn-beijing.aliyuncs.com",
			"cs.cn-beijing.aliyuncs.com", ACK_CLASSIC},
		{"http://127.0.0.1:8080", -1, "http://127.0.0.1:8080",
			"127.0.0.1:8080", ACK_CLASSIC},
		{"http://127.0.0.1:8080/", ACK_NODEPOOLS,
			"http://127.0.0.1:8080", "127.0.0.1:8080",
			ACK_NODEPOOLS},
		{"HTTPS://CS-VPC.cn-beijing.AliyunCS.com:443", -1,
			"https://cs-vpc.cn-beijing.aliyuncs.com",
			"cs-vpc.cn-beijing.aliyuncs.com", ACK_NODEPOOLS},
		{"http://localhost:80/", -1, "http://localhost", "localhost",
			ACK_CLASSIC},
		{"https://h:80", -1, "https://h:80", "h:80", ACK_CLASSIC},
		{"http://[::1]:81", -1, "http://[::1]:81", "[::1]:81",
			ACK_CLASSIC},
		{"https://evilaliyuncs.com", -1, "https://evilaliyuncs.com",
			"evilaliyuncs.com", ACK_CLASSIC},
	};
	struct ack_endpoint ep;
	struct ack_error e;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (ack_endpoint_init(&ep, rows[i].url, "cn-beijing",
			    rows[i].form, &e) < 0)
			fail_msg("%s: %s", rows[i].url, e.message);
		assert_string_equal(ep.url, rows[i].made);
		assert_string_equal(ep.host, rows[i].host);
		assert_string_equal(ep.region, "cn-beijing");
		assert_int_equal(ep.form, rows[i].gives);
		assert_int_not_equal(strlen(ep.why), 0);
	}
}

static void test_bad(void **state)
{
	static const struct {
		const char *url, *region;
	} rows[] = {
		{NULL, NULL},
		{NULL, ""},
		{NULL, "x.example/"},
		{"https://h", "A"},
		{"ftp://h", "r"},
		{"", "r"},
		{"https://", "r"},
		{"https://u:p@h", "r"},
		{"https://u@h", "r"},
		{"https://h/path", "r"},
		{"https://h//", "r"},
		{"https://h?q", "r"},
		{"https://h#f", "r"},
		{"https://h:0", "r"},
		{"https://h:65536", "r"},
		{"https://h:", "r"},
		{"https://h:8x", "r"},
		{"https://h:+1", "r"},
		{"https://h h", "r"},
		{"https://h\n", "r"},
		{"https://.h", "r"},
		{"https://a..b", "r"},
		{"https://é", "r"},
		{"https://[::1", "r"},
		{"https://[]", "r"},
		{"https://[::1]x", "r"},
		{"https://[127.0.0.1]", "r"},
	};
	struct ack_endpoint ep;
	struct ack_error e;
	char longest[400] = "https://";

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		ack_error_clear(&e);
		if (ack_endpoint_init(&ep, rows[i].url, rows[i].region, -1,
			    &e) != -EINVAL)
			fail_msg("accepted: %s", rows[i].url);
		assert_int_equal(e.err, EINVAL);
		assert_int_not_equal(strlen(e.message), 0);
	}
	memset(longest + 8, 'a', 300);
	assert_int_equal(ack_endpoint_init(&ep, longest, "r", -1, &e), -EINVAL);
}

static void test_loopback(void **state)
{
	static const struct {
		const char *url;
		bool loopback;
	} rows[] = {
		{"http://127.0.0.1", true},
		{"http://127.255.0.9:1", true},
		{"http://LOCALHOST", true},
		{"http://[::1]", true},
		{"http://[0:0:0:0:0:0:0:1]", true},
		{"http://127.0.0.1.example.com", false},
		{"http://localhost.example.com", false},
		{"http://127.1", false},
		{"http://128.0.0.1", false},
		{"http://[::2]", false},
		{"http://0.0.0.0", false},
	};
	struct ack_error e;
	struct ack_url u;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(ack_url_parse(rows[i].url, &u, &e), 0);
		if (u.loopback != rows[i].loopback)
			fail_msg("%s", rows[i].url);
	}
	assert_int_equal(ack_url_parse("https://h/a?b", &u, &e), 0);
	assert_string_equal(u.rest, "/a?b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_region),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
