/* SPDX-License-Identifier: MIT */
/*
 * Small files that hold keys or tokens: read whole, and remembered, so that
 * it shows later whether one of them has changed.
 */
#ifndef ACK_KEYFILE_H
#define ACK_KEYFILE_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

struct ack_buf;

#define ACK_KEYFILES_MAX 8
#define ACK_KEYFILE_SIZE (1u << 20) /* bytes; what is longer is refused */

/* A file as it was when it was read. */
struct ack_keyfile {
	char *path;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec written, changed; /* mtime, ctime */
};

struct ack_keyfiles {
	struct ack_keyfile of[ACK_KEYFILES_MAX];
	unsigned n;
	char warning[256]; /* of one that others can read, or "" */
};

/*
 * Appends the contents of a regular file to `text`, which is the caller's to
 * wipe, and remembers the file. Opening never waits. 0, or a negative errno
 * with a reason appended to `why`: -ENOENT, -EACCES, -EFBIG, -EINVAL for what
 * is not a regular file, -EPERM for what others could have written, -EPROTO for
 * UTF-16, … A byte-order mark of UTF-8 is left out.
 */
int ack_keyfile_read(struct ack_keyfiles *files, const char *path,
	struct ack_buf *text, struct ack_buf *why);

/*
 * Whether any of them is another file now, or was written to; true once for
 * each change. One that is gone has not changed: it may be about to be
 * replaced.
 */
bool ack_keyfiles_changed(struct ack_keyfiles *files);

/* Moves what is remembered; *from is empty afterwards. */
void ack_keyfiles_move(struct ack_keyfiles *to, struct ack_keyfiles *from);

/* Forgets them all. */
void ack_keyfiles_release(struct ack_keyfiles *files);

#endif
