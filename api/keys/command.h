/* SPDX-License-Identifier: MIT */
/* A command line split into arguments without a shell. */
#ifndef ACK_COMMAND_H
#define ACK_COMMAND_H

#define ACK_COMMAND_ARGS 64

/* The arguments; all of them lie in `text`. */
struct ack_command {
	char *argv[ACK_COMMAND_ARGS + 1]; /* NULL-terminated */
	char *text;
};

/*
 * Blanks separate, quotes hold together, a backslash takes the next character
 * as it is; within double quotes it does so for " \ $ and ` only, within
 * single quotes never: as the SDKs split process_command on Unix. Nothing is
 * expanded. NULL, or why not: a constant sentence that quotes nothing.
 * Release it in either case.
 */
const char *ack_command_split(struct ack_command *c, const char *line);

/* Wipes and frees. */
void ack_command_release(struct ack_command *c);

#endif
