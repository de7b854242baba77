/* SPDX-License-Identifier: MIT */
/* ~/.alibabacloud/credentials, by libinih. */
#include "inquiry_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT ".alibabacloud/credentials"

static void write_ini(const char *text)
{
	char path[160];

	write_file(AT, text, 0600, path);
}

static void test_good(void **state)
{
	char path[160];

	(void)state;
	write_ini("# comment\n; another\n[other]\ntype = access_key\n"
		  "access_key_id = other-id\naccess_key_secret = other-s\n\n"
		  "[default]\r\ntype=access_key\r\n"
		  "access_key_id=ini-id\r\naccess_key_secret = ini-secret\r\n"
		  "unknown = x\n[temp]\ntype = sts\naccess_key_id = t-id\n"
		  "access_key_secret = t-s\nsecurity_token = t-t");
	assert_int_equal(ask(NULL), 0);
	keys_are("ini-id", "ini-secret", NULL);
	assert_int_equal(strncmp(inquiry.keys.source,
				 "section default (access_key) of ", 32),
		0);
	assert_string_equal(inquiry.keys.identity, "section-default");
	assert_int_equal(ask("other"), 0);
	keys_are("other-id", "other-s", NULL);
	set("ALIBABA_CLOUD_PROFILE", "temp");
	assert_int_equal(ask(NULL), 0);
	keys_are("t-id", "t-s", "t-t");
	assert_string_equal(inquiry.keys.identity, "section-temp");
	/* The last of two lines counts. */
	write_file("elsewhere",
		"[temp]\ntype = access_key\naccess_key_id = a\n"
		"access_key_secret = b\naccess_key_id = c\n",
		0644, path);
	set("ALIBABA_CLOUD_CREDENTIALS_FILE", path);
	assert_int_equal(ask(NULL), 0);
	keys_are("c", "b", NULL);
	assert_non_null(strstr(inquiry.keys.warning, "0644"));
}

static void test_bad(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"", "has no section default"},
		{"[other]\ntype = access_key\n", "has no section default"},
		{"type = access_key\n", "has no section default"},
		{"[default]\nhidden-secret\n", "line 2 of "},
		{"[default]\naccess_key_id = x\n[hidden\n", "line 3 of "},
		{"[default]\naccess_key_secret = hidden\n", "type is not set"},
		{"[default]\ntype = hidden\n", "its type is not one of"},
		{"[default]\ntype = access_key\naccess_key_id = x\n",
			"the AccessKey secret is not set"},
		{"[default]\ntype = access_key\naccess_key_secret = hidden\n",
			"the AccessKey ID is not set"},
		{"[default]\ntype = access_key\naccess_key_id = \"x\"\n"
		 "access_key_secret = \"hidden\" # why\n",
			"the AccessKey ID holds a quotation mark: write it "
			"without"},
		{"[default]\ntype = sts\naccess_key_id = x\n"
		 "access_key_secret = hidden\n",
			"security_token is not set"},
		{"[default]\ntype = ram_role_arn\naccess_key_id = x\n"
		 "access_key_secret = hidden\n",
			"the role ARN is not set"},
		{"[default]\ntype = ecs_ram_role\nrole_name = x\n",
			"turned off by the environment"},
	};
	char longest[600] = "[default]\ntype = access_key\n"
			    "access_key_secret = hidden";

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		write_ini(rows[i].text);
		assert_int_equal(ask(NULL), -ENOKEY);
		error_says(rows[i].says);
	}
	memset(longest + strlen(longest), 'x', 500);
	write_ini(longest);
	assert_int_equal(ask(NULL), -ENOKEY);
	error_says("line 3 of ");
	error_says("is too long");
}

#define GOOD                                                \
	"[default]\ntype = access_key\naccess_key_id = a\n" \
	"access_key_secret = hidden\n"

/* A file that somebody else may have written is not believed. */
static void test_other_writers(void **state)
{
	static const struct {
		mode_t dir, file;
		uid_t owner;      /* of the file, 0: this user */
		gid_t group;      /* of the directory, 0: this group */
		const char *says; /* NULL: its keys are used */
		const char *warns;
	} rows[] = {
		{0700, 0600},
		{0755, 0400},
		{01777, 0600},
		{0775, 0600},
		{0700, 0620, .says = "can be written by others (mode 0620)"},
		{0700, 0602, .says = "can be written by others (mode 0602)"},
		{0700, 0666, .says = "can be written by others (mode 0666)"},
		{0777, 0600, .says = "everybody can write to "},
		{0703, 0600, .says = "everybody can write to "},
		{0700, 0600, 65534, .says = "belongs to user 65534"},
		{01777, 0644, 65534, .says = "belongs to user 65534"},
		{0770, 0600, 0, 65534, .warns = "group 65534 can write to "},
	};
	char dir[160], path[160];

	(void)state;
	snprintf(dir, sizeof(dir), "%s/.alibabacloud", home);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if ((rows[i].owner || rows[i].group) && geteuid())
			continue;
		write_file(AT, GOOD, rows[i].file, path);
		if (rows[i].owner)
			assert_int_equal(
				chown(path, rows[i].owner, (gid_t)-1), 0);
		if (rows[i].group)
			assert_int_equal(
				chown(dir, (uid_t)-1, rows[i].group), 0);
		assert_int_equal(chmod(dir, rows[i].dir), 0);
		assert_int_equal(ask(NULL), rows[i].says ? -ENOKEY : 0);
		if (rows[i].says)
			error_says(rows[i].says);
		else
			keys_are("a", "hidden", NULL);
		if (rows[i].warns)
			assert_non_null(
				strstr(inquiry.keys.warning, rows[i].warns));
		assert_int_equal(chmod(dir, 0700), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOME_CASE(test_good),
		HOME_CASE(test_bad),
		HOME_CASE(test_other_writers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
