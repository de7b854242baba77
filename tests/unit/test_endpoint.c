/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "client/endpoint.h"
#include "http/proxy.h"
#include "http/url.h"

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

static const char *const endpoint_names[] = {"ALIBABA_CLOUD_ENDPOINT_CS",
	"CS_ENDPOINT", "ALIBABA_CLOUD_ENDPOINT", "ALIBABA_CLOUD_ENDPOINT_TYPE",
	"ALIBABACLOUD_ENDPOINT_TYPE", "ALICLOUD_ENDPOINT_TYPE",
	"ENDPOINT_TYPE"};

/* Each says more than all those before it. */
static void test_choose(void **state)
{
	static const struct {
		const char *name, *value; /* of the environment, */
		struct ack_endpoint_rules rules;
		const char *host, *from;
	} rows[] = {
		{NULL, NULL, {.form = -1}, "cs.eu-west-1.aliyuncs.com", ""},
		{NULL, NULL, {.form = -1, .url = "", .profile_type = ""},
			"cs.eu-west-1.aliyuncs.com", ""},
		{NULL, NULL, {.form = -1, .profile_type = "VPC"},
			"cs-anony-vpc.eu-west-1.aliyuncs.com", "profile"},
		{NULL, NULL,
			{.form = -1,
				.profile_type = "vpc",
				.profile_url = "p.example"},
			"p.example", "profile"},
		{"ENDPOINT_TYPE", "public",
			{.form = -1, .profile_url = "p.example"},
			"cs.eu-west-1.aliyuncs.com", "environment"},
		{"ALIBABA_CLOUD_ENDPOINT_TYPE", "vpc", {.form = -1},
			"cs-anony-vpc.eu-west-1.aliyuncs.com", "environment"},
		{"ALIBABA_CLOUD_ENDPOINT", "https://e.example", {.form = -1},
			"e.example", "ALIBABA_CLOUD_ENDPOINT"},
		{"CS_ENDPOINT", "c.example:8443", {.form = -1},
			"c.example:8443", "CS_ENDPOINT"},
		{"ALIBABA_CLOUD_ENDPOINT_CS", "a.example", {.form = -1},
			"a.example", "ALIBABA_CLOUD_ENDPOINT_CS"},
		{NULL, NULL, {.form = -1, .type = "public"},
			"cs.eu-west-1.aliyuncs.com", "command line"},
		{NULL, NULL,
			{.form = -1,
				.type = "vpc",
				.url = "http://127.0.0.1:9"},
			"127.0.0.1:9", "command line"},
	};
	struct ack_endpoint_rules bad = {.form = -1, .type = "inner"};
	struct ack_endpoint ep;
	struct ack_error e;

	(void)state;
	for (size_t i = 0; i < LENGTH(endpoint_names); i++)
		unsetenv(endpoint_names[i]);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (rows[i].name)
			setenv(rows[i].name, rows[i].value, 1);
		if (ack_endpoint_choose(&ep, &rows[i].rules, "eu-west-1", &e) <
			0)
			fail_msg("%zu: %s", i, e.message);
		assert_string_equal(ep.host, rows[i].host);
		assert_string_equal(ep.from, rows[i].from);
		assert_string_equal(ep.region, "eu-west-1");
	}
	assert_int_equal(ack_endpoint_choose(&ep, &bad, "r", &e), -EINVAL);
	assert_string_equal(e.param, "endpoint_type");
	assert_int_equal(
		ack_endpoint_choose(&ep, &rows[0].rules, "", &e), -EINVAL);
	for (size_t i = 0; i < LENGTH(endpoint_names); i++)
		unsetenv(endpoint_names[i]);
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

/* What a misspelt region is taken for; a new one may be near to none. */
static void test_region_meant(void **state)
{
	static const char *const rows[][2] = {{"cn-bejing", "cn-beijing"},
		{"cn-hangzou", "cn-hangzhou"},
		{"ap-southeast1", "ap-southeast-1"}, {"cn-beijing", NULL},
		{"mars-1", NULL}, {"", NULL}};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *meant = ack_region_meant(rows[i][0]);

		if (!rows[i][1])
			assert_null(meant);
		else
			assert_string_equal(meant, rows[i][1]);
	}
}

/* Which proxy libcurl takes, and from where. */
static void test_proxy(void **state)
{
	struct ack_proxy p;

	(void)state;
	unsetenv("HTTPS_PROXY");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	unsetenv("no_proxy");
	setenv("https_proxy", "", 1);
	setenv("NO_PROXY", "localhost, .internal.test,exact.test", 1);
	assert_false(ack_proxy_find("cs.cn-beijing.aliyuncs.com", &p));
	setenv("ALL_PROXY", "socks5h://10.0.0.1", 1);
	assert_true(ack_proxy_find("a.test", &p));
	assert_string_equal(p.variable, "ALL_PROXY");
	assert_string_equal(p.host, "10.0.0.1");
	setenv("https_proxy", "http://me:p@ss@proxy.test:3128/", 1);
	assert_true(ack_proxy_find("a.test:8443", &p));
	assert_string_equal(p.variable, "https_proxy");
	assert_string_equal(p.host, "proxy.test:3128");
	assert_false(ack_proxy_find("exact.test:8443", &p));
	assert_false(ack_proxy_find("a.internal.test", &p));
	assert_true(ack_proxy_find("inexact.test", &p));
	setenv("no_proxy", "*", 1);
	assert_false(ack_proxy_find("a.test", &p));
	unsetenv("https_proxy");
	unsetenv("ALL_PROXY");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_region),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_choose),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_region_meant),
		cmocka_unit_test(test_proxy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
