/* SPDX-License-Identifier: MIT */
/* The table of what may stand after -o; adding an option is adding a row. */
#ifndef OPTION_H
#define OPTION_H

#include <stddef.h>

struct ack_error;
struct options;

enum option_kind {
	OPTION_TEXT,    /* char *: the text after = */
	OPTION_SECONDS, /* long: decimal seconds, kept as ms */
	OPTION_RATE,    /* double: so many a second */
	OPTION_MINUTES, /* long: as SERVICE.md, Kubeconfig */
	OPTION_DIGITS,  /* char *: a number, of an account */
	OPTION_ONOFF,   /* bool: on or off */
	OPTION_FLAG,    /* bool: no value, true */
	OPTION_BODY,    /* int: an enum ack_form */
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
