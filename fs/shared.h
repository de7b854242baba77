/* SPDX-License-Identifier: MIT */
/*
 * A text that open files read and that never changes: it is there once for
 * all that read the same, however often the file is open.
 */
#ifndef SHARED_H
#define SHARED_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

struct shared {
	size_t readers;
	struct ack_buf text;
};

/* For one reader. It takes over `text`, which is empty then; NULL: memory is
 * short, and `text` stays. */
struct shared *shared_new(struct ack_buf *text);

bool shared_says(const struct shared *s, const struct ack_buf *text);

/* One reader less, of NULL too; the last takes it away. */
void shared_leave(struct shared *s);

#endif
