/* SPDX-License-Identifier: MIT */
/* argv and environment -> struct options. ackfs(8), OPTIONS. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

struct ack_error;

enum command {
	COMMAND_MOUNT,
	COMMAND_HAND_OVER, /* mounts, and leaves the rest to the next one */
	COMMAND_FAKE,      /* mount -f: all but the mount */
	COMMAND_HELP,
	COMMAND_VERSION,
	COMMAND_SCHEMA
};

struct options {
	enum command command;
	const char *source; /* a region, "sandbox" or a URL; from argv */
	char *mountpoint;   /* absolute */
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

#endif
