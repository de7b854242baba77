/* SPDX-License-Identifier: MIT */
/* Keys that lie in the environment and in files. */
#include "inquiry_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/credentials.h"

#define CONFIG ".aliyun/config.json"

static const char config[] =
	"{\"current\":\"main\",\"profiles\":["
	"{\"name\":\"main\",\"mode\":\"AK\",\"access_key_id\":\"main-id\","
	"\"access_key_secret\":\"main-secret\",\"region_id\":\"cn-beijing\","
	"\"endpoint_type\":\"vpc\",\"endpoint\":\"e.example\"},"
	"{\"name\":\"sts\",\"mode\":\"ststoken\",\"access_key_id\":\"sts-id\","
	"\"access_key_secret\":\"sts-secret\",\"sts_token\":\"sts-token\","
	"\"region_id\":\"../x\"},"
	"{\"name\":\"old\",\"mode\":\"\",\"access_key_id\":\"old-id\","
	"\"access_key_secret\":\"old-secret\",\"sts_token\":\"unused\"},"
	"{\"name\":\"sso\",\"mode\":\"CloudSSO\",\"access_key_id\":\"sso-id\","
	"\"access_key_secret\":\"sso-secret\",\"sts_token\":\"sso-token\","
	"\"sts_expiration\":4102444800},"
	"{\"name\":\"gone\",\"mode\":\"CloudSSO\",\"access_key_id\":\"i\","
	"\"access_key_secret\":\"hidden-1\",\"sts_token\":\"hidden-2\","
	"\"sts_expiration\":1500000000},"
	"{\"name\":\"nologin\",\"mode\":\"CloudSSO\"},"
	"{\"name\":\"notoken\",\"mode\":\"StsToken\",\"access_key_id\":\"i\","
	"\"access_key_secret\":\"hidden-secret\"},"
	"{\"name\":\"rsa\",\"mode\":\"RsaKeyPair\",\"private_key\":\"hidden\"},"
	"{\"name\":\"bearer\",\"mode\":\"BearerToken\","
	"\"bearer_token\":\"hidden\"},"
	"{\"name\":\"slip\",\"mode\":\"hiddenSecret12345\"},"
	"{\"name\":\"nosecret\",\"mode\":\"AK\",\"access_key_id\":\"i\"},"
	"{\"name\":\"norole\",\"mode\":\"RamRoleArn\",\"access_key_id\":\"i\","
	"\"access_key_secret\":\"hidden-secret\"},"
	"{\"name\":\"short\",\"mode\":\"RamRoleArn\",\"access_key_id\":\"i\","
	"\"access_key_secret\":\"hidden-secret\",\"expired_seconds\":60,"
	"\"ram_role_arn\":\"acs:ram::1:role/r\"},"
	"{\"name\":\"circle\",\"mode\":\"ChainableRamRoleArn\","
	"\"ram_role_arn\":\"acs:ram::1:role/r\",\"source_profile\":\"circle\"},"
	"{\"name\":\"lost\",\"mode\":\"ChainableRamRoleArn\","
	"\"ram_role_arn\":\"acs:ram::1:role/r\",\"source_profile\":\"nobody\"},"
	"{\"name\":\"nocommand\",\"mode\":\"External\"},"
	"{\"name\":\"open\",\"mode\":\"External\","
	"\"process_command\":\"a 'hidden\"},"
	"{\"name\":\"near\",\"mode\":\"External\","
	"\"process_command\":\"./here hidden\"},"
	"{\"name\":\"absent-program\",\"mode\":\"External\","
	"\"process_command\":\"/nonexistent/ackfs hidden\"},"
	"{\"name\":\"nouri\",\"mode\":\"CredentialsURI\"},"
	"{\"name\":\"plain\",\"mode\":\"CredentialsURI\","
	"\"credentials_uri\":\"http://192.0.2.1/?hidden\"},"
	"{\"name\":\"notokenfile\",\"mode\":\"OIDC\","
	"\"oidc_provider_arn\":\"p\"},"
	"{\"name\":\"odd\",\"mode\":\"AK\",\"access_key_id\":\"i\\n\","
	"\"access_key_secret\":\"hidden-secret\"},"
	"7]}";

static void write_config(const char *text, mode_t mode)
{
	char path[160];

	write_file(CONFIG, text, mode, path);
}

static void set_environment(const char *token)
{
	set("ALIBABA_CLOUD_ACCESS_KEY_ID", "env-id");
	set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "env-secret");
	if (token)
		set("ALIBABA_CLOUD_SECURITY_TOKEN", token);
}

static void comes_from(const char *source, const char *identity)
{
	const struct ack_credentials *c = &inquiry.keys;

	assert_int_equal(strncmp(c->source, source, strlen(source)), 0);
	assert_string_equal(c->identity, identity);
	assert_string_equal(c->warning, "");
}

static void test_environment(void **state)
{
	(void)state;
	write_config(config, 0600);
	set_environment(NULL);
	assert_int_equal(ask(NULL), 0);
	keys_are("env-id", "env-secret", NULL);
	comes_from("environment", "env-id");
	set_environment("");
	assert_int_equal(ask(NULL), 0);
	keys_are("env-id", "env-secret", NULL);
	set_environment("tok");
	assert_int_equal(ask(NULL), 0);
	keys_are("env-id", "env-secret", "tok");
	/* A set of names is taken whole. */
	set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "");
	set("ACCESS_KEY_SECRET", "other-secret");
	assert_int_equal(ask(NULL), 0);
	keys_are("main-id", "main-secret", NULL);
	comes_from("profile main (AK) of ", "profile-main");
}

static void test_aliases(void **state)
{
	static const char *const sets[][3] = {
		{"ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN"},
		{"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY",
			"ALICLOUD_SECURITY_TOKEN"},
		{"ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_SECRET",
			"ALICLOUD_SECURITY_TOKEN"},
		{"ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET",
			"ALIBABACLOUD_SECURITY_TOKEN"},
	};
	char source[80];

	(void)state;
	/* Each goes before those above it, and the official ones before all. */
	for (size_t i = 0; i < LENGTH(sets); i++) {
		set(sets[i][0], sets[i][0]);
		set(sets[i][1], "s");
		set(sets[i][2], "t");
		assert_int_equal(ask(NULL), 0);
		keys_are(sets[i][0], "s", "t");
		snprintf(
			source, sizeof(source), "environment (%s)", sets[i][0]);
		comes_from(source, sets[i][0]);
	}
	set_environment("tok");
	assert_int_equal(ask(NULL), 0);
	keys_are("env-id", "env-secret", "tok");
}

static void test_directory(void **state)
{
	char path[160], other[160];

	(void)state;
	write_config(config, 0600);
	write_file("cred/access_key_id", "dir-id\n", 0600, path);
	set("CREDENTIALS_DIRECTORY", home);
	assert_int_equal(ask(NULL), 0);
	keys_are("main-id", "main-secret", NULL); /* none in there */
	*strrchr(path, '/') = '\0';
	set("CREDENTIALS_DIRECTORY", path);
	write_file("cred/access_key_secret", "\n dir-secret \r\n", 0600, other);
	/* A blank line first is still no key. */
	assert_int_equal(ask(NULL), 0);
	keys_are("main-id", "main-secret", NULL);
	write_file("cred/access_key_secret", " dir-secret \r\n\n", 0600, other);
	assert_int_equal(ask(NULL), 0);
	keys_are("dir-id", "dir-secret", NULL);
	comes_from("credentials directory ", "credentials-directory");
	write_file("cred/security_token", "dir-token", 0640, other);
	assert_int_equal(ask(NULL), 0);
	keys_are("dir-id", "dir-secret", "dir-token");
	assert_non_null(strstr(inquiry.keys.warning, "security_token can be"));
	/* Not when a profile is asked for. */
	assert_int_equal(ask("old"), 0);
	keys_are("old-id", "old-secret", NULL);
}

static void test_profiles(void **state)
{
	char other[160];

	(void)state;
	write_config(config, 0600);
	assert_int_equal(ask(NULL), 0);
	keys_are("main-id", "main-secret", NULL);
	assert_string_equal(inquiry.keys.region, "cn-beijing");
	assert_string_equal(inquiry.keys.endpoint, "e.example");
	assert_string_equal(inquiry.keys.endpoint_type, "vpc");
	set("ALICLOUD_PROFILE", "old");
	assert_int_equal(ask(NULL), 0);
	keys_are("old-id", "old-secret", NULL);
	comes_from("profile old (AK) of ", "profile-old");
	set("ALIBABA_CLOUD_PROFILE", "sts");
	assert_int_equal(ask(NULL), 0);
	keys_are("sts-id", "sts-secret", "sts-token");
	comes_from("profile sts (StsToken) of ", "profile-sts");
	assert_string_equal(inquiry.keys.region, "");
	assert_int_equal(ask("sso"), 0);
	keys_are("sso-id", "sso-secret", "sso-token");
	assert_int_equal(inquiry.keys.expires, 4102444800);
	/* Asked for by name, a profile goes before the environment. */
	set_environment("tok");
	set("ALIBABA_CLOUD_IGNORE_PROFILE", "TRUE");
	assert_int_equal(ask("main"), 0);
	keys_are("main-id", "main-secret", NULL);
	unsetenv("ALIBABA_CLOUD_ACCESS_KEY_ID");
	assert_int_equal(ask(NULL), -ENOKEY);
	error_says("aliyun CLI: turned off");
	unsetenv("ALIBABA_CLOUD_IGNORE_PROFILE");

	write_config("{}", 0600);
	write_file("moved", config, 0600, other);
	set("ALIBABA_CLOUD_CONFIG_FILE", other);
	assert_int_equal(ask("main"), 0);
	keys_are("main-id", "main-secret", NULL);
}

static void test_refused(void **state)
{
	static const struct {
		const char *profile, *says;
	} rows[] = {
		{"nosecret", "the AccessKey secret is not set"},
		{"notoken", "sts_token is not set"},
		{"odd", "the AccessKey ID holds the end of a line"},
		{"absent", "has no profile absent"},
		{"gone", "the cached keys have expired"},
		{"nologin", "no keys are cached"},
		{"rsa", "deprecated"},
		{"bearer", "no AccessKey"},
		{"slip", "does not know its mode"},
		{"norole", "the role ARN is not set"},
		{"short", "at least 900 seconds"},
		{"circle", "too many profiles lead to one another"},
		{"lost", "there is no profile nobody, its source"},
		{"nocommand", "process_command is not set"},
		{"open", "a quote that does not end"},
		{"near", "neither an absolute path"},
		{"absent-program", "does not start: No such file"},
		{"nouri", "credentials_uri is not set"},
		{"plain", "192.0.2.1 needs https://"},
		{"notokenfile", "oidc_token_file is not set"},
	};

	(void)state;
	write_config(config, 0600);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(ask(rows[i].profile), -ENOKEY);
		error_says(rows[i].says);
		error_says("environment: not asked: a profile was named");
	}
}

static void check_file(const char *says)
{
	assert_int_equal(ask(NULL), -ENOKEY);
	error_says(says);
	error_says("environment: ALIBABA_CLOUD_ACCESS_KEY_ID is not set");
	error_says("credentials directory: CREDENTIALS_DIRECTORY is not set");
	error_says("OIDC: ALIBABA_CLOUD_ROLE_ARN is not set");
	error_says("credentials file: ");
	error_says("ECS metadata: turned off by the environment");
	error_says("credentials URI: ALIBABA_CLOUD_CREDENTIALS_URI is not set");
	assert_int_not_equal(strlen(inquiry.error.hint), 0);
}

static void test_bad_files(void **state)
{
	char path[160], *big;

	(void)state;
	write_config("{\"access_key_secret\":\"hidden\",}", 0600);
	check_file("is not JSON (byte 30)");
	write_config("", 0600);
	check_file("is not JSON");
	write_config("[]", 0600);
	check_file("is not JSON");
	write_config("{}", 0600);
	check_file("has no profile default");
	write_config("\xff\xfe{", 0600);
	check_file("its encoding is UTF-16; save it as UTF-8");
	write_config("\xfe\xff", 0600);
	check_file("its encoding is UTF-16");

	big = calloc(1, (1 << 20) + 2);
	assert_non_null(big);
	memset(big, ' ', (1 << 20) + 1);
	write_config(big, 0600);
	free(big);
	check_file("File too large");

	snprintf(path, sizeof(path), "%s/" CONFIG, home);
	unlink(path);
	check_file("No such file");
	assert_int_equal(mkfifo(path, 0600), 0);
	check_file("not a regular file");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	check_file("Is a directory");
	rmdir(path);

	write_config(config, 0644);
	assert_int_equal(ask(NULL), 0);
	assert_non_null(strstr(inquiry.keys.warning, "0644"));
	set("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true");
	check_file("turned off");
}

/* What the editors of another system put before a text is no part of it. */
static void test_mark(void **state)
{
	char marked[sizeof(config) + 3] = "\xef\xbb\xbf";

	(void)state;
	strcat(marked, config);
	write_config(marked, 0600);
	assert_int_equal(ask(NULL), 0);
	keys_are("main-id", "main-secret", NULL);
}

/* They were meant: a profile may be one of another account. */
static void test_odd_environment(void **state)
{
	static const struct {
		const char *name, *value, *says;
	} rows[] = {
		{"ALIBABA_CLOUD_ACCESS_KEY_ID", "\"env-id\"",
			"the AccessKey ID holds a quotation mark"},
		{"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "'hidden-secret'",
			"the AccessKey secret holds a quotation mark"},
		{"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hidden # why",
			"the AccessKey secret holds a blank; a comment"},
		{"ALIBABA_CLOUD_SECURITY_TOKEN", "hidden\r",
			"the security token holds the end of a line"},
		{"ALIBABA_CLOUD_ACCESS_KEY_ID", "env\xc2\xa0id",
			"the AccessKey ID holds a character that no key has"},
	};

	(void)state;
	write_config(config, 0600);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		set_environment("tok");
		set(rows[i].name, rows[i].value);
		assert_int_equal(ask(NULL), -ENOKEY);
		error_says(rows[i].says);
	}
}

static void test_expiry(void **state)
{
	static const struct {
		const char *text;
		int64_t is;
	} rows[] = {
		{"2030-01-02T03:04:05Z", 1893553445},
		{"2030-01-02T03:04:05.678Z", 1893553445},
		{"2030-01-02T03:04:05+00:00", 1893553445},
		{"2030-01-02T03:04:05", 0},
		{"2030-01-02T03:04:05+08:00", 0},
		{"2030-01-02T03:04:05Zx", 0},
		{"1893553445", 0},
		{"", 0},
		{NULL, 0},
	};
	struct ack_credentials c = {.expires = 7};
	char left[64];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		ack_credentials_expire(&c, rows[i].text, 0);
		assert_int_equal(c.expires, rows[i].is);
	}
	/* Who is an hour ahead of us says so an hour later. */
	ack_credentials_expire(&c, "2030-01-02T03:04:05Z", time(NULL) + 3600);
	assert_in_range(c.expires, 1893553445 - 3601, 1893553445 - 3599);
	ack_credentials_left(0, left);
	assert_string_equal(left, "");
	ack_credentials_left(time(NULL) - 1, left);
	assert_string_equal(left, ", expired");
	ack_credentials_left(time(NULL) + 3150, left);
	assert_string_equal(left, ", expires in 52 min");
	ack_credentials_left(time(NULL) + 11000, left);
	assert_string_equal(left, ", expires in 3 h");
}

static void test_mask(void **state)
{
	char out[32];

	(void)state;
	ack_key_id_mask("LTAI5tACKFSexample000001", out);
	assert_string_equal(out, "LTAI****0001");
	ack_key_id_mask("short-id", out);
	assert_string_equal(out, "****");
	ack_key_id_mask("", out);
	assert_string_equal(out, "");
	ack_key_id_mask(NULL, out);
	assert_string_equal(out, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOME_CASE(test_environment),
		HOME_CASE(test_aliases),
		HOME_CASE(test_directory),
		HOME_CASE(test_profiles),
		HOME_CASE(test_refused),
		HOME_CASE(test_bad_files),
		HOME_CASE(test_mark),
		HOME_CASE(test_odd_environment),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_mask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
