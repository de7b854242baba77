/* SPDX-License-Identifier: MIT */
#include "http/reserve.h"

#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/vault.h"

#define SIZE (4u << 20) /* costs nothing before it is used */
#define HEAD 64u        /* bytes, at most, of libcurl's before a buffer */

struct block {
	size_t size;
	_Alignas(max_align_t) char data[];
};

/* Blocks one behind the other. What is freed can be used again when nothing
 * behind it is in use. */
static _Alignas(max_align_t) char reserve[SIZE];
static size_t used, blocks;
/* libcurl looks names up in threads */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool is_ours(const void *p)
{
	uintptr_t at = (uintptr_t)p, first = (uintptr_t)reserve;

	return at >= first && at < first + SIZE;
}

static struct block *block_of(void *p)
{
	return (struct block *)(void *)((char *)p -
					offsetof(struct block, data));
}

static size_t room_for(size_t size)
{
	size_t unit = _Alignof(max_align_t);

	return offsetof(struct block, data) + (size + unit - 1) / unit * unit;
}

static void *take(size_t size)
{
	struct block *b;
	void *p = NULL;

	if (size > SIZE / 2)
		return NULL;
	pthread_mutex_lock(&lock);
	if (room_for(size) <= SIZE - used) {
		b = (struct block *)(void *)(reserve + used);
		b->size = size;
		used += room_for(size);
		blocks++;
		p = b->data;
	}
	pthread_mutex_unlock(&lock);
	return p;
}

static void give_back(void *p)
{
	struct block *b = block_of(p);
	size_t at = (size_t)((char *)b - reserve);

	explicit_bzero(b->data, b->size);
	pthread_mutex_lock(&lock);
	if (at + room_for(b->size) == used)
		used = at;
	if (!--blocks)
		used = 0;
	pthread_mutex_unlock(&lock);
}

static bool is_secret(size_t size)
{
	return size >= ACK_RESERVE_SECRET && size <= ACK_RESERVE_SECRET + HEAD;
}

void *ack_reserve_malloc(size_t size)
{
	void *p = is_secret(size) ? ack_vault_alloc(size) : malloc(size);

	return p ? p : take(size);
}

void *ack_reserve_calloc(size_t n, size_t size)
{
	void *p = NULL;

	if (!size || n <= SIZE_MAX / size)
		p = ack_reserve_malloc(n * size);
	return p ? memset(p, 0, n * size) : NULL;
}

static size_t size_of(void *p)
{
	return is_ours(p)           ? block_of(p)->size
	       : ack_vault_holds(p) ? ack_vault_size(p)
				    : malloc_usable_size(p);
}

/* Not by realloc(3), which may leave the old text behind. */
void *ack_reserve_realloc(void *p, size_t size)
{
	size_t old = p ? size_of(p) : 0;
	void *moved = ack_reserve_malloc(size);

	if (moved && p) {
		memcpy(moved, p, old < size ? old : size);
		ack_reserve_free(p);
	}
	return moved;
}

char *ack_reserve_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = ack_reserve_malloc(size);

	return copy ? memcpy(copy, text, size) : NULL;
}

void ack_reserve_free(void *p)
{
	if (p && is_ours(p))
		give_back(p);
	else
		ack_vault_free(p);
}

bool ack_reserve_low(void)
{
	bool low;

	pthread_mutex_lock(&lock);
	low = used > SIZE / 4;
	pthread_mutex_unlock(&lock);
	return low;
}
