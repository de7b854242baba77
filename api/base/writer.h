/* SPDX-License-Identifier: MIT */
/* Who besides this user and root can put another file in the place of one. */
#ifndef ACK_WRITER_H
#define ACK_WRITER_H

#include <limits.h>

enum ack_writers {
	ACK_WRITER_NOBODY,
	ACK_WRITER_GROUP,
	ACK_WRITER_USER,
	ACK_WRITER_EVERYBODY,
	ACK_WRITER_UNKNOWN, /* it cannot be examined: err */
};

struct ack_writer {
	enum ack_writers who;
	long id; /* of the group or the user */
	int err;
	char path[PATH_MAX]; /* the directory that lets them */
};

/*
 * Reports each directory above `path`, and above what it leads to as a link,
 * that lets somebody in, and one that cannot be examined. A report that
 * returns non-zero is the last, and that is what this returns; else 0.
 */
typedef int (*ack_writer_fn)(void *arg, const struct ack_writer *w);
int ack_writer_above(const char *path, ack_writer_fn report, void *arg);

#endif
