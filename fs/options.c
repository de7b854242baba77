/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "options.h"
#include "params.h"

enum kind {
	TEXT,    /* char *: the text after = */
	SECONDS, /* long: decimal seconds, kept as ms */
	RATE,    /* double: so many a second */
	MINUTES, /* long: what the service allows, ack-api.md 2.15 */
	ONOFF,   /* bool: on or off */
	FLAG,    /* bool: no value, true */
	BODY,    /* int: an enum ack_form */
	PASS,    /* handed on to the mount */
	IGNORE,  /* means something to mount(8) or systemd only */
};

struct option_row {
	const char *name; /* a trailing * matches any rest */
	enum kind kind;
	size_t field;
	const char *argument;
	const char *help; /* NULL: not worth a line in --help */
};

#define FIELD(f) offsetof(struct options, f)

#define IGNORED(name)                       \
	{                                   \
		name, IGNORE, 0, NULL, NULL \
	}

/* clang-format off */
static const struct option_row rows[] = {
	{"region", TEXT, FIELD(region), "ID", "the region, when SOURCE is none"},
	{"endpoint", TEXT, FIELD(endpoint), "URL", "speak to this address"},
	{"profile", TEXT, FIELD(profile), "NAME",
		"keys of this profile of the aliyun CLI"},
	{"body", BODY, FIELD(body), "FORM",
		"classic or nodepools: the form of the request"},
	{"state", TEXT, FIELD(state), "DIR", "the state directory"},
	{"timeout", SECONDS, FIELD(timeout_ms), "SEC",
		"the most a call may take (30)"},
	{"connect_timeout", SECONDS, FIELD(connect_timeout_ms), "SEC",
		"the most connecting may take (5)"},
	{"preflight", ONOFF, FIELD(preflight), "on|off",
		"ask for the name before a commit (on)"},
	{"settle", SECONDS, FIELD(settle_ms), "SEC",
		"after which a lost commit cannot succeed any more (960)"},
	{"refresh", SECONDS, FIELD(refresh_ms), "SEC",
		"how old the list of clusters may be (60)"},
	{"qps", RATE, FIELD(qps), "N",
		"the most calls a second for browsing and polling (5)"},
	{"kubeconfig_minutes", MINUTES, FIELD(kubeconfig_minutes), "MIN",
		"how long a kubeconfig is good for, 15 to 4320"},
	{"no_delete", FLAG, FIELD(no_delete), NULL,
		"delete nothing in the cloud"},
	{"tag", FLAG, FIELD(tag), NULL,
		"mark clusters with the tag ackfs-commit=UUID"},
	{"ca", TEXT, FIELD(ca), "PATH", "certificates to trust, file or directory"},
	{"plain_http", FLAG, FIELD(plain_http), NULL,
		"allow http to addresses that are not loopback"},
	{"ro", FLAG, FIELD(read_only), NULL, "refuse every change"},
	{"allow_other", PASS, 0, NULL, "let other users in"},
	{"default_permissions", PASS, 0, NULL, "let the kernel check modes"},
	{"fsname=*", PASS, 0, NULL, NULL},
	{"nosuid", PASS, 0, NULL, NULL},
	{"nodev", PASS, 0, NULL, NULL},
	{"noexec", PASS, 0, NULL, NULL},
	{"noatime", PASS, 0, NULL, NULL},
	IGNORED("rw"), IGNORED("suid"), IGNORED("dev"), IGNORED("exec"),
	IGNORED("auto"), IGNORED("noauto"), IGNORED("user"), IGNORED("users"),
	IGNORED("nofail"), IGNORED("_netdev"), IGNORED("defaults"), IGNORED("relatime"),
	IGNORED("x-*"), IGNORED("comment=*"),
};
/* clang-format on */

static const struct option_row *row_find(const char *opt, size_t len)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = strlen(rows[i].name);

		if (rows[i].name[n - 1] == '*' &&
			!strncmp(opt, rows[i].name, n - 1))
			return &rows[i];
		if (n == len && !strncmp(opt, rows[i].name, n))
			return &rows[i];
	}
	return NULL;
}

static int seconds(const char *text, long *ms)
{
	char *end;
	double value = isdigit((unsigned char)*text) ? strtod(text, &end) : 0;

	if (value <= 0 || value > 86400 || *end)
		return -EINVAL;
	*ms = (long)(value * 1000);
	return *ms ? 0 : -EINVAL;
}

static int rate(const char *text, double *qps)
{
	char *end;

	*qps = isdigit((unsigned char)*text) ? strtod(text, &end) : 0;
	return *qps > 0 && *qps <= 10000 && !*end ? 0 : -EINVAL;
}

static int minutes(const char *text, long *value)
{
	char *end;

	*value = isdigit((unsigned char)*text) ? strtol(text, &end, 10) : 0;
	return *value >= 15 && *value <= 4320 && !*end ? 0 : -EINVAL;
}

static int pass(struct options *o, const char *opt)
{
	char *joined = NULL;

	if (asprintf(&joined, "%s%s%s",
		    o->mount_options ? o->mount_options : "",
		    o->mount_options ? "," : "", opt) < 0)
		return -ENOMEM;
	free(o->mount_options);
	o->mount_options = joined;
	return 0;
}

static int text(char **field, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*field);
	*field = copy;
	return 0;
}

static int option_apply(struct options *o, const char *opt, struct ack_error *e)
{
	const char *eq = strchr(opt, '=');
	const char *value = eq ? eq + 1 : NULL;
	const struct option_row *row = row_find(
		opt, eq ? (size_t)(eq - opt) : strlen(opt));
	char *field;

	if (!row)
		return ack_error_set(e, EINVAL, NULL,
			"unknown option %s; ackfs --help lists them", opt);
	if (row->kind < FLAG || row->kind == BODY) {
		if (!value || !*value)
			return ack_error_set(e, EINVAL, NULL,
				"option %s needs a value: %s=%s", row->name,
				row->name, row->argument);
	} else if (value && row->kind == FLAG) {
		return ack_error_set(
			e, EINVAL, NULL, "option %s takes no value", row->name);
	}
	field = (char *)o + row->field;
	switch (row->kind) {
	case TEXT:
		return text((char **)(void *)field, value);
	case SECONDS:
		if (seconds(value, (long *)(void *)field))
			return ack_error_set(e, EINVAL, NULL,
				"%s=%s: give seconds, more than 0 and at most "
				"86400",
				row->name, value);
		return 0;
	case RATE:
		if (rate(value, (double *)(void *)field))
			return ack_error_set(e, EINVAL, NULL,
				"%s=%s: give a number above 0, at most 10000",
				row->name, value);
		return 0;
	case MINUTES:
		if (minutes(value, (long *)(void *)field))
			return ack_error_set(e, EINVAL, NULL,
				"%s=%s: give minutes, 15 to 4320", row->name,
				value);
		return 0;
	case ONOFF:
		if (strcmp(value, "on") && strcmp(value, "off"))
			return ack_error_set(e, EINVAL, NULL,
				"%s=%s: give on or off", row->name, value);
		*(bool *)(void *)field = !strcmp(value, "on");
		return 0;
	case BODY:
		if (strcmp(value, "classic") && strcmp(value, "nodepools"))
			return ack_error_set(e, EINVAL, NULL,
				"body=%s: give classic or nodepools", value);
		*(int *)(void *)field = *value == 'c' ? ACK_CLASSIC
						      : ACK_NODEPOOLS;
		return 0;
	case FLAG:
		*(bool *)(void *)field = true;
		return 0;
	case PASS:
		return pass(o, opt);
	case IGNORE:
		return 0;
	}
	return 0;
}

static int list_apply(struct options *o, const char *list, struct ack_error *e)
{
	char *copy = strdup(list), *rest = copy, *opt;
	int ret = copy ? 0 : -ENOMEM;

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
		return ack_error_set(
			e, errno, NULL, "the current directory cannot be told");
	return asprintf(&o->mountpoint, "%s%s%.*s", cwd, *cwd ? "/" : "",
		       (int)len, arg) < 0
		       ? -ENOMEM
		       : 0;
}

int options_parse(struct options *o, int argc, char **argv, struct ack_error *e)
{
	const char *place = NULL;
	int ret = 0;

	*o = (struct options){.body = -1,
		.timeout_ms = 30000,
		.connect_timeout_ms = 5000,
		.settle_ms = 960000,
		.refresh_ms = 60000,
		.qps = 5,
		.preflight = true};
	ack_error_clear(e);
	for (int i = 1; i < argc && !ret; i++) {
		const char *a = argv[i];

		if (!strcmp(a, "-h") || !strcmp(a, "--help"))
			o->command = COMMAND_HELP;
		else if (!strcmp(a, "-V") || !strcmp(a, "--version"))
			o->command = COMMAND_VERSION;
		else if (!strcmp(a, "--schema"))
			o->command = COMMAND_SCHEMA;
		else if (!strcmp(a, "-f"))
			o->foreground = true;
		else if (!strcmp(a, "-d"))
			o->foreground = o->debug = true;
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
		else if (!place)
			place = a;
		else
			ret = ack_error_set(e, EINVAL, NULL,
				"one argument too many: %s", a);
	}
	if (ret || o->command != COMMAND_MOUNT)
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
	free(o->region);
	free(o->endpoint);
	free(o->profile);
	free(o->state);
	free(o->ca);
	free(o->mount_options);
}

void options_help(FILE *out)
{
	fputs("usage: ackfs SOURCE MOUNTPOINT [-f] [-d] [-o OPTION,...]\n"
	      "       ackfs --schema | --version | --help\n\n"
	      "SOURCE is a region (cn-beijing), the word sandbox, or the URL "
	      "of "
	      "an endpoint.\n"
	      "Unmount with: fusermount3 -u MOUNTPOINT\n\n"
	      "  -f                      stay in the foreground, log to "
	      "stderr\n"
	      "  -d                      the same, and tell every request\n",
		out);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct option_row *r = &rows[i];
		int width = 0;

		if (!r->help)
			continue;
		fprintf(out, "  -o %s%s%s%n", r->name, r->argument ? "=" : "",
			r->argument ? r->argument : "", &width);
		fprintf(out, "%*s%s\n", width < 25 ? 26 - width : 1, "",
			r->help);
	}
}
