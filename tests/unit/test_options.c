/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/error.h"
#include "client/endpoint.h"
#include "mount/options.h"

/* Words apart by blanks; `ackfs` comes before them. */
static int parse(struct options *o, const char *words, struct ack_error *e)
{
	static char line[1024];
	char *argv[16] = {(char *)(uintptr_t) "ackfs"};
	int argc = 1;
	char *rest = line, *word;

	snprintf(line, sizeof(line), "%s", words);
	while ((word = strsep(&rest, " ")))
		argv[argc++] = word;
	return options_parse(o, *words ? argc : 1, argv, e);
}

static const struct {
	const char *words, *why;
} refused[] = {
	{"", "usage: ackfs SOURCE MOUNTPOINT"},
	{"cn-beijing", "usage"},
	{"cn-beijing /mnt more", "too many: more"},
	{"cn-beijing /mnt -x", "unknown option -x"},
	{"cn-beijing /mnt --nonsense", "unknown option --nonsense"},
	{"cn-beijing /mnt -o", "-o needs options after it"},
	{"cn-beijing /mnt -o nonsense", "unknown option nonsense"},
	{"cn-beijing /mnt -o regio=x", "unknown option regio"},
	{"cn-beijing /mnt -o regions=x", "unknown option regions"},
	{"cn-beijing /mnt -o timeout", "needs a value: timeout=SEC"},
	{"cn-beijing /mnt -o timeout=", "needs a value"},
	{"cn-beijing /mnt -o timeout=0", "timeout=0: give seconds"},
	{"cn-beijing /mnt -o timeout=-1", "give seconds"},
	{"cn-beijing /mnt -o timeout=1s", "give seconds"},
	{"cn-beijing /mnt -o timeout=soon", "give seconds"},
	{"cn-beijing /mnt -o timeout=nan", "give seconds"},
	{"cn-beijing /mnt -o timeout=inf", "give seconds"},
	{"cn-beijing /mnt -o timeout=86401", "give seconds"},
	{"cn-beijing /mnt -o settle=1e9", "give seconds"},
	{"cn-beijing /mnt -o connect_timeout=x", "give seconds"},
	{"cn-beijing /mnt -o body=flat", "body=flat: give classic"},
	{"cn-beijing /mnt -o preflight=maybe", "give on or off"},
	{"cn-beijing /mnt -o preflight", "needs a value"},
	{"cn-beijing /mnt -o tag=1", "takes no value"},
	{"cn-beijing /mnt -o ro=1", "takes no value"},
	{"cn-beijing /mnt -o state=", "needs a value"},
	{"cn-beijing /mnt -o uid=root", "uid=root: give a number"},
	{"cn-beijing /mnt -o gid=4294967295", "give a number"},
	{"cn-beijing /mnt -o uid=-1", "give a number"},
	{"cn-beijing /mnt -o umask=8", "umask=8: give an octal number"},
	{"cn-beijing /mnt -o umask=1000", "give an octal number"},
	{"cn-beijing /mnt -o log=loud", "log=loud: give error, warning"},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(refused); i++) {
		struct ack_error e;
		struct options o;

		if (parse(&o, refused[i].words, &e) != -EINVAL)
			fail_msg("taken: %s", refused[i].words);
		if (!strstr(e.message, refused[i].why))
			fail_msg("%s: %s", refused[i].words, e.message);
		options_release(&o);
	}
}

static void test_defaults(void **state)
{
	struct ack_error e;
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "cn-beijing /mnt", &e), 0);
	assert_int_equal(o.command, COMMAND_MOUNT);
	assert_string_equal(o.source, "cn-beijing");
	assert_string_equal(o.mountpoint, "/mnt");
	assert_int_equal(o.timeout_ms, 30000);
	assert_int_equal(o.patience_ms, 30000);
	assert_int_equal(o.connect_timeout_ms, 5000);
	assert_int_equal(o.settle_ms, 960000);
	assert_int_equal(o.body, -1);
	assert_true(o.preflight);
	assert_false(o.tag || o.read_only || o.foreground || o.debug);
	assert_false(o.helper || o.allow_other);
	assert_int_equal(o.uid, -1);
	assert_int_equal(o.umask, -1);
	assert_int_equal(o.log, LOG_INFO);
	assert_null(o.region);
	assert_null(o.state);
	assert_null(o.mount_options);
	options_release(&o);
}

static void test_all(void **state)
{
	struct ack_error e;
	struct options o;

	(void)state;
	assert_int_equal(
		parse(&o,
			"-f -o region=cn-shanghai,timeout=2.5,,settle=1 "
			"sandbox /a/b -obody=nodepools,preflight=off,tag,ro "
			"-o allow_other,fsname=x,nofail,_netdev,x-systemd.a=b "
			"-o state=/s,ca=/c,profile=p,endpoint=http://h "
			"-o region=cn-beijing,default_permissions -d "
			"-o uid=1000,gid=4294967294,umask=027,log=error",
			&e),
		0);
	assert_string_equal(o.source, "sandbox");
	assert_string_equal(o.mountpoint, "/a/b");
	assert_string_equal(o.region, "cn-beijing"); /* the last counts */
	assert_int_equal(o.timeout_ms, 2500);
	assert_int_equal(o.patience_ms, 0);
	assert_int_equal(o.settle_ms, 1000);
	assert_int_equal(o.body, ACK_NODEPOOLS);
	assert_false(o.preflight);
	assert_true(o.tag && o.read_only && o.foreground && o.debug);
	assert_string_equal(o.state, "/s");
	assert_string_equal(o.ca, "/c");
	assert_string_equal(o.profile, "p");
	assert_string_equal(o.endpoint, "http://h");
	assert_true(o.allow_other);
	assert_string_equal(o.mount_options, "fsname=x,default_permissions");
	assert_int_equal(o.uid, 1000);
	assert_int_equal(o.gid, 4294967294);
	assert_int_equal(o.umask, 027);
	assert_int_equal(o.log, LOG_DEBUG); /* by -d, whatever log= says */
	options_release(&o);
}

static void test_mountpoint(void **state)
{
	static const struct {
		const char *given, *below; /* of the current directory */
	} rows[] = {
		{"mnt", "mnt"},
		{"./mnt", "./mnt"},
		{"mnt/", "mnt"},
		{"mnt///", "mnt"},
		{"../x/mnt", "../x/mnt"},
	};
	char cwd[512], words[64], wanted[640];
	struct ack_error e;
	struct options o;

	(void)state;
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	for (size_t i = 0; i < LENGTH(rows); i++) {
		snprintf(words, sizeof(words), "sandbox %s", rows[i].given);
		snprintf(wanted, sizeof(wanted), "%s/%s", cwd, rows[i].below);
		assert_int_equal(parse(&o, words, &e), 0);
		assert_string_equal(o.mountpoint, wanted);
		options_release(&o);
	}
	assert_int_equal(parse(&o, "sandbox /mnt//", &e), 0);
	assert_string_equal(o.mountpoint, "/mnt");
	options_release(&o);
	assert_int_equal(parse(&o, "sandbox /", &e), 0);
	assert_string_equal(o.mountpoint, "/");
	options_release(&o);
}

static void test_commands(void **state)
{
	static const struct {
		const char *words;
		enum command command;
	} rows[] = {
		{"--help", COMMAND_HELP},
		{"-h", COMMAND_HELP},
		{"--version", COMMAND_VERSION},
		{"-V", COMMAND_VERSION},
		{"--schema", COMMAND_SCHEMA},
		{"cn-beijing --help", COMMAND_HELP},
		{"--hand-over cn-beijing /mnt", COMMAND_HAND_OVER},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct ack_error e;
		struct options o;

		assert_int_equal(parse(&o, rows[i].words, &e), 0);
		assert_int_equal(o.command, rows[i].command);
		options_release(&o);
	}
}

/* As mount(8) calls it: its -f is no foreground. */
static void test_helper(void **state)
{
	const char *argv[] = {"/sbin/mount.fuse.ackfs", "cn-beijing", "/mnt",
		"-sfnv", "-N", "1", "-r", "-o", "rw,user=ann", "-t",
		"fuse.ackfs", NULL};
	struct ack_error e;
	struct options o;

	(void)state;
	assert_int_equal(
		options_parse(&o, 11, (char **)(uintptr_t)argv, &e), 0);
	assert_int_equal(o.command, COMMAND_FAKE);
	assert_true(o.helper && o.read_only);
	assert_false(o.foreground);
	assert_string_equal(o.source, "cn-beijing");
	assert_string_equal(o.mountpoint, "/mnt");
	options_release(&o);
	argv[3] = "-sn";
	argv[6] = "-v";
	assert_int_equal(
		options_parse(&o, 11, (char **)(uintptr_t)argv, &e), 0);
	assert_int_equal(o.command, COMMAND_MOUNT);
	assert_false(o.read_only);
	options_release(&o);
}

/* --help names every option that a user would give, none twice. */
static void test_help(void **state)
{
	static const char *const names[] = {"region=", "endpoint=", "profile=",
		"body=", "state=", "timeout=", "connect_timeout=", "preflight=",
		"settle=", "tag ", "ca=", "ro ", "allow_other "};
	char text[8192], wanted[64];
	FILE *f = fmemopen(text, sizeof(text), "w");

	(void)state;
	assert_non_null(f);
	options_help(f);
	fclose(f);
	for (size_t i = 0; i < LENGTH(names); i++) {
		const char *at;

		snprintf(wanted, sizeof(wanted), "\n  -o %s", names[i]);
		at = strstr(text, wanted);
		if (!at)
			fail_msg("no %s", names[i]);
		assert_null(strstr(at + 1, wanted));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_mountpoint),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_helper),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
