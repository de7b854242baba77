/* SPDX-License-Identifier: MIT */
/* The states that a model can reach, each once, in the order of their reach. */
#ifndef SPACE_H
#define SPACE_H

#include <stddef.h>

struct space {
	size_t size; /* of a state, which is plain bytes without gaps */
	size_t count;
	unsigned char *states;
	size_t *table;
};

/* Forgets all; ends the program when memory is short. */
void space_begin(struct space *s, size_t size);
void space_reach(struct space *s, const void *state);
void space_get(const struct space *s, size_t i, void *state);
void space_end(struct space *s);

#endif
