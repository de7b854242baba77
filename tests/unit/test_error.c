/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "client/codes.h"
#include "client/reply.h"

static void test_set(void **state)
{
	struct ack_error e;
	struct ack_buf out = ACK_BUF_INIT(20000);

	(void)state;
	ack_error_clear(&e);
	ack_error_text(&e, &out);
	assert_string_equal(ack_buf_text(&out), "");

	assert_int_equal(
		ack_error_set(&e, EINVAL, "name", "at most %d", 63), -EINVAL);
	strcpy(e.code, "C");
	strcpy(e.request_id, "R");
	e.http_status = 400;
	ack_error_hint(&e, "mend %s", "it");
	ack_error_more(&e, "one");
	ack_error_more(&e, "two");
	ack_error_text(&e, &out);
	assert_string_equal(ack_buf_text(&out),
		"at most 63\ncode: C\nparam: name\nhttp_status: 400\n"
		"request_id: R\nhint: mend it\none\ntwo\n");
	ack_error_hint(&e, NULL);
	assert_string_equal(e.hint, "");

	/* Its own text may be an argument; everything else is forgotten. */
	ack_error_set(&e, EIO, NULL, "again: %s", e.message);
	assert_string_equal(e.message, "again: at most 63");
	assert_string_equal(e.code, "");
	assert_string_equal(e.more, "");
	assert_int_equal(e.http_status, 0);
	ack_buf_release(&out);
}

static void test_clean(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"plain 中文 é", "plain 中文 é"},
		{"\x1b[31mred\x1b[0m", "?[31mred?[0m"},
		{"a\nb\r\n", "a b"},
		{"bell\a del\x7f", "bell? del?"},
		{"c1 \xc2\x9b"
		 "31m",
			"c1 ?31m"},
		{"bad \xff\xfe \xc0\x80", "bad ?? ??"},
		{"cut \xe4\xb8", "cut"},
	};
	struct ack_error e;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		ack_error_set(&e, EIO, NULL, "%s", rows[i].in);
		assert_string_equal(e.message, rows[i].out);
	}
}

static void test_long(void **state)
{
	char text[12000] = "";
	struct ack_error e;
	unsigned n;

	(void)state;
	for (size_t i = 0; i + 3 < sizeof(text); i += 3)
		memcpy(text + i, "中", 4);
	for (size_t cut = 0; cut < 3; cut++) {
		ack_error_set(&e, EIO, text, "%.*s%s", (int)cut, "xx", text);
		size_t len = strlen(e.message);
		assert_true(len < sizeof(e.message) && len > 4096);
		assert_string_equal(e.message + len - 3, "...");
		assert_null(strchr(e.message, '?'));
		assert_null(strchr(e.param, '?'));
	}

	ack_error_clear(&e);
	for (int i = 0; i < 1000; i++)
		ack_error_more(&e, "fault number %d", i);
	const char *last = strstr(e.more, "and ");
	assert_non_null(last);
	assert_int_equal(sscanf(last, "and %u more\n", &n), 1);
	unsigned lines = 0;
	for (const char *p = e.more; *p; p++)
		lines += *p == '\n';
	assert_int_equal(lines - 1 + n, 1000);
}

/* An address is there as a whole, or not at all. */
static void test_address(void **state)
{
	char url[3000], text[6000];
	struct ack_error e;

	(void)state;
	memset(url, 'x', sizeof(url) - 1);
	url[sizeof(url) - 1] = '\0';
	memcpy(url, "https://a/?", 11);
	ack_error_set(&e, EACCES, NULL, "authorize at %s", url);
	assert_non_null(strstr(e.message, url));
	ack_error_more(&e, "Code: authorize at %s", url);
	assert_non_null(strstr(e.more, url));
	memset(text, 'y', 4000);
	text[4000] = '\0';
	ack_error_set(&e, EACCES, NULL, "%s at %s, then", text, url);
	assert_null(strstr(e.message, "https"));
	assert_string_equal(
		e.message + strlen(e.message) - strlen("y at ..."), "y at ...");
}

static void test_errno(void **state)
{
	static const struct {
		const char *code;
		int status, err;
		const char *hint; /* part of it */
		const char *says, *param;
	} rows[] = {
		{"Throttling", 400, EAGAIN, "limits calls"},
		{"Throttling.User", 503, EAGAIN, "limits calls"},
		{"Rejected.Throttling", 429, EAGAIN, "limits calls"},
		{"SignatureDoesNotMatch", 403, EKEYREJECTED, "secret"},
		{"InvalidAccessKeyId.NotFound", 404, EKEYREJECTED, "ID"},
		{"InvalidSecurityToken.Expired", 403, EKEYEXPIRED, "new"},
		{"InvalidSecurityToken.Malformed", 400, EKEYREJECTED, ""},
		{"InvalidTimeStamp.Expired", 400, EKEYREJECTED, "clock"},
		{"StatusForbidden", 403, EACCES, "RAM"},
		{"Forbidden.RAM", 403, EACCES, "RAM"},
		{"ErrManagedKuberneteRoleNotAttach", 400, EACCES,
			"AliyunCSManagedKubernetesRole"},
		{"ErrSomeNewRoleNotAttach", 400, EACCES, "in the code"},
		{"PAY.INSUFFICIENT_BALANCE", 400, EDQUOT, "money"},
		{"QuotaExceeded.Cluster", 400, EDQUOT, "quota"},
		{"InvalidVSwitchId.IpNotEnough", 0, ENOSPC, "addresses"},
		{"ErrorClusterNotFound", 400, ENOENT, "region"},
		{"ErrorClusterNameAlreadyExist", 400, EEXIST, "name", NULL,
			"name"},
		{"InvalidApi.NotFound", 404, EPROTO, "endpoint"},
		{"EmptyCIDR", 400, EINVAL, "container_cidr"},
		/* as they were recorded */
		{"ErrorNotEnabled", 400, EACCES, "enable it",
			"please enable cskpro service before you use it"},
		{"MissingAuth.AliyunOOSLifecycleHook4CSRole", 400, EACCES,
			"named in", "at https://ram.console.aliyun.com"},
		{"EntityNotExist.Role", 404, EACCES, "named in"},
		{"InvalidNodePoolStatus.Forbidden", 400, EBUSY,
			"delete_failed"},
		{"InvalidStatus.Forbidden", 400, EBUSY, "rest",
			"cannot operate cluster where state is scaling"},
		{"Unheard", 400, EBUSY, "rest",
			"cannot operate cluster where state is scaling"},
		{"ClusterNameAlreadyExist", 400, EEXIST, "name", NULL, "name"},
		{"InvalidParameter.Name", 400, EEXIST, "name",
			"nodepool name a is already exist in cluster c.",
			"name"},
		{"InvalidParameter.Name", 400, EINVAL, "request.json",
			"the name has a blank", "name"},
		{"InvalidParameter.VpcId", 400, EINVAL, "request.json", "x",
			"vpcid"},
		{"InvalidVSwitchIds.NotFound", 404, ENOENT, NULL, "x",
			"vswitch_ids"},
		{"MissingParameter.RegionId", 400, EINVAL, NULL, "x",
			"region_id"},
		{"InvalidDesiredSizeOrCount.NotNull", 400, EINVAL,
			"auto_scaling", NULL, "desired_size"},
		{"MissingPodVswitchIds", 400, EINVAL, "Terway", NULL,
			"pod_vswitch_ids"},
		{"InvalidKubernetesVersion", 400, EINVAL, "live/versions",
			"allowd values are [1.34.1-aliyun.1]",
			"kubernetes_version"},
		{"InsufficientInstanceIP", 400, EINVAL, "instance type", NULL,
			"vswitch_ids"},
		{"RecommendEmpty.InstanceTypeNoStock", 0, ENOSPC,
			"delete the cluster"},
		{"OperationDenied.NoStock", 0, ENOSPC, "another instance type"},
		{"InvalidImageId.NotFound", 400, EINVAL, "image_type", NULL,
			"image_type"},
		{"InvalidParameter.Management", 400, EINVAL, "addon",
			"addon a is not installed; please install the addon",
			"management"},
		{"InvalidParameter", 400, EINVAL, "addon",
			"the config of addon a is wrong"},
		{"InvalidParameter.Version", 400, EINVAL, "request.json",
			"the version is not supported"},
		{"RISK.RISK_CONTROL_REJECTION", 400, EACCES, "support"},
		{"Forbidden.Risk", 403, EACCES, "support"},
		{"UserDisable", 403, EACCES, "support"},
		{"ErrorCheckAcl", 400, EACCES, "access control"},
		{"InvalidAction.NotFound", 404, EPROTO, "endpoint"},
		{"InvalidParameter", 400, EKEYEXPIRED, "new temporary",
			"The specified parameter \"SecurityToken.Expired\" is "
			"not valid."},
		{"SecurityTokenExpired", 403, EKEYEXPIRED, "new temporary"},
		{"ErrorQueryCluster", 400, ENOENT, "region"},
		{"Unheard", 400, ENOENT, "region",
			"cluster (c-1) not found in our records"},
		{"DependencyViolation.Resource", 400, EBUSY, "later"},
		{"Unheard", 400, EAGAIN, "limits calls", "QPS Limit Exceeded"},
		{"InternalError", 500, EREMOTEIO, "support"},
		{"Unheard", 400, EINVAL, NULL},
		{"Unheard", 401, EACCES, NULL},
		{"Unheard", 403, EACCES, NULL},
		{"Unheard", 404, ENOENT, NULL},
		{"Unheard", 409, EBUSY, NULL},
		{"Unheard", 429, EAGAIN, NULL},
		{"Unheard", 502, EREMOTEIO, NULL},
		{"Unheard", 302, EPROTO, NULL},
		{"Unheard", 0, EREMOTEIO, NULL},
		{"", 404, ENOENT, NULL},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct ack_meaning m = ack_error_meaning(rows[i].code,
			rows[i].says ? rows[i].says : "", rows[i].status);
		const char *hint = m.role ? m.role : m.hint;
		int err = m.err;

		if (err != rows[i].err)
			fail_msg("%s: %s", rows[i].code, strerror(err));
		if (rows[i].hint ? !hint || !strstr(hint, rows[i].hint)
				 : hint != NULL)
			fail_msg("%s: hint %s", rows[i].code, hint);
		if (!rows[i].param != !m.param ||
			(m.param && strcmp(m.param, rows[i].param)))
			fail_msg("%s: param %s", rows[i].code, m.param);
	}
}

static const struct {
	int status;
	const char *body;
	int own, err;
	const char *code, *id;
	const char *says[5]; /* all of it is in the text */
} replies[] = {
	{403,
		"{\"Code\":\"Forbidden.RAM\",\"Message\":\"no right\","
		"\"RequestId\":\"ID-1\",\"HostId\":\"h\",\"Recommend\":"
		"\"https://x.example/?q=1\",\"AccessDeniedDetail\":"
		"{\"AuthAction\":\"cs:CreateCluster\"}}",
		1, EACCES, "Forbidden.RAM", "ID-1",
		{"no right\n", "see: https://x.example/?q=1\n",
			"missing_permission: cs:CreateCluster\n",
			"http_status: 403\n"}},
	{400,
		"{\"code\":\"EmptyCIDR\",\"message\":\"empty\",\"requestId\":"
		"\"ID-2\",\"status\":400,\"data\":[{\"code\":\"InvalidCIDR\","
		"\"message\":\"bad\"},{\"code\":\"Third\",\"message\":\"x\"}]}",
		1, EINVAL, "EmptyCIDR", "ID-2",
		{"empty\n", "InvalidCIDR: bad\n", "Third: x\n"}},
	{400, "{\"code\":400,\"message\":\"old\",\"request_id\":\"ID-3\"}", 1,
		EINVAL, "400", "ID-3", {"old\n"}},
	{400,
		"{\"code\":400,\"message\":\"RequestId: A Status Code: 404 "
		"Code: EntityNotExist.Role Message: no role\"}",
		1, EACCES, "EntityNotExist.Role", "A", {"service role"}},
	{400, "{\"code\":\"X\",\"message\":\"no (request id: ID-5), sorry\"}",
		1, EINVAL, "X", "ID-5", {"sorry"}},
	{400, "{\"code\":\"A\\u001b[0m\",\"message\":\"\\u001b]0;x\\u0007\"}",
		1, EINVAL, "A?[0m", "", {"?]0;x?\n"}},
	{502, "<html><body>Bad\n\nGateway</body></html>", 0, EREMOTEIO, "", "",
		{"web page", "HTTP 502", "<html><body>Bad Gateway</body>"}},
	{403, " <!DOCTYPE html>login", 0, EPROTO, "", "",
		{"web page", "proxy"}},
	{400, "<?xml version=\"1.0\"?><Error/>", 0, EPROTO, "", "", {"XML"}},
	{400, "{\"code\":\"Empty", 0, EPROTO, "", "",
		{"ends in the middle", "{\"code\":\"Empty"}},
	{500, "", 0, EREMOTEIO, "", "", {"empty (HTTP 500)"}},
	{200, "", 0, EPROTO, "", "", {"empty (HTTP 200)"}},
	{404, "nope\x1b[2J", 0, EPROTO, "", "", {"nope?[2J"}},
	{400, "{\"message\":\"no code\",\"requestId\":\"ID-4\"}", 0, EPROTO, "",
		"ID-4", {"not one of the service"}},
	{400, "[1,2]", 0, EPROTO, "", "", {"not one of the service"}},
};

static void test_replies(void **state)
{
	struct ack_buf out = ACK_BUF_INIT(20000);
	struct ack_error e;
	int own;

	(void)state;
	for (size_t i = 0; i < LENGTH(replies); i++) {
		const char *body = replies[i].body;
		int err = ack_error_from_reply(
			&e, replies[i].status, body, strlen(body), &own);

		ack_error_request_id(&e, NULL);

		ack_buf_clear(&out);
		ack_error_text(&e, &out);
		if (err != -replies[i].err || own != replies[i].own ||
			strcmp(e.code, replies[i].code) != 0 ||
			strcmp(e.request_id, replies[i].id) != 0)
			fail_msg("%s: %d %d %s", body, err, own,
				ack_buf_text(&out));
		assert_int_equal(e.http_status, replies[i].status);
		for (size_t k = 0; k < 5 && replies[i].says[k]; k++) {
			if (!strstr(ack_buf_text(&out), replies[i].says[k]))
				fail_msg("%s: %s", replies[i].says[k],
					ack_buf_text(&out));
		}
	}
	ack_buf_release(&out);
}

/* A NUL in an answer must not hide what follows, nor end a read early. */
static void test_nul(void **state)
{
	static const char body[] = "abc\0def";
	struct ack_error e;

	(void)state;
	ack_error_from_reply(&e, 500, body, sizeof(body) - 1, NULL);
	assert_non_null(strstr(e.message, "abc?def"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_errno),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_nul),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
