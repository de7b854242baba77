/* SPDX-License-Identifier: MIT */
/* Memory that is taken bit by bit, and goes all at once. */
#ifndef ACK_ARENA_H
#define ACK_ARENA_H

#include <stddef.h>

struct ack_chunk;

struct ack_arena {
	struct ack_chunk *chunks; /* NULL: nothing was taken */
};

/* Aligned for anything, unset; NULL: no memory. */
void *ack_arena_take(struct ack_arena *a, size_t size);

/* Wipes and frees all of it, also where `a` itself lies in it. */
void ack_arena_free(struct ack_arena *a);

#endif
