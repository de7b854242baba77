/* SPDX-License-Identifier: MIT */
#include "base/vault.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/wipe.h"

#define SIZE_MOST  (256u << 10)
#define SIZE_LEAST (16u << 10)
#define ALIGN      16u

/* Blocks follow each other without a gap. */
struct block {
	size_t size; /* with this head */
	size_t used; /* 0: free */
};
_Static_assert(sizeof(struct block) % ALIGN == 0, "what follows is aligned");

static struct {
	char *from, *to;
	bool tried;
} vault;

/* Also when nothing can be locked: a dump of it would be as bad. */
static void make(void)
{
	size_t size = SIZE_MOST;
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	vault.tried = true;
	if (at == MAP_FAILED)
		return;
	madvise(at, size, MADV_DONTDUMP);
	while (mlock(at, size) && size > SIZE_LEAST)
		size /= 2;
	if (size < SIZE_MOST)
		munmap(at + size, SIZE_MOST - size);
	vault.from = at;
	vault.to = at + size;
	*(struct block *)(void *)at = (struct block){.size = size};
}

static struct block *after(struct block *b)
{
	return (struct block *)(void *)((char *)b + b->size);
}

static bool is_end(const struct block *b)
{
	return (const char *)b == vault.to;
}

/* With all of the free ones that follow it. */
static void gather(struct block *b)
{
	while (!is_end(after(b)) && !after(b)->used)
		b->size += after(b)->size;
}

static void split(struct block *b, size_t need)
{
	size_t rest = b->size - need;

	if (rest < 2 * sizeof(*b))
		return;
	b->size = need;
	*after(b) = (struct block){.size = rest};
}

void *ack_vault_alloc(size_t size)
{
	size_t need = sizeof(struct block) + (size + ALIGN - 1) / ALIGN * ALIGN;

	if (!vault.tried)
		make();
	if (!vault.from || size > SIZE_MOST)
		return malloc(size);
	for (struct block *b = (struct block *)(void *)vault.from; !is_end(b);
		b = after(b)) {
		if (b->used)
			continue;
		gather(b);
		if (b->size < need)
			continue;
		split(b, need);
		b->used = 1;
		return b + 1;
	}
	return malloc(size);
}

char *ack_vault_copy(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = ack_vault_alloc(size);

	return copy ? memcpy(copy, text, size) : NULL;
}

bool ack_vault_holds(const void *p)
{
	return (uintptr_t)p >= (uintptr_t)vault.from &&
	       (uintptr_t)p < (uintptr_t)vault.to;
}

size_t ack_vault_size(const void *p)
{
	const struct block *b = p;

	return b[-1].size - sizeof(*b);
}

void ack_vault_free(void *p)
{
	struct block *b;

	if (!ack_vault_holds(p)) {
		ack_wipe_free(p);
		return;
	}
	b = (struct block *)p - 1;
	explicit_bzero(p, b->size - sizeof(*b));
	b->used = 0;
}
