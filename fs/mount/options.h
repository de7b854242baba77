/* SPDX-License-Identifier: MIT */
/* argv and environment -> struct options. ackfs(8), OPTIONS. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct ack_error;

enum command {
	COMMAND_MOUNT,
	COMMAND_HAND_OVER, /* mounts, and leaves the rest to the next one */
	COMMAND_RUN,       /* mounts for a command, and makes a mountpoint */
	COMMAND_FAKE,      /* mount -f: all but the mount */
	COMMAND_HELP,
	COMMAND_VERSION,
	COMMAND_SCHEMA
};

struct options {
	enum command command;
	const char *source; /* a region, "sandbox" or a URL; from argv */
	char *mountpoint;   /* absolute */
	char **run;         /* the command and its arguments, of argv */
	char *made;         /* the mountpoint that was made for it */
	bool foreground, debug;
	bool helper; /* mount(8) started it, as mount.ackfs */

	char *region, *endpoint, *endpoint_type, *profile, *account;
	char *state, *ca; /* these texts are NULL when not given */
	int body;         /* an enum ack_form, or -1 */
	long timeout_ms, connect_timeout_ms;
	long patience_ms; /* more for the answer to one that creates */
	long settle_ms;
	bool preflight;
	long refresh_ms;
	double qps;
	long kubeconfig_minutes;
	bool tag;
	bool no_delete;
	bool wait_ready;
	bool read_only;
	bool plain_http;
	bool allow_other;
	long uid, gid, umask; /* -1: not given */
	int log;
	char *mount_options; /* for mount(2) and fusermount3, comma-separated */
};

/*
 * Parses the command line. 0, or -EINVAL with a sentence in `e`. Release it
 * in either case.
 */
int options_parse(
	struct options *o, int argc, char **argv, struct ack_error *e);
void options_release(struct options *o);

/* The text of --help, from the option table. */
void options_help(FILE *out);

/* The table of what may stand after -o; adding an option is adding a row. */

enum option_kind {
	OPTION_TEXT,    /* char *: the text after = */
	OPTION_SECONDS, /* long: decimal seconds, kept as ms */
	OPTION_RATE,    /* double: so many a second */
	OPTION_MINUTES, /* long: as SERVICE.md, Kubeconfig */
	OPTION_DIGITS,  /* char *: a number, of an account */
	OPTION_ONOFF,   /* bool: on or off */
	OPTION_FLAG,    /* bool: no value, true */
	OPTION_BODY,    /* int: an enum ack_form */
	OPTION_LANG,    /* no field: ack_text_language() */
	OPTION_LOG,     /* int: a priority of syslog.h */
	OPTION_ID,      /* long: of a user or a group */
	OPTION_UMASK,   /* long: octal */
	OPTION_REMOUNT, /* refused: nothing of a mount can change */
	OPTION_PASS,    /* handed on to the mount */
	OPTION_IGNORE,  /* means something to mount(8) or systemd only */
};

struct option_row {
	const char *name; /* a trailing * matches any rest */
	enum option_kind kind;
	size_t field;
	const char *argument;
	const char *help; /* NULL: not worth a line in --help */
};

/* The rows in the order of --help; NULL behind the last. */
const struct option_row *option_at(size_t i);

/* The row of a name of `len` bytes, or NULL. */
const struct option_row *option_find(const char *name, size_t len);

/*
 * Sets what the row is about. `opt` is the whole option, `value` what stands
 * after its = or NULL. 0, -ENOMEM, or -EINVAL with a sentence.
 */
int option_set(struct options *o, const struct option_row *row, const char *opt,
	const char *value, struct ack_error *e);

/* Frees every text that an option may have set. */
void option_free_texts(struct options *o);

#endif
