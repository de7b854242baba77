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

/* Each reads the text of a value into its field; false: it is none. */

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

static const struct {
	bool (*read)(const char *text, void *field);
	const char *give;
} values[] = {
	[OPTION_SECONDS] = {seconds, "seconds, more than 0 and at most 86400"},
	[OPTION_RATE] = {rate, "a number above 0, at most 10000"},
	[OPTION_MINUTES] = {minutes, "minutes, 15 to 4320"},
	[OPTION_ONOFF] = {on_off, "on or off"},
	[OPTION_BODY] = {body, "classic or nodepools"},
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
				row->name, value, values[row->kind].give);
		return 0;
	}
}
