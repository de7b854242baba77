/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a cluster directory, as JSON. Secrets are left out. On
 * disk there are only three kinds of record: a draft, an intent (a POST may
 * have left; its outcome is not recorded) and a cluster that exists.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stddef.h>

struct ack_buf;
struct ack_error;
struct object;

/* 0 or -ENOMEM. */
int record_write(const struct object *o, struct ack_buf *out);

/*
 * Fills a new directory from its record. -EINVAL with a sentence when it is
 * not a whole and sound record of a directory of that name.
 */
int record_read(
	struct object *o, const char *text, size_t len, struct ack_error *e);

#endif
