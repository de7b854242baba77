/* SPDX-License-Identifier: MIT */
#include "fuse/opened.h"

#include <errno.h>
#include <search.h>
#include <stddef.h>

#include "fuse/handle.h"
#include "model/fleet.h"

/* The tree knows an inode by the number in the first of its handles. */
static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static struct handle *handle_of(uint64_t *ino)
{
	return (void *)((char *)ino - offsetof(struct handle, ino));
}

struct handle *opened_first(const struct opened *all, uint64_t ino)
{
	uint64_t **found = tfind(&ino, (void *const *)&all->by_ino, by_number);

	return found ? handle_of(*found) : NULL;
}

int opened_add(struct opened *all, struct handle *h)
{
	uint64_t **found = tsearch(&h->ino, (void **)&all->by_ino, by_number);

	if (!found)
		return -ENOMEM;
	h->older = *found == &h->ino ? NULL : handle_of(*found);
	h->newer = NULL;
	if (h->older)
		h->older->newer = h;
	*found = &h->ino;
	return 0;
}

void opened_remove(struct opened *all, struct handle *h)
{
	if (h->older)
		h->older->newer = h->newer;
	if (h->newer)
		h->newer->older = h->older;
	else if (h->older)
		*(uint64_t **)tfind(&h->ino, (void *const *)&all->by_ino,
			by_number) = &h->older->ino;
	else
		tdelete(&h->ino, (void **)&all->by_ino, by_number);
}
