/* SPDX-License-Identifier: MIT */
/* Keys that a server or a program gives. */
#include "inquiry_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/event.h"

/* A reply that ends with the connection; the body follows. */
#define OK "HTTP/1.1 200 X\r\n\r\n"
#define KEYS                                                               \
	"{\"Code\":\"Success\",\"AccessKeyId\":\"STS.id\","                \
	"\"AccessKeySecret\":\"got-secret\",\"SecurityToken\":\"got+t=\"," \
	"\"Expiration\":\"2030-01-02T03:04:05Z\"}"
#define ROLE OK "{\"RequestId\":\"R\",\"Credentials\":" KEYS "}"

static struct server *server;

static void serve(const struct server_step *steps, size_t n)
{
	server = server_start(steps, n);
}

/* The server has got so many requests. */
static void served(size_t n)
{
	assert_int_equal(server_stop(server), n);
}

static void request_has(size_t i, const char *text)
{
	if (!strstr(server_request(server, i), text))
		fail_msg("no %s in: %s", text, server_request(server, i));
}

static void request_lacks(size_t i, const char *text)
{
	if (strstr(server_request(server, i), text))
		fail_msg("%s in: %s", text, server_request(server, i));
}

static void use_metadata(void)
{
	unsetenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED");
	set_port("ACKFS_ECS_METADATA_URL", "http://127.0.0.1:%u",
		server_port(server));
}

static void test_metadata(void **state)
{
	static const struct server_step steps[] = {
		{OK "made-token\n", SERVER_CLOSE},
		{OK "my-role\n", SERVER_CLOSE},
		{OK KEYS, SERVER_CLOSE},
	};

	(void)state;
	serve(steps, LENGTH(steps));
	use_metadata();
	assert_int_equal(ask(NULL), 0);
	keys_are("STS.id", "got-secret", "got+t=");
	assert_int_equal(inquiry.keys.expires, 1893553445);
	assert_string_equal(inquiry.keys.source, "ECS instance role my-role");
	assert_string_equal(inquiry.keys.identity, "ecs-role-my-role");
	served(3);
	request_has(0, "PUT /latest/api/token HTTP");
	request_has(
		0, "\r\nX-aliyun-ecs-metadata-token-ttl-seconds: 21600\r\n");
	request_has(1, "GET /latest/meta-data/ram/security-credentials/ HTTP");
	request_has(1, "\r\nX-aliyun-ecs-metadata-token: made-token\r\n");
	request_has(2, "GET /latest/meta-data/ram/security-credentials/my-role "
		       "HTTP");
	request_has(2, "\r\nX-aliyun-ecs-metadata-token: made-token\r\n");
	server_free(server);
}

/* Version 1 where version 2 is not known, and where it fails in the middle. */
static void test_metadata_v1(void **state)
{
	static const struct server_step old[] = {
		{"HTTP/1.1 404 X\r\n\r\n", SERVER_CLOSE},
		{OK KEYS, SERVER_CLOSE},
	};
	static const struct server_step broken[] = {
		{OK "made-token", SERVER_CLOSE},
		{"HTTP/1.1 403 X\r\n\r\n", SERVER_CLOSE},
		{OK KEYS, SERVER_CLOSE},
	};

	(void)state;
	set("ALIBABA_CLOUD_ECS_METADATA", "named");
	serve(old, LENGTH(old));
	use_metadata();
	assert_int_equal(ask(NULL), 0);
	served(2);
	request_has(1, "GET /latest/meta-data/ram/security-credentials/named ");
	request_lacks(1, "metadata-token");
	server_free(server);

	serve(broken, LENGTH(broken));
	use_metadata();
	assert_int_equal(ask(NULL), 0);
	served(3);
	request_lacks(2, "metadata-token");
	server_free(server);

	set("ALIBABA_CLOUD_IMDSV1_DISABLED", "true");
	serve(old, LENGTH(old));
	use_metadata();
	assert_int_equal(ask(NULL), -ENOKEY);
	error_says("version 1 is turned off");
	served(1);
	server_free(server);
}

static void test_metadata_refused(void **state)
{
	static const struct {
		struct server_step last;
		const char *says;
	} rows[] = {
		{{"HTTP/1.1 404 X\r\n\r\n", SERVER_CLOSE}, "has no role"},
		{{OK, SERVER_CLOSE}, "has no role"},
		{{OK "../../hidden", SERVER_CLOSE}, "is not one"},
		{{"HTTP/1.1 500 X\r\n\r\nhidden", SERVER_CLOSE}, "(HTTP 500)"},
		{{NULL, SERVER_CLOSE}, "closed before an answer"},
	};

	(void)state;
	set("ALIBABA_CLOUD_IMDSV1_DISABLED", "true");
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct server_step steps[] = {
			{OK "made-token", SERVER_CLOSE}, rows[i].last};

		serve(steps, LENGTH(steps));
		use_metadata();
		assert_int_equal(ask(NULL), -ENOKEY);
		error_says(rows[i].says);
		served(2);
		server_free(server);
	}
	set("ACKFS_ECS_METADATA_URL", "http://192.0.2.1");
	assert_int_equal(ask(NULL), -ENOKEY);
	error_says("not an address of this machine");
	/* Nobody is there: one try, not one for each version. */
	unsetenv("ALIBABA_CLOUD_IMDSV1_DISABLED");
	set("ACKFS_ECS_METADATA_URL", "http://127.0.0.1:1");
	assert_int_equal(ask(NULL), -ENOKEY);
	error_says("ECS metadata: 127.0.0.1:1: no connection");
}

static void test_uri(void **state)
{
	static const struct server_step good[] = {{OK KEYS, SERVER_CLOSE}};
	static const struct server_step bad[] = {
		{OK "{\"Code\":\"hidden\"}", SERVER_CLOSE},
		{OK "{\"AccessKeySecret\":\"hidden\"}", SERVER_CLOSE},
		{OK "{\"AccessKeySecret\":\"hidden\"", SERVER_CLOSE},
		{"HTTP/1.1 403 X\r\n\r\n{\"Code\":\"NoWay\","
		 "\"Message\":\"hidden\"}",
			SERVER_CLOSE},
		{"HTTP/1.1 302 X\r\nLocation: /hidden\r\n\r\n", SERVER_CLOSE},
	};
	static const char *const says[] = {"Code is not Success",
		"the AccessKey ID is not set", "the answer is not JSON",
		"refused with NoWay (HTTP 403)", "refused (HTTP 302)"};

	(void)state;
	serve(good, 1);
	set_port("ALIBABA_CLOUD_CREDENTIALS_URI",
		"http://127.0.0.1:%u/keys?for=me", server_port(server));
	assert_int_equal(ask(NULL), 0);
	keys_are("STS.id", "got-secret", "got+t=");
	assert_string_equal(inquiry.keys.source, "credentials URI");
	served(1);
	request_has(0, "GET /keys?for=me HTTP");
	server_free(server);

	serve(bad, LENGTH(bad));
	set_port("ALIBABA_CLOUD_CREDENTIALS_URI", "http://127.0.0.1:%u/",
		server_port(server));
	for (size_t i = 0; i < LENGTH(bad); i++) {
		assert_int_equal(ask(NULL), -ENOKEY);
		error_says(says[i]);
	}
	served(LENGTH(bad));
	server_free(server);
}

static void test_oidc(void **state)
{
	static const struct server_step steps[] = {{ROLE, SERVER_CLOSE},
		{"HTTP/1.1 400 X\r\n\r\n{\"Code\":\"AuthenticationFail."
		 "OIDCToken.Expired\",\"Message\":\"hidden\"}",
			SERVER_CLOSE}};
	char path[160];

	(void)state;
	serve(steps, LENGTH(steps));
	write_file("token", "jwt.hidden/x\n", 0644, path);
	set("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/pod");
	set("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/p");
	set("ALIBABA_CLOUD_OIDC_TOKEN_FILE", path);
	set_port("ALIBABA_CLOUD_STS_ENDPOINT", "http://127.0.0.1:%u/",
		server_port(server));
	assert_int_equal(ask(NULL), 0);
	keys_are("STS.id", "got-secret", "got+t=");
	assert_string_equal(
		inquiry.keys.source, "OIDC, role acs:ram::1:role/pod");
	assert_string_equal(inquiry.keys.identity, "acs:ram::1:role/pod");
	assert_string_equal(inquiry.keys.warning, "");
	assert_int_equal(ask(NULL), -ENOKEY);
	error_says("refused with AuthenticationFail.OIDCToken.Expired");
	unlink(path);
	assert_int_equal(ask(NULL), -ENOKEY);
	error_says("token: No such file");
	served(2);
	request_has(0, "POST /?Action=AssumeRoleWithOIDC&Format=JSON&"
		       "Timestamp=2");
	request_has(0, "&Version=2015-04-01 HTTP");
	request_has(
		0, "\r\nContent-Type: application/x-www-form-urlencoded\r\n");
	request_has(0, "\r\n\r\nDurationSeconds=3600&OIDCProviderArn="
		       "acs%3Aram%3A%3A1%3Aoidc-provider%2Fp&"
		       "OIDCToken=jwt.hidden%2Fx&"
		       "RoleArn=acs%3Aram%3A%3A1%3Arole%2Fpod&"
		       "RoleSessionName=ackfs");
	request_lacks(0, "Signature");
	server_free(server);
}

/* A role with the keys of a role with the keys of a profile. */
static void test_roles(void **state)
{
	static const struct server_step steps[] = {
		{OK "{\"Credentials\":{\"AccessKeyId\":\"STS.one\","
		    "\"AccessKeySecret\":\"s\",\"SecurityToken\":\"t+1\"}}",
			SERVER_CLOSE},
		{ROLE, SERVER_CLOSE},
	};
	static const char config[] =
		"{\"profiles\":[{\"name\":\"base\",\"mode\":\"RamRoleArn\","
		"\"access_key_id\":\"base-id\","
		"\"access_key_secret\":\"base-secret\","
		"\"ram_role_arn\":\"acs:ram::1:role/one\","
		"\"ram_session_name\":\"me\",\"expired_seconds\":900},"
		"{\"name\":\"top\",\"mode\":\"ChainableRamRoleArn\","
		"\"ram_role_arn\":\"acs:ram::1:role/two\","
		"\"external_id\":\"x\",\"source_profile\":\"base\"}]}";
	char path[160];

	(void)state;
	serve(steps, LENGTH(steps));
	write_file(".aliyun/config.json", config, 0600, path);
	set_port("ALIBABA_CLOUD_STS_ENDPOINT", "http://127.0.0.1:%u",
		server_port(server));
	assert_int_equal(ask("top"), 0);
	keys_are("STS.id", "got-secret", "got+t=");
	assert_string_equal(inquiry.keys.identity, "acs:ram::1:role/two");
	assert_int_equal(strncmp(inquiry.keys.source,
				 "profile top (ChainableRamRoleArn) of ", 37),
		0);
	served(2);
	request_has(0, "POST /?AccessKeyId=base-id&Action=AssumeRole&");
	request_has(0, "&Signature=");
	request_has(0, "\r\n\r\nDurationSeconds=900&"
		       "RoleArn=acs%3Aram%3A%3A1%3Arole%2Fone&"
		       "RoleSessionName=me");
	request_lacks(0, "SecurityToken");
	request_has(1, "POST /?AccessKeyId=STS.one&");
	request_has(1, "&SecurityToken=t%2B1&Signature=");
	request_has(1, "\r\n\r\nDurationSeconds=3600&ExternalId=x&"
		       "RoleArn=acs%3Aram%3A%3A1%3Arole%2Ftwo&"
		       "RoleSessionName=ackfs");
	server_free(server);
}

static void run_program(const char *script)
{
	char text[300], path[160];

	write_file("bin/give keys", script, 0700, path);
	snprintf(text, sizeof(text),
		"{\"current\":\"ext\",\"profiles\":[{\"name\":\"ext\","
		"\"mode\":\"External\",\"process_command\":"
		"\"'%s' one \\\"two 2\\\"\"}]}",
		path);
	write_file(".aliyun/config.json", text, 0600, path);
}

static void test_external(void **state)
{
	static const struct {
		const char *script, *says;
	} rows[] = {
		{"#!/bin/sh\necho hidden >&2; exit 3\n", "status 3"},
		{"#!/bin/sh\nkill -9 $$\n", "killed by signal 9"},
		{"#!/bin/sh\necho hidden\n", "is not JSON"},
		{"#!/bin/sh\nexec cat /dev/zero\n", "it wrote too much"},
		{"#!/bin/sh\necho '{\"mode\":\"StsToken\",\"access_key_id\":"
		 "\"i\",\"access_key_secret\":\"hidden\"}'\n",
			"its sts_token is not set"},
		{"#!/bin/sh\necho '{\"access_key_id\":\"i\"}'\n",
			"the AccessKey secret is not set"},
	};

	(void)state;
	/* Another that keeps the pipe open does not hold it up. */
	run_program("#!/bin/sh\n[ \"$1:$2\" = \"one:two 2\" ] || exit 1\n"
		    "(sleep 60 &)\n"
		    "echo '{\"mode\":\"StsToken\",\"access_key_id\":\"ext\","
		    "\"access_key_secret\":\"s\",\"sts_token\":\"t\","
		    "\"expiration\":\"2030-01-02T03:04:05Z\"}'\n");
	assert_int_equal(ask(NULL), 0);
	keys_are("ext", "s", "t");
	assert_int_equal(inquiry.keys.expires, 1893553445);
	run_program("#!/bin/sh\necho '{\"access_key_id\":\"ext\","
		    "\"access_key_secret\":\"s\"}'\n");
	assert_int_equal(ask(NULL), 0);
	keys_are("ext", "s", NULL);
	assert_int_equal(inquiry.keys.expires, 0);
	assert_int_equal(inquiry.keys.again, 900);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		run_program(rows[i].script);
		assert_int_equal(ask(NULL), -ENOKEY);
		error_says(rows[i].says);
	}
	set("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "TRUE");
	assert_int_equal(ask(NULL), -ENOKEY);
	error_says("External is turned off");
}

/* A walk that is abandoned leaves nothing behind. */
static void test_stop(void **state)
{
	static const struct server_step steps[] = {{NULL, SERVER_HANG}};

	(void)state;
	run_program("#!/bin/sh\nexec sleep 60\n");
	ack_inquiry_start(&inquiry, ACK_INQUIRY_ALL);
	assert_true(inquiry.asking);
	pid_t pid = inquiry.process.pid;
	assert_int_equal(kill(pid, 0), 0);
	ack_inquiry_stop(&inquiry);
	assert_int_equal(kill(pid, 0), -1);

	serve(steps, 1);
	set("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "1");
	set_port("ALIBABA_CLOUD_CREDENTIALS_URI", "http://127.0.0.1:%u/",
		server_port(server));
	ack_inquiry_start(&inquiry, ACK_INQUIRY_ALL);
	assert_non_null(inquiry.transfer);
	ack_inquiry_stop(&inquiry);
	assert_false(inquiry.asking);
	server_stop(server);
	server_free(server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOME_CASE(test_metadata),
		HOME_CASE(test_metadata_v1),
		HOME_CASE(test_metadata_refused),
		HOME_CASE(test_uri),
		HOME_CASE(test_oidc),
		HOME_CASE(test_roles),
		HOME_CASE(test_external),
		HOME_CASE(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
