/* SPDX-License-Identifier: MIT */
#include "wipe.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void ack_wipe_free(void *p)
{
	if (!p)
		return;
	explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

void *ack_wipe_realloc(void *p, size_t size)
{
	size_t old = p ? malloc_usable_size(p) : 0;
	void *moved = malloc(size);

	if (moved && p) {
		memcpy(moved, p, old < size ? old : size);
		ack_wipe_free(p);
	}
	return moved;
}
