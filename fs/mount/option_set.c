/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "keys/whose.h"
#include "model/log.h"
#include "mount/option.h"
#include "mount/options.h"
#include "params/params.h"

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

static int whole(const char *text, int base, long most, long *value)
{
	char *end;

	*value = isdigit((unsigned char)*text) ? strtol(text, &end, base) : -1;
	return *value >= 0 && *value <= most && !*end ? 0 : -EINVAL;
}

static int pass(struct options *o, const char *opt, struct ack_error *e)
{
	char *joined = NULL;

	if (asprintf(&joined, "%s%s%s",
		    o->mount_options ? o->mount_options : "",
		    o->mount_options ? "," : "", opt) < 0)
		return ack_error_set(e, ENOMEM, NULL, "out of memory");
	free(o->mount_options);
	o->mount_options = joined;
	return 0;
}

static int text(char **field, const char *value, struct ack_error *e)
{
	char *copy = strdup(value);

	if (!copy)
		return ack_error_set(e, ENOMEM, NULL, "out of memory");
	free(*field);
	*field = copy;
	return 0;
}

static bool has_word(enum option_kind kind)
{
	return kind == OPTION_BODY || kind == OPTION_LOG || kind == OPTION_ID ||
	       kind == OPTION_UMASK;
}

int option_set(struct options *o, const struct option_row *row, const char *opt,
	const char *value, struct ack_error *e)
{
	char *field;

	if (row->kind < OPTION_FLAG || has_word(row->kind)) {
		if (!value || !*value)
			return ack_error_set(e, EINVAL, NULL,
				"option %s needs a value: %s=%s", row->name,
				row->name, row->argument);
	} else if (value && row->kind == OPTION_FLAG) {
		return ack_error_set(
			e, EINVAL, NULL, "option %s takes no value", row->name);
	}
	field = (char *)o + row->field;
	switch (row->kind) {
	case OPTION_TEXT:
		return text((char **)(void *)field, value, e);
	case OPTION_DIGITS:
		if (!ack_account_valid(value))
			return ack_error_set(e, EINVAL, NULL,
				"%s=%s: give the number of the account, as "
				"live/account and the console show it",
				row->name, value);
		return text((char **)(void *)field, value, e);
	case OPTION_SECONDS:
		if (seconds(value, (long *)(void *)field))
			return ack_error_set(e, EINVAL, NULL,
				"%s=%s: give seconds, more than 0 and at most "
				"86400",
				row->name, value);
		return 0;
	case OPTION_RATE:
		if (rate(value, (double *)(void *)field))
			return ack_error_set(e, EINVAL, NULL,
				"%s=%s: give a number above 0, at most 10000",
				row->name, value);
		return 0;
	case OPTION_MINUTES:
		if (minutes(value, (long *)(void *)field))
			return ack_error_set(e, EINVAL, NULL,
				"%s=%s: give minutes, 15 to 4320", row->name,
				value);
		return 0;
	case OPTION_ONOFF:
		if (strcmp(value, "on") && strcmp(value, "off"))
			return ack_error_set(e, EINVAL, NULL,
				"%s=%s: give on or off", row->name, value);
		*(bool *)(void *)field = !strcmp(value, "on");
		return 0;
	case OPTION_BODY:
		if (strcmp(value, "classic") && strcmp(value, "nodepools"))
			return ack_error_set(e, EINVAL, NULL,
				"body=%s: give classic or nodepools", value);
		*(int *)(void *)field = *value == 'c' ? ACK_CLASSIC
						      : ACK_NODEPOOLS;
		return 0;
	case OPTION_LOG:
		*(int *)(void *)field = log_level(value);
		if (log_level(value) < 0)
			return ack_error_set(e, EINVAL, NULL,
				"log=%s: give error, warning, info or debug",
				value);
		return 0;
	case OPTION_ID:
		/* the last one is no ID, but "as it is" */
		if (whole(value, 10, 4294967294, (long *)(void *)field))
			return ack_error_set(e, EINVAL, NULL,
				"%s=%s: give a number, as id(1) prints it",
				row->name, value);
		return 0;
	case OPTION_UMASK:
		if (whole(value, 8, 0777, (long *)(void *)field))
			return ack_error_set(e, EINVAL, NULL,
				"umask=%s: give an octal number, 0 to 777",
				value);
		return 0;
	case OPTION_FLAG:
		*(bool *)(void *)field = true;
		return 0;
	case OPTION_REMOUNT:
		return ack_error_set(e, EINVAL, NULL,
			"the options of a mount cannot be changed: unmount it "
			"with fusermount3 -u MOUNTPOINT, then mount it again "
			"with the new ones; drafts and edits are kept");
	case OPTION_PASS:
		return pass(o, opt, e);
	case OPTION_IGNORE:
		return 0;
	}
	return 0;
}
