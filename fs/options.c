/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "option.h"

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
	free(o->mount_options);
	option_free_texts(o);
}
