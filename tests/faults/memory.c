/* SPDX-License-Identifier: MIT */
/*
 * LD_PRELOADed into the daemon: counts its allocations and what is alive of
 * them, and fails those that it is told to, by a page of memory that it shares
 * with the test, the file FAULT_PAGE.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* memory.py has the same. */
struct page {
	uint64_t calls;
	uint64_t at;    /* this call fails; 0: none */
	uint64_t every; /* each call whose number it divides fails; 0: none */
	uint64_t failed;
	uint64_t live, bytes;
};

/* What glibc has behind malloc(3), which needs no search for symbols. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *p);

static struct page before, *page = &before;

__attribute__((constructor)) static void map_page(void)
{
	const char *path = getenv("FAULT_PAGE");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *shared = MAP_FAILED;

	if (fd >= 0)
		shared = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE,
			MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (shared == MAP_FAILED)
		return;
	memcpy(shared, &before, sizeof(before));
	page = shared;
	/* a program that the daemon starts has its own */
	unsetenv("LD_PRELOAD");
}

static void add(uint64_t *to, uint64_t n)
{
	__atomic_add_fetch(to, n, __ATOMIC_SEQ_CST);
}

static bool fails(void)
{
	uint64_t n = __atomic_add_fetch(&page->calls, 1, __ATOMIC_SEQ_CST);

	if (n != page->at && (!page->every || n % page->every))
		return false;
	add(&page->failed, 1);
	errno = ENOMEM;
	return true;
}

static void *born(void *p)
{
	if (p) {
		add(&page->live, 1);
		add(&page->bytes, malloc_usable_size(p));
	}
	return p;
}

static void died(void *p)
{
	if (p) {
		add(&page->live, -1ul);
		add(&page->bytes, -malloc_usable_size(p));
	}
}

void *malloc(size_t size)
{
	return fails() ? NULL : born(__libc_malloc(size));
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : born(__libc_calloc(n, size));
}

void *realloc(void *p, size_t size)
{
	size_t old = p ? malloc_usable_size(p) : 0;
	void *moved;

	if (fails())
		return NULL;
	moved = __libc_realloc(p, size);
	if (p && (moved || !size)) {
		add(&page->live, -1ul);
		add(&page->bytes, -old);
	}
	return born(moved);
}

void *reallocarray(void *p, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, n * size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : born(__libc_memalign(alignment, size));
}

void *memalign(size_t alignment, size_t size)
{
	return aligned_alloc(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	void *p = aligned_alloc(alignment, size);

	if (p)
		*out = p;
	return p ? 0 : ENOMEM;
}

void free(void *p)
{
	died(p);
	__libc_free(p);
}
