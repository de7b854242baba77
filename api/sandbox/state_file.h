/* SPDX-License-Identifier: MIT */
/*
 * A file of lines that only grows, so that a line costs the same however
 * many there are. A line counts once its line end is written; what a crash
 * left behind without one is cut off at the next start.
 */
#ifndef SANDBOX_STATE_FILE_H
#define SANDBOX_STATE_FILE_H

#include <stddef.h>
#include <sys/types.h>

struct ack_buf;
struct ack_error;

struct state_file {
	int fd; /* -1: nothing is kept */
	off_t len;
};

#define STATE_FILE_INIT  \
	{                \
		.fd = -1 \
	}

typedef int (*state_line_fn)(
	void *arg, const char *line, size_t len, struct ack_error *e);

/*
 * Opens or makes the file, locks it against a second sandbox, and hands over
 * every line. `e` names the file and the line.
 */
int state_file_open(struct state_file *f, const char *path, state_line_fn line,
	void *arg, struct ack_error *e);
void state_file_close(struct state_file *f);

/* Adds a line, line end included: all of it or nothing. */
int state_file_append(
	struct state_file *f, const struct ack_buf *line, struct ack_error *e);

#endif
