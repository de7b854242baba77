/* SPDX-License-Identifier: MIT */
#include "space.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 4000000

static void fail(const char *why)
{
	fprintf(stderr, "%s\n", why);
	exit(2);
}

static size_t hash(const unsigned char *p, size_t size)
{
	size_t h = 1469598103934665603u;

	for (size_t i = 0; i < size; i++)
		h = (h ^ p[i]) * 1099511628211u;
	return h;
}

void space_begin(struct space *s, size_t size)
{
	space_end(s);
	s->size = size;
	s->count = 0;
	s->states = malloc(MOST * size);
	s->table = calloc(2 * MOST, sizeof(*s->table));
	if (!s->states || !s->table)
		fail("out of memory");
}

void space_reach(struct space *s, const void *state)
{
	size_t at = hash(state, s->size) % (2 * MOST);

	for (; s->table[at]; at = (at + 1) % (2 * MOST))
		if (!memcmp(s->states + (s->table[at] - 1) * s->size, state,
			    s->size))
			return;
	if (s->count == MOST)
		fail("too many states");
	memcpy(s->states + s->count * s->size, state, s->size);
	s->table[at] = ++s->count;
}

void space_get(const struct space *s, size_t i, void *state)
{
	memcpy(state, s->states + i * s->size, s->size);
}

void space_end(struct space *s)
{
	free(s->states);
	free(s->table);
	s->states = NULL;
	s->table = NULL;
}
