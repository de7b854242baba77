/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A small answer takes little; a large one takes few chunks. */
#define SMALLEST 2048
#define LARGEST  65536

struct ack_chunk {
	struct ack_chunk *next; /* older */
	size_t size, used;
	_Alignas(max_align_t) char data[];
};

static struct ack_chunk *add_chunk(struct ack_arena *a, size_t least)
{
	size_t size = a->chunks ? a->chunks->size * 2 : SMALLEST;
	struct ack_chunk *c;

	if (size > LARGEST)
		size = LARGEST;
	if (size < least)
		size = least;
	c = malloc(sizeof(*c) + size);
	if (!c)
		return NULL;
	*c = (struct ack_chunk){.next = a->chunks, .size = size};
	a->chunks = c;
	return c;
}

void *ack_arena_take(struct ack_arena *a, size_t size)
{
	const size_t unit = _Alignof(max_align_t);
	struct ack_chunk *c = a->chunks;
	char *taken;

	if (size > PTRDIFF_MAX) /* nor would malloc(3) */
		return NULL;
	size = (size + unit - 1) / unit * unit;
	if (!c || size > c->size - c->used)
		c = add_chunk(a, size);
	if (!c)
		return NULL;
	taken = c->data + c->used;
	c->used += size;
	return taken;
}

void ack_arena_free(struct ack_arena *a)
{
	struct ack_chunk *next = a->chunks;

	a->chunks = NULL;
	while (next) {
		struct ack_chunk *c = next;

		next = c->next;
		explicit_bzero(c->data, c->used);
		free(c);
	}
}
