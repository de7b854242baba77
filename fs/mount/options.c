/* SPDX-License-Identifier: MIT */
#include "mount/options.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/error.h"
#include "mount/option.h"

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
	int ret = copy ? 0 : ack_error_set(e, ENOMEM, NULL, "out of memory");

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
	if (asprintf(&o->mountpoint, "%s%s%.*s", cwd, *cwd ? "/" : "", (int)len,
		    arg) >= 0)
		return 0;
	o->mountpoint = NULL;
	return ack_error_set(e, ENOMEM, NULL, "out of memory");
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

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
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
		else if (!*place)
			*place = a;
		else
			ret = ack_error_set(e, EINVAL, NULL,
				"one argument too many: %s", a);
	}
	return ret;
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
	ret = words_apply(o, argc, argv, &place, e);
	if (o->debug)
		o->log = LOG_DEBUG;
	if (!o->timeout_ms) {
		o->timeout_ms = 30000;
		o->patience_ms = 30000;
	}
	if (ret || o->command > COMMAND_FAKE)
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
	free(o->mount_options);
	option_free_texts(o);
}
