/* SPDX-License-Identifier: MIT */
/*
 * A text that open files read and that never changes: it is there once for
 * all that read the same, however often the file is open.
 */
#ifndef SHARED_H
#define SHARED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct guest;

struct shared {
	size_t readers;
	struct ack_buf text;
	struct guest *payer; /* one of the readers; NULL: no guest */
};

/*
 * For one reader, whom it is charged to. It takes over `text`, which is empty
 * then. 0; -ENOMEM or -EMFILE, and `text` stays.
 */
int shared_new(struct ack_buf *text, struct guest *reader, struct shared **out);

bool shared_says(const struct shared *s, const struct ack_buf *text);

/* One reader less; the last takes it away. When that one was charged, `heir`,
 * another reader, is from now on. */
void shared_leave(
	struct shared *s, const struct guest *reader, struct guest *heir);

#endif
