/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "credentials.h"
#include "error.h"
#include "json.h"

static char home[] = "/tmp/ackfs-unit-XXXXXX";
static char path[128];

static const char config[] =
	"{\"current\":\"main\",\"profiles\":["
	"{\"name\":\"main\",\"mode\":\"AK\",\"access_key_id\":\"main-id\","
	"\"access_key_secret\":\"main-secret\",\"region_id\":\"cn-beijing\"},"
	"{\"name\":\"sts\",\"mode\":\"ststoken\",\"access_key_id\":\"sts-id\","
	"\"access_key_secret\":\"sts-secret\",\"sts_token\":\"sts-token\","
	"\"region_id\":\"../x\"},"
	"{\"name\":\"old\",\"mode\":\"\",\"access_key_id\":\"old-id\","
	"\"access_key_secret\":\"old-secret\",\"sts_token\":\"unused\"},"
	"{\"name\":\"notoken\",\"mode\":\"StsToken\",\"access_key_id\":\"i\","
	"\"access_key_secret\":\"hidden-secret\"},"
	"{\"name\":\"ecs\",\"mode\":\"EcsRamRole\"},"
	"{\"name\":\"nosecret\",\"mode\":\"AK\",\"access_key_id\":\"i\"},"
	"{\"name\":\"odd\",\"mode\":\"AK\",\"access_key_id\":\"i\\n\","
	"\"access_key_secret\":\"hidden-secret\"},"
	"7]}";

static const char *const variables[] = {
	"ALIBABA_CLOUD_ACCESS_KEY_ID",
	"ALIBABA_CLOUD_ACCESS_KEY_SECRET",
	"ALIBABA_CLOUD_SECURITY_TOKEN",
	"ALIBABA_CLOUD_CONFIG_FILE",
	"ALIBABA_CLOUD_PROFILE",
	"ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
	"ALIBABA_CLOUD_IGNORE_PROFILE",
};

static void write_config(const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static int setup(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(variables); i++)
		unsetenv(variables[i]);
	setenv("HOME", home, 1);
	write_config(config, 0600);
	return 0;
}

static int load(
	struct ack_credentials *c, const char *profile, struct ack_error *e)
{
	struct ack_credential_options o = {.profile = profile};

	return ack_credentials_load(c, &o, e);
}

static void set_environment(const char *token)
{
	setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "env-id", 1);
	setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "env-secret", 1);
	if (token)
		setenv("ALIBABA_CLOUD_SECURITY_TOKEN", token, 1);
}

static void check(const char *profile, const char *id, const char *secret,
	const char *token, const char *source, const char *region)
{
	struct ack_credentials c;
	struct ack_error e;

	if (load(&c, profile, &e) < 0)
		fail_msg("%s: %s %s", id, e.message, e.more);
	assert_int_equal(e.err, 0);
	assert_string_equal(c.key_id, id);
	assert_string_equal(c.key_secret, secret);
	if (token)
		assert_string_equal(c.token, token);
	else
		assert_null(c.token);
	assert_int_equal(strncmp(c.source, source, strlen(source)), 0);
	assert_string_equal(c.region, region);
	assert_string_equal(c.warning, "");
	ack_credentials_release(&c);
	assert_null(c.key_id);
	ack_credentials_release(&c);
}

static void test_environment(void **state)
{
	(void)state;
	set_environment(NULL);
	check(NULL, "env-id", "env-secret", NULL, "environment", "");
	set_environment("");
	check(NULL, "env-id", "env-secret", NULL, "environment", "");
	set_environment("tok");
	check(NULL, "env-id", "env-secret", "tok", "environment", "");
	setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "", 1);
	check(NULL, "main-id", "main-secret", NULL, "profile main (AK) of ",
		"cn-beijing");
}

static void test_profiles(void **state)
{
	char other[160];

	(void)state;
	check(NULL, "main-id", "main-secret", NULL, "profile main (AK) of ",
		"cn-beijing");
	setenv("ALIBABA_CLOUD_PROFILE", "sts", 1);
	check(NULL, "sts-id", "sts-secret", "sts-token",
		"profile sts (ststoken) of ", "");
	check("old", "old-id", "old-secret", NULL, "profile old (AK) of ", "");
	/* Asked for by name, a profile goes before the environment. */
	set_environment("tok");
	setenv("ALIBABA_CLOUD_IGNORE_PROFILE", "TRUE", 1);
	check("main", "main-id", "main-secret", NULL, "profile main (AK) of ",
		"cn-beijing");

	setup(NULL);
	snprintf(other, sizeof(other), "%s.moved", path);
	assert_int_equal(rename(path, other), 0);
	setenv("ALIBABA_CLOUD_CONFIG_FILE", other, 1);
	check(NULL, "main-id", "main-secret", NULL, "profile main (AK) of ",
		"cn-beijing");
	unlink(other);
}

static void test_refused(void **state)
{
	static const struct {
		const char *profile, *says;
	} rows[] = {
		{"ecs", "mode EcsRamRole is not supported"},
		{"nosecret", "the AccessKey secret is not set"},
		{"notoken", "sts_token is not set"},
		{"odd", "a character that no key has"},
		{"absent", "has no profile absent"},
	};
	struct ack_buf text = ACK_BUF_INIT(20000);
	struct ack_credentials c;
	struct ack_error e;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(load(&c, rows[i].profile, &e), -ENOKEY);
		ack_buf_clear(&text);
		ack_error_text(&e, &text);
		if (!strstr(ack_buf_text(&text), rows[i].says))
			fail_msg(
				"%s: %s", rows[i].profile, ack_buf_text(&text));
		assert_null(strstr(ack_buf_text(&text), "hidden"));
		assert_null(c.key_id);
	}
	ack_buf_release(&text);
}

static void check_file(const char *says)
{
	struct ack_credentials c;
	struct ack_error e;

	assert_int_equal(load(&c, NULL, &e), -ENOKEY);
	if (!strstr(e.more, says))
		fail_msg("%s: %s", says, e.more);
	assert_non_null(strstr(e.more, "environment: ALIBABA_CLOUD_ACCESS_KEY"
				       "_ID is not set"));
	assert_null(strstr(e.more, "hidden"));
	assert_int_not_equal(strlen(e.hint), 0);
}

static void test_bad_files(void **state)
{
	struct ack_credentials c;
	struct ack_error e;
	char *big;

	(void)state;
	write_config("{\"access_key_secret\":\"hidden\",}", 0600);
	check_file("is not JSON (byte 30)");
	write_config("", 0600);
	check_file("is not JSON");
	write_config("[]", 0600);
	check_file("is not JSON");
	write_config("{}", 0600);
	check_file("has no profile default");

	big = calloc(1, (1 << 20) + 2);
	assert_non_null(big);
	memset(big, ' ', (1 << 20) + 1);
	write_config(big, 0600);
	free(big);
	check_file("File too large");

	unlink(path);
	check_file("No such file");
	assert_int_equal(mkfifo(path, 0600), 0);
	check_file("not a regular file");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	check_file("Is a directory");
	rmdir(path);

	setup(NULL);
	setenv("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true", 1);
	check_file("turned off");

	setup(NULL);
	write_config(config, 0644);
	assert_int_equal(load(&c, NULL, &e), 0);
	assert_non_null(strstr(c.warning, "0644"));
	ack_credentials_release(&c);
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

#define CASE(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_environment),
		CASE(test_profiles),
		CASE(test_refused),
		CASE(test_bad_files),
		CASE(test_mask),
	};
	char dir[64];

	ack_json_setup();
	if (!mkdtemp(home))
		return 1;
	snprintf(dir, sizeof(dir), "%s/.aliyun", home);
	snprintf(path, sizeof(path), "%s/config.json", dir);
	if (mkdir(dir, 0700) < 0)
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	rmdir(dir);
	rmdir(home);
	return failed;
}
