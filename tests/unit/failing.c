/* SPDX-License-Identifier: MIT */
#include "failing.h"

#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <search.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS_MAX 100000

/* A server of the test's runs in another thread, and never fails. */
static __thread bool active;
static long left; /* until it fails; 0: it has, or never will */
static bool failed;

static bool fails(void)
{
	if (!active || !left || --left)
		return false;
	failed = true;
	errno = ENOMEM;
	return true;
}

/* The linker gives __real_NAME what NAME was, and __wrap_NAME its callers. */
#define WRAP(type, name, parameters, arguments) \
	type __real_##name parameters;          \
	type __wrap_##name parameters;          \
	type __wrap_##name parameters           \
	{                                       \
		if (fails())                    \
			return FAILURE;         \
		return __real_##name arguments; \
	}

#define FAILURE NULL
WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, realloc, (void *p, size_t size), (p, size))
WRAP(void *, reallocarray, (void *p, size_t n, size_t size), (p, n, size))
WRAP(char *, strdup, (const char *text), (text))
WRAP(void *, tsearch,
	(const void *key, void **root,
		int (*compare)(const void *, const void *)),
	(key, root, compare))
WRAP(FILE *, fdopen, (int fd, const char *mode), (fd, mode))
WRAP(FILE *, fopen, (const char *path, const char *mode), (path, mode))
WRAP(DIR *, opendir, (const char *path), (path))
#undef FAILURE
#define FAILURE -1
WRAP(ssize_t, getline, (char **line, size_t *room, FILE *file),
	(line, room, file))
WRAP(ssize_t, __getdelim, (char **line, size_t *room, int end, FILE *file),
	(line, room, end, file))
WRAP(int, scandirat,
	(int dir, const char *path, struct dirent ***list,
		int (*filter)(const struct dirent *),
		int (*compare)(const struct dirent **, const struct dirent **)),
	(dir, path, list, filter, compare))

int __wrap_asprintf(char **out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int __wrap_asprintf(char **out, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (fails())
		return -1;
	va_start(ap, fmt);
	n = vasprintf(out, fmt, ap);
	va_end(ap);
	return n;
}

int __wrap___asprintf_chk(char **out, int flag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int __wrap___asprintf_chk(char **out, int flag, const char *fmt, ...)
{
	va_list ap;
	int n;

	(void)flag;
	if (fails())
		return -1;
	va_start(ap, fmt);
	n = vasprintf(out, fmt, ap);
	va_end(ap);
	return n;
}

/* SQLite gets its memory where the linker cannot stand between. */
static sqlite3_mem_methods plain;

static void *get(int size)
{
	return fails() ? NULL : plain.xMalloc(size);
}

static void *get_again(void *p, int size)
{
	return fails() ? NULL : plain.xRealloc(p, size);
}

static __attribute__((constructor)) void set_up(void)
{
	sqlite3_mem_methods ours;

	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);
	ours = plain;
	ours.xMalloc = get;
	ours.xRealloc = get_again;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
}

void failing_begin(void)
{
	active = true;
}

void failing_end(void)
{
	active = false;
}

int failing_failed(void)
{
	return failed;
}

void every_allocation(const char *name, int (*scenario)(void *arg), void *arg)
{
	for (long n = 1; n < ROUNDS_MAX; n++) {
		int ret;

		left = n;
		failed = false;
		ret = scenario(arg);
		failing_end();
		left = 0;
		if (!failed) {
			if (ret)
				fail_msg("%s fails by itself: %d", name, ret);
			print_message("%s: %ld allocations\n", name, n - 1);
			/* one that needs none is no test */
			assert_true(n > 1);
			return;
		}
		if (ret != -ENOMEM && ret)
			fail_msg("%s, allocation %ld: %d", name, n, ret);
	}
	fail_msg("%s comes to no end", name);
}
