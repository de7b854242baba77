/* SPDX-License-Identifier: MIT */
#include "mount/options.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/error.h"
#include "base/length.h"
#include "base/text.h"
#include "keys/whose.h"
#include "model/log.h"
#include "params/params.h"

static int option_apply(struct options *o, const char *opt, struct ack_error *e)
{
	const char *eq = strchr(opt, '=');
	const struct option_row *row = option_find(
		opt, eq ? (size_t)(eq - opt) : strlen(opt));

	if (!row)
		return ack_error_set(e, EINVAL, NULL,
			"unknown option %s; ackfs --help lists them", opt);
	return option_set(o, row, opt, eq ? eq + 1 : NULL, e);
}

static int list_apply(struct options *o, const char *list, struct ack_error *e)
{
	char *copy = strdup(list), *rest = copy, *opt;
	int ret = copy ? 0 : ack_error_memory(e, NULL);

	while (!ret && (opt = strsep(&rest, ",")))
		if (*opt)
			ret = option_apply(o, opt, e);
	free(copy);
	return ret;
}

static int mountpoint_absolute(
	struct options *o, const char *arg, struct ack_error *e)
{
	char cwd[PATH_MAX];
	size_t len = strlen(arg);

	/* neither a final slash nor realpath(3) can pass a dead mount, which
	 * must still be cleaned up */
	while (len > 1 && arg[len - 1] == '/')
		len--;
	if (*arg == '/')
		*cwd = '\0';
	else if (!getcwd(cwd, sizeof(cwd)))
		return ack_error_set(e, errno, NULL,
			"the current directory cannot be determined");
	if (asprintf(&o->mountpoint, "%s%s%.*s", cwd, *cwd ? "/" : "", (int)len,
		    arg) >= 0)
		return 0;
	o->mountpoint = NULL;
	return ack_error_memory(e, NULL);
}

/* Words that end it all at once, and those that stand alone. */
static bool flag_apply(struct options *o, const char *a)
{
	static const struct {
		const char *word;
		enum command command;
	} commands[] = {
		{"-h", COMMAND_HELP},
		{"--help", COMMAND_HELP},
		{"-V", COMMAND_VERSION},
		{"--version", COMMAND_VERSION},
		{"--schema", COMMAND_SCHEMA},
		{"--hand-over", COMMAND_HAND_OVER},
	};

	for (size_t i = 0; i < LENGTH(commands); i++) {
		if (!strcmp(a, commands[i].word)) {
			o->command = commands[i].command;
			return true;
		}
	}
	if (strcmp(a, "-f") && strcmp(a, "-d"))
		return false;
	o->foreground = true;
	o->debug |= a[1] == 'd';
	return true;
}

/* mount(8), "external helpers": SOURCE DIR [-sfnvrw] [-N NS] [-t TYPE].
 * How many of the words at argv it takes, 0 if it is another one. */
static int helper_apply(struct options *o, char **argv)
{
	const char *a = argv[0];

	if (!strcmp(a, "-N") || !strcmp(a, "-t"))
		return argv[1] ? 2 : 1;
	if (*a != '-' || !a[1] || strspn(a + 1, "sfnvrw") != strlen(a + 1))
		return 0;
	if (strchr(a, 'f'))
		o->command = COMMAND_FAKE;
	o->read_only |= strchr(a, 'r') != NULL;
	return 1;
}

static bool is_helper(const char *program)
{
	const char *slash = strrchr(program, '/');

	return !strncmp(slash ? slash + 1 : program, "mount.", 6);
}

static int words_apply(struct options *o, int argc, char **argv,
	const char **place, struct ack_error *e)
{
	int ret = 0;

	for (int i = 1; i < argc && !ret; i++) {
		const char *a = argv[i];
		int taken = o->helper ? helper_apply(o, argv + i) : 0;

		if (taken)
			i += taken - 1;
		else if (flag_apply(o, a))
			continue;
		else if (!strcmp(a, "-o") && i + 1 < argc)
			ret = list_apply(o, argv[++i], e);
		else if (!strcmp(a, "-o"))
			ret = ack_error_set(
				e, EINVAL, NULL, "-o needs options after it");
		else if (!strncmp(a, "-o", 2))
			ret = list_apply(o, a + 2, e);
		else if (*a == '-')
			ret = ack_error_set(e, EINVAL, NULL,
				"unknown option %s; ackfs --help lists them",
				a);
		else if (!o->source)
			o->source = a;
		else if (!*place && o->command != COMMAND_RUN)
			*place = a;
		else
			ret = ack_error_set(e, EINVAL, NULL,
				"one argument too many: %s%s", a,
				o->command == COMMAND_RUN
					? ack_text("; COMMAND stands after --")
					: "");
	}
	return ret;
}

/* `run SOURCE … -- COMMAND …`: what stands before -- is read as for a mount. */
static int run_apply(
	struct options *o, int argc, char **argv, struct ack_error *e)
{
	const char *place = NULL;
	int own = 1, ret;

	while (own < argc && strcmp(argv[own], "--"))
		own++;
	if (own < argc)
		o->run = argv + own + 1;
	o->command = COMMAND_RUN;
	ret = words_apply(o, own, argv, &place, e);
	if (ret || o->command != COMMAND_RUN ||
		(o->source && o->run && *o->run))
		return ret;
	return ack_error_set(e, EINVAL, NULL,
		"%s is missing; usage: ackfs run SOURCE [-o OPTION,…] -- "
		"COMMAND [ARGUMENT…]",
		o->source ? "COMMAND" : "SOURCE");
}

int options_parse(struct options *o, int argc, char **argv, struct ack_error *e)
{
	const char *place = NULL;
	int ret;

	*o = (struct options){.body = -1,
		.connect_timeout_ms = 5000,
		.settle_ms = 960000,
		.refresh_ms = 60000,
		.qps = 5,
		.uid = -1,
		.gid = -1,
		.umask = -1,
		.log = LOG_INFO,
		.helper = argc > 0 && is_helper(argv[0]),
		.preflight = true};
	ack_error_clear(e);
	if (!o->helper && argc > 1 && !strcmp(argv[1], "run"))
		ret = run_apply(o, argc - 1, argv + 1, e);
	else
		ret = words_apply(o, argc, argv, &place, e);
	if (o->debug)
		o->log = LOG_DEBUG;
	if (!o->timeout_ms) {
		o->timeout_ms = 30000;
		o->patience_ms = 30000;
	}
	if (ret || o->command == COMMAND_RUN || o->command > COMMAND_FAKE)
		return ret;
	if (!place)
		return ack_error_set(e, EINVAL, NULL,
			"%s is missing; usage: ackfs SOURCE MOUNTPOINT "
			"[-o OPTION,…]",
			o->source ? "MOUNTPOINT" : "SOURCE");
	return mountpoint_absolute(o, place, e);
}

void options_release(struct options *o)
{
	free(o->mountpoint);
	free(o->made);
	free(o->mount_options);
	option_free_texts(o);
}

#define FIELD(f) offsetof(struct options, f)

#define IGNORED(name)                              \
	{                                          \
		name, OPTION_IGNORE, 0, NULL, NULL \
	}

/* clang-format off */
static const struct option_row rows[] = {
	{"region", OPTION_TEXT, FIELD(region), "ID", "the region, if SOURCE does not name it"},
	{"endpoint", OPTION_TEXT, FIELD(endpoint), "URL", "address of the service"},
	{"endpoint_type", OPTION_TEXT, FIELD(endpoint_type), "TYPE",
		"kind of address: vpc or public"},
	{"profile", OPTION_TEXT, FIELD(profile), "NAME",
		"use the keys of this profile of the aliyun CLI"},
	{"account", OPTION_DIGITS, FIELD(account), "ID",
		"the account; keys of other accounts are not used"},
	{"body", OPTION_BODY, FIELD(body), "FORM",
		"form of the request: classic or nodepools"},
	{"state", OPTION_TEXT, FIELD(state), "DIR", "the state directory"},
	{"timeout", OPTION_SECONDS, FIELD(timeout_ms), "SEC",
		"time limit of a call (30, and 60 to create)"},
	{"connect_timeout", OPTION_SECONDS, FIELD(connect_timeout_ms), "SEC",
		"time limit of a connection attempt (5)"},
	{"preflight", OPTION_ONOFF, FIELD(preflight), "on|off",
		"ask whether the name is free before a commit (on)"},
	{"settle", OPTION_SECONDS, FIELD(settle_ms), "SEC",
		"time after which a lost request cannot succeed (960)"},
	{"refresh", OPTION_SECONDS, FIELD(refresh_ms), "SEC",
		"maximum age of the list of clusters (60)"},
	{"qps", OPTION_RATE, FIELD(qps), "N",
		"maximum calls per second for browsing and polling (5)"},
	{"kubeconfig_minutes", OPTION_MINUTES, FIELD(kubeconfig_minutes), "MIN",
		"lifetime of a kubeconfig, 15 to 4320"},
	{"wait_ready", OPTION_FLAG, FIELD(wait_ready), NULL,
		"mount only if the service lists the clusters"},
	{"no_delete", OPTION_FLAG, FIELD(no_delete), NULL,
		"do not delete anything in the cloud"},
	{"tag", OPTION_FLAG, FIELD(tag), NULL,
		"mark clusters with the tag ackfs-commit=UUID"},
	{"ca", OPTION_TEXT, FIELD(ca), "PATH", "trusted certificates, a file or a directory"},
	{"plain_http", OPTION_FLAG, FIELD(plain_http), NULL,
		"allow http to addresses that are not loopback"},
	{"ro", OPTION_FLAG, FIELD(read_only), NULL, "refuse every change"},
	{"allow_other", OPTION_FLAG, FIELD(allow_other), NULL, "let other users access the mount"},
	{"uid", OPTION_ID, FIELD(uid), "N", "owner of the files (the user who mounts)"},
	{"gid", OPTION_ID, FIELD(gid), "N", "group of the files"},
	{"umask", OPTION_UMASK, FIELD(umask), "OCTAL", "permission bits to clear (0)"},
	{"lang", OPTION_LANG, 0, "LANG",
		"language of the texts: en or zh (that of the environment)"},
	{"log", OPTION_LOG, FIELD(log), "LEVEL", "log level: error, warning, info or debug (info)"},
	{"default_permissions", OPTION_PASS, 0, NULL, "let the kernel check modes"},
	{"remount", OPTION_REMOUNT, 0, NULL, NULL},
	{"fsname=*", OPTION_PASS, 0, NULL, NULL},
	{"nosuid", OPTION_PASS, 0, NULL, NULL},
	{"nodev", OPTION_PASS, 0, NULL, NULL},
	{"noexec", OPTION_PASS, 0, NULL, NULL},
	{"noatime", OPTION_PASS, 0, NULL, NULL},
	IGNORED("rw"), IGNORED("suid"), IGNORED("dev"), IGNORED("exec"),
	IGNORED("auto"), IGNORED("noauto"), IGNORED("user"), IGNORED("users"),
	IGNORED("user=*"), IGNORED("nouser"), IGNORED("owner"), IGNORED("group"),
	IGNORED("async"), IGNORED("atime"), IGNORED("norelatime"), IGNORED("nodiratime"),
	IGNORED("nofail"), IGNORED("_netdev"), IGNORED("defaults"), IGNORED("relatime"),
	IGNORED("x-*"), IGNORED("X-*"), IGNORED("comment=*"),
};
/* clang-format on */

const struct option_row *option_at(size_t i)
{
	return i < LENGTH(rows) ? &rows[i] : NULL;
}

const struct option_row *option_find(const char *opt, size_t len)
{
	for (size_t i = 0; i < LENGTH(rows); i++) {
		size_t n = strlen(rows[i].name);

		if (rows[i].name[n - 1] == '*' &&
			!strncmp(opt, rows[i].name, n - 1))
			return &rows[i];
		if (n == len && !strncmp(opt, rows[i].name, n))
			return &rows[i];
	}
	return NULL;
}

void option_free_texts(struct options *o)
{
	for (size_t i = 0; i < LENGTH(rows); i++)
		if (rows[i].kind == OPTION_TEXT ||
			rows[i].kind == OPTION_DIGITS)
			free(*(char **)(void *)((char *)o + rows[i].field));
}

void options_help(FILE *out)
{
	fputs(ack_text("usage: ackfs SOURCE MOUNTPOINT [-f] [-d] [-o "
		       "OPTION,...]\n"
		       "       ackfs run SOURCE [-f] [-d] [-o OPTION,...] -- "
		       "COMMAND [ARGUMENT...]\n"
		       "       ackfs --schema | --version | --help\n\n"
		       "SOURCE is a region (cn-beijing), the word sandbox, or "
		       "the URL "
		       "of "
		       "an endpoint.\n"
		       "Unmount with: fusermount3 -u MOUNTPOINT\n\n"
		       "  -f                      stay in the foreground, log "
		       "to "
		       "stderr\n"
		       "  -d                      the same, and log every "
		       "request\n"
		       "  --hand-over             mount only, for "
		       "ExecStartPre= of "
		       "systemd\n"),
		out);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct option_row *r = &rows[i];
		int width = 0;

		if (!r->help)
			continue;
		fprintf(out, "  -o %s%s%s%n", r->name, r->argument ? "=" : "",
			r->argument ? r->argument : "", &width);
		fprintf(out, "%*s%s\n", width < 25 ? 26 - width : 1, "",
			ack_text(r->help));
	}
}

/* Each reads the text of a value into its field; false: it is not one. */

static bool seconds(const char *text, void *field)
{
	char *end;
	double value = isdigit((unsigned char)*text) ? strtod(text, &end) : 0;

	*(long *)field =
		value > 0 && value <= 86400 && !*end ? (long)(value * 1000) : 0;
	return *(long *)field;
}

static bool rate(const char *text, void *field)
{
	char *end;
	double value = isdigit((unsigned char)*text) ? strtod(text, &end) : 0;

	*(double *)field = value;
	return value > 0 && value <= 10000 && !*end;
}

static bool whole(
	const char *text, int base, long least, long most, void *field)
{
	char *end;
	long value = isdigit((unsigned char)*text) ? strtol(text, &end, base)
						   : -1;

	*(long *)field = value;
	return value >= least && value <= most && !*end;
}

static bool minutes(const char *text, void *field)
{
	return whole(text, 10, 15, 4320, field);
}

/* The last number is no ID, but "as it is". */
static bool id(const char *text, void *field)
{
	return whole(text, 10, 0, 4294967294, field);
}

static bool umask_bits(const char *text, void *field)
{
	return whole(text, 8, 0, 0777, field);
}

static bool on_off(const char *text, void *field)
{
	*(bool *)field = !strcmp(text, "on");
	return *(bool *)field || !strcmp(text, "off");
}

static bool body(const char *text, void *field)
{
	*(int *)field = *text == 'c' ? ACK_CLASSIC : ACK_NODEPOOLS;
	return !strcmp(text, "classic") || !strcmp(text, "nodepools");
}

static bool level(const char *text, void *field)
{
	*(int *)field = log_level(text);
	return *(int *)field >= 0;
}

/* At once, for what is wrong with the options behind it. */
static bool language(const char *text, void *field)
{
	(void)field;
	if (strcmp(text, "en") != 0 && strcmp(text, "zh") != 0 &&
		strncmp(text, "en_", 3) != 0 && strncmp(text, "zh_", 3) != 0)
		return false;
	ack_text_language(text);
	return true;
}

static const struct {
	bool (*read)(const char *text, void *field);
	const char *give;
} values[] = {
	[OPTION_SECONDS] = {seconds, "seconds, more than 0 and at most 86400"},
	[OPTION_RATE] = {rate, "a number above 0, at most 10000"},
	[OPTION_MINUTES] = {minutes, "minutes, 15 to 4320"},
	[OPTION_ONOFF] = {on_off, "on or off"},
	[OPTION_BODY] = {body, "classic or nodepools"},
	[OPTION_LANG] = {language, "en or zh"},
	[OPTION_LOG] = {level, "error, warning, info or debug"},
	[OPTION_ID] = {id, "a number, as id(1) prints it"},
	[OPTION_UMASK] = {umask_bits, "an octal number, 0 to 777"},
	[OPTION_IGNORE] = {NULL, NULL},
};

static int pass(struct options *o, const char *opt, struct ack_error *e)
{
	char *joined = NULL;

	if (asprintf(&joined, "%s%s%s",
		    o->mount_options ? o->mount_options : "",
		    o->mount_options ? "," : "", opt) < 0)
		return ack_error_memory(e, NULL);
	free(o->mount_options);
	o->mount_options = joined;
	return 0;
}

static int text(char **field, const char *value, struct ack_error *e)
{
	char *copy = strdup(value);

	if (!copy)
		return ack_error_memory(e, NULL);
	free(*field);
	*field = copy;
	return 0;
}

static bool has_word(enum option_kind kind)
{
	return kind == OPTION_BODY || kind == OPTION_LANG ||
	       kind == OPTION_LOG || kind == OPTION_ID || kind == OPTION_UMASK;
}

static int check(
	const struct option_row *row, const char *value, struct ack_error *e)
{
	if (row->kind < OPTION_FLAG || has_word(row->kind)) {
		if (!value || !*value)
			return ack_error_set(e, EINVAL, NULL,
				"option %s needs a value: %s=%s", row->name,
				row->name, row->argument);
	} else if (value && row->kind == OPTION_FLAG) {
		return ack_error_set(
			e, EINVAL, NULL, "option %s takes no value", row->name);
	}
	return 0;
}

int option_set(struct options *o, const struct option_row *row, const char *opt,
	const char *value, struct ack_error *e)
{
	void *field = (char *)o + row->field;

	if (check(row, value, e))
		return -e->err;
	switch (row->kind) {
	case OPTION_DIGITS:
		if (!ack_account_valid(value))
			return ack_error_set(e, EINVAL, NULL,
				"%s=%s: give the number of the account, as "
				"live/account and the console show it",
				row->name, value);
		return text(field, value, e);
	case OPTION_TEXT:
		return text(field, value, e);
	case OPTION_FLAG:
		*(bool *)field = true;
		return 0;
	case OPTION_REMOUNT:
		return ack_error_set(e, EINVAL, NULL,
			"the options of a mount cannot be changed: unmount it "
			"with fusermount3 -u MOUNTPOINT, then mount it again "
			"with the new ones; drafts and edits are kept");
	case OPTION_PASS:
		return pass(o, opt, e);
	default:
		if (values[row->kind].read &&
			!values[row->kind].read(value, field))
			return ack_error_set(e, EINVAL, NULL, "%s=%s: give %s",
				row->name, value,
				ack_text(values[row->kind].give));
		return 0;
	}
}
