/* SPDX-License-Identifier: MIT */
/* The vector of SERVICE.md, RPC signature, and the address of the STS. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "keys/role.h"
#include "keys/rpc.h"

static const struct ack_query parameters[] = {
	{"Version", "2015-04-01"},
	{"Action", "AssumeRole"},
	{"Format", "JSON"},
	{"Timestamp", "2026-01-02T03:04:05Z"},
	{"SignatureMethod", "HMAC-SHA1"},
	{"SignatureVersion", "1.0"},
	{"SignatureNonce", "3156853299f313e23d1673dc12e1703d"},
	{"AccessKeyId", "LTAI5tACKFSexample000001"},
	{"RoleArn", "acs:ram::1234567890123456:role/ackfs"},
	{"RoleSessionName", "ackfs-session"},
	{"DurationSeconds", "3600"},
};

static void test_vector(void **state)
{
	struct ack_buf text = ACK_BUF_INIT(4096);
	char signature[ACK_HMAC_SHA1_BASE64];

	(void)state;
	assert_int_equal(
		ack_rpc_string_to_sign(parameters, LENGTH(parameters), &text),
		0);
	assert_string_equal(ack_buf_text(&text),
		"POST&%2F&AccessKeyId%3DLTAI5tACKFSexample000001%26Action%3D"
		"AssumeRole%26DurationSeconds%3D3600%26Format%3DJSON%26RoleArn"
		"%3Dacs%253Aram%253A%253A1234567890123456%253Arole%252Fackfs"
		"%26RoleSessionName%3Dackfs-session%26SignatureMethod%3D"
		"HMAC-SHA1%26SignatureNonce%3D3156853299f313e23d1673dc12e1703d"
		"%26SignatureVersion%3D1.0%26Timestamp%3D2026-01-02T03%253A04"
		"%253A05Z%26Version%3D2015-04-01");
	ack_buf_release(&text);
	assert_int_equal(ack_rpc_signature(parameters, LENGTH(parameters),
				 "ackfsExampleSecretKey0123456789", signature),
		0);
	assert_string_equal(signature, "vZytjc1r8u19psjCkkcMXgzB64s=");
}

static void check_sts(const struct ack_role *role, const char *url)
{
	struct ack_buf text = ACK_BUF_INIT(1024);

	ack_role_sts(role, &text);
	assert_string_equal(ack_buf_text(&text), url);
	ack_buf_release(&text);
}

static void test_address(void **state)
{
	char host[] = "sts.example/", region[] = "cn-beijing";
	struct ack_role role = {.arn = NULL};

	(void)state;
	unsetenv("ALIBABA_CLOUD_STS_ENDPOINT");
	unsetenv("ALIBABACLOUD_STS_ENDPOINT");
	unsetenv("ALIBABA_CLOUD_STS_REGION");
	unsetenv("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED");
	check_sts(&role, "https://sts.aliyuncs.com");
	setenv("ALIBABA_CLOUD_STS_REGION", "cn-hangzhou", 1);
	check_sts(&role, "https://sts.cn-hangzhou.aliyuncs.com");
	role.vpc = true;
	check_sts(&role, "https://sts-vpc.cn-hangzhou.aliyuncs.com");
	role.vpc = false;
	setenv("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true", 1);
	role.sts_region = region;
	check_sts(&role, "https://sts-vpc.cn-beijing.aliyuncs.com");
	setenv("ALIBABA_CLOUD_STS_ENDPOINT", "http://127.0.0.1:9", 1);
	check_sts(&role, "http://127.0.0.1:9");
	role.sts_endpoint = host;
	check_sts(&role, "https://sts.example");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vector),
		cmocka_unit_test(test_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
