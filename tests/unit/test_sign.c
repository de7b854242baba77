/* SPDX-License-Identifier: MIT */
/* Vectors that the official SDK has made (SERVICE.md, Signature). */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/length.h"
#include "client/sign.h"

#define ID      "LTAI5tACKFSexample000001"
#define SECRET  "ackfsExampleSecretKey0123456789"
#define CLUSTER "cb95aa626a47740afbf6aa099b650000"
#define NONCE   "3156853299f313e23d1673dc12e1703d"
#define TYPE    "application/json; charset=utf-8"

static const char body_a[] =
	"{\"name\":\"test\",\"cluster_type\":\"ManagedKubernetes\","
	"\"region_id\":\"cn-beijing\",\"snat_entry\":true,"
	"\"vswitch_ids\":[\"vsw-1\"],\"addons\":[{\"name\":\"flannel\"},"
	"{\"name\":\"nginx-ingress-controller\",\"config\":"
	"\"{\\\"IngressSlbNetworkType\\\":\\\"internet\\\"}\"}],"
	"\"tags\":[{\"key\":\"env\",\"value\":\"中文\"}]}";

struct vector {
	const char *name, *method, *path, *action, *body;
	struct ack_query query[3];
	const char *token;
	const char *canonical_hash, *signature;
	/* where vector 0 differs */
	const char *host, *version, *date, *id, *secret;
};

static const struct vector vectors[] = {
	{
		.name = "0",
		.method = "POST",
		.path = "/",
		.action = "RunInstances",
		.query = {{"ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase"
				      "_20230811.vhd"},
			{"RegionId", "cn-shanghai"}},
		.host = "ecs.cn-shanghai.aliyuncs.com",
		.version = "2014-05-26",
		.date = "2023-10-26T10:22:32Z",
		.id = "YourAccessKeyId",
		.secret = "YourAccessKeySecret",
		.canonical_hash = "7ea06492da5221eba5297e897ce16e55"
				  "f964061054b7695beedaac1145b1e259",
		.signature = "06563a9e1b43f5dfe96b81484da74bce"
			     "ab24a1d853912eee15083a6f0f3283c0",
	},
	{
		.name = "A",
		.method = "POST",
		.path = "/clusters",
		.action = "CreateCluster",
		.body = body_a,
		.canonical_hash = "c010e017b67069508f202a2f09711172"
				  "f63b833bd73a934b2cb295fbfc734f7d",
		.signature = "1f3b3089613355c8e4317e32e3fd9b1b"
			     "74d24e990948ff264e3aea7bd663008d",
	},
	{
		.name = "B",
		.method = "GET",
		.path = "/clusters/" CLUSTER,
		.action = "DescribeClusterDetail",
		.canonical_hash = "a7c97794cafbd7743795d86c5975aea7"
				  "f1f0ae03d1c55a0414142391ac407e36",
		.signature = "0e298348e9017882103eaf33a36d42a0"
			     "5b3edbf855de75e00fb87768decab972",
	},
	{
		.name = "C",
		.method = "GET",
		.path = "/regions/cn-beijing/clusters",
		.action = "DescribeClustersForRegion",
		.query = {{"page_size", "50"}, {"name", "te st*é~!'()"},
			{"page_number", "1"}},
		.canonical_hash = "de8ea09403a88a8eaaaaa0e9de3e3011"
				  "dfc5a21c1817e496e581b367d75dd892",
		.signature = "2fc891cfe82c902a1a82f8a978cbd110"
			     "e72ade6ec5f9efe30daf23c52813978c",
	},
	{
		.name = "D",
		.method = "DELETE",
		.path = "/clusters/" CLUSTER,
		.action = "DeleteCluster",
		.query = {{"delete_options", "[{\"delete_mode\":\"delete\","
					     "\"resource_type\":\"SLB\"}]"},
			{"retain_all_resources", "false"},
			{"retain_resources", "[\"sg-1\",\"vpc-2\"]"}},
		.canonical_hash = "4e4da1ce239e0939e8aa27dcb2b75326"
				  "79a9227db1cdb6a9d03a67986fc7f990",
		.signature = "e661cee710f6d791c95d8b6face08cd1"
			     "1635d7f10e9d7823087c842ba9588517",
	},
	{
		.name = "E",
		.method = "GET",
		.path = "/clusters/" CLUSTER,
		.action = "DescribeClusterDetail",
		.token = "CAISexampleSTSToken+/==",
		.canonical_hash = "6ee13730a6e24b1db2eeeaf048689554"
				  "33ff415cae965d27e03499dc7987e984",
		.signature = "d7480c2566e5ad33460b0a77dfc751c8"
			     "6c747f313f89de05324d2de9d08ad4fd",
	},
	{
		.name = "F",
		.method = "POST",
		.path = "/tasks/T-5a54309c80282e39ea00002f/cancel",
		.action = "CancelTask",
		.canonical_hash = "5702df4d54cdce9928c258139225b0c8"
				  "3fd2492a8a413cb47fb028e13512127f",
		.signature = "cb0e31adc4b2a2488d187d8d8c16b19f"
			     "8ea677437adc55184b85734a7f5aa9ff",
	},
	{
		.name = "G",
		.method = "PUT",
		.path = "/api/v2/clusters/" CLUSTER,
		.action = "ModifyCluster",
		.body = "{\"deletion_protection\":false}",
		.canonical_hash = "8be128111387406d370277690cf42353"
				  "28b2ed147f28e08ec2e9236aab60f4ec",
		.signature = "0395845deacf14c51c1912d2f5408da4"
			     "aa92424dfa35cebaed3617f460df08c1",
	},
	{
		.name = "H",
		.method = "GET",
		.path = "/k8s/" CLUSTER "/user_config",
		.action = "DescribeClusterUserKubeconfig",
		.query = {{"PrivateIpAddress", "true"},
			{"TemporaryDurationMinutes", "15"}},
		.canonical_hash = "b8d130136343ee120fde15708578cf05"
				  "a995e16486c8ca8ae52cd7d12d709d98",
		.signature = "acf0aa8f438fde1504384a0ccea1fa2f"
			     "d9854b598bdf36a9271675a9edcd515b",
	},
};

static const char *either(const char *own, const char *usual)
{
	return own ? own : usual;
}

static void check_vector(const struct vector *v)
{
	const char *id = either(v->id, ID), *body = either(v->body, "");
	struct ack_buf names = ACK_BUF_INIT(10000);
	struct ack_buf text = ACK_BUF_INIT(10000);
	struct ack_buf want = ACK_BUF_INIT(10000);
	char payload[ACK_SHA256_HEX], hash[ACK_SHA256_HEX];
	/* Neither sorted, nor lower-case, nor trimmed. */
	struct ack_header headers[10] = {
		{"X-ACS-Version", either(v->version, "2015-12-15")},
		{"x-acs-signature-nonce", NONCE},
		{"Host", either(v->host, "cs.cn-beijing.aliyuncs.com")},
		{"x-acs-date", either(v->date, "2026-01-02T03:04:05Z")},
		{"x-acs-Content-SHA256", payload},
		{"x-acs-action", v->action},
	};
	struct ack_sign_request r = {
		.method = v->method,
		.path = v->path,
		.query = v->query,
		.headers = headers,
		.nheaders = 6,
		.payload_hash = payload,
	};

	ack_sha256_hex(body, strlen(body), payload);
	if (v->body)
		headers[r.nheaders++] = (struct ack_header){
			"Content-Type", "  " TYPE "\t"};
	if (v->token) {
		headers[r.nheaders++] = (struct ack_header){
			"x-acs-security-token", v->token};
		headers[r.nheaders++] = (struct ack_header){
			"x-acs-accesskey-id", id};
	}
	while (r.nquery < 3 && v->query[r.nquery].name)
		r.nquery++;

	assert_int_equal(ack_canonical_request(&r, &names, &text), 0);
	ack_sha256_hex(ack_buf_text(&text), text.len, hash);
	if (strcmp(hash, v->canonical_hash) != 0)
		fail_msg("vector %s: %s", v->name, ack_buf_text(&text));

	ack_buf_printf(&want,
		"ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s",
		id, ack_buf_text(&names), v->signature);
	ack_buf_clear(&text);
	assert_int_equal(
		ack_authorization(&r, id, either(v->secret, SECRET), &text), 0);
	assert_string_equal(ack_buf_text(&text), ack_buf_text(&want));
	ack_buf_release(&names);
	ack_buf_release(&text);
	ack_buf_release(&want);
}

static void test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(vectors); i++)
		check_vector(&vectors[i]);
}

static void test_repeated_names(void **state)
{
	const struct ack_header headers[] = {
		{"x-acs-b", "2"},
		{"x-acs-a", " z "},
		{"X-Acs-B", "10"},
	};
	const struct ack_sign_request r = {
		.method = "GET",
		.path = "",
		.headers = headers,
		.nheaders = 3,
		.payload_hash = "hash",
	};
	struct ack_buf names = ACK_BUF_INIT(100), text = ACK_BUF_INIT(100);

	(void)state;
	assert_int_equal(ack_canonical_request(&r, &names, &text), 0);
	assert_string_equal(ack_buf_text(&text),
		"GET\n/\n\nx-acs-a:z\nx-acs-b:10,2\n\nx-acs-a;x-acs-b\nhash");
	ack_buf_release(&names);
	ack_buf_release(&text);
}

static void test_query(void **state)
{
	const struct ack_query query[] = {
		{"b", NULL}, {"a", "x y"}, {"a", "+"}};
	struct ack_buf text = ACK_BUF_INIT(100);

	(void)state;
	assert_int_equal(ack_canonical_query(query, 3, &text), 0);
	assert_string_equal(ack_buf_text(&text), "a=%2B&a=x%20y&b=");
	ack_buf_clear(&text);
	assert_int_equal(ack_canonical_query(NULL, 0, &text), 0);
	assert_string_equal(ack_buf_text(&text), "");
	ack_buf_release(&text);
}

static void test_small_things(void **state)
{
	char nonce[2][ACK_NONCE_HEX], uuid[37], date[ACK_DATE_LEN];
	static const char upper[] = "0123456789ABCDEF-";

	(void)state;
	assert_int_equal(ack_nonce(nonce[0]), 0);
	assert_int_equal(ack_nonce(nonce[1]), 0);
	assert_int_equal(strlen(nonce[0]), 32);
	assert_string_not_equal(nonce[0], nonce[1]);
	assert_int_equal(ack_uuid(uuid), 0);
	assert_int_equal(strspn(uuid, upper), 36);
	assert_int_equal(uuid[14], '4');
	assert_true(uuid[8] == '-' && uuid[13] == '-' && uuid[18] == '-' &&
		    uuid[23] == '-' && strchr("89AB", uuid[19]));
	ack_date(1767323045, date);
	assert_string_equal(date, "2026-01-02T03:04:05Z");
	assert_int_equal(ack_secret_compare("abc", "abc"), 0);
	assert_int_not_equal(ack_secret_compare("abc", "abd"), 0);
	assert_int_not_equal(ack_secret_compare("abc", "ab"), 0);
}

static void test_base64(void **state)
{
	static const char *const bad[] = {"QQ", "QQ=", "=QQ=", "Q===",
		"QQ==QQ==", "QQ\n=", " QQ=", "Q*==", "QUJD*A=="};
	struct ack_buf text = ACK_BUF_INIT(1024), back = ACK_BUF_INIT(1024);
	char data[200];

	(void)state;
	for (size_t len = 0; len < sizeof(data); len++) {
		for (size_t i = 0; i < len; i++)
			data[i] = (char)(i * 7 + len);
		ack_buf_clear(&text);
		ack_buf_clear(&back);
		ack_base64(data, len, &text);
		assert_int_equal(
			ack_base64_decode(ack_buf_text(&text), text.len, &back),
			0);
		assert_int_equal(back.len, len);
		if (len)
			assert_memory_equal(back.data, data, len);
	}
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (ack_base64_decode(bad[i], strlen(bad[i]), &back) != -EINVAL)
			fail_msg("%s", bad[i]);
	ack_buf_release(&text);
	ack_buf_release(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_repeated_names),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_small_things),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
