/* SPDX-License-Identifier: MIT */
/*
 * The kernel keeps one size and one set of pages for each inode number, and
 * splice(2), sendfile(2) and mmap(2) read by them. Open files that read
 * different texts must not share them. So an inode has further numbers, its
 * aliases: who would change what another open file reads is sent to look the
 * name up once more (ESTALE, which the kernel does by itself), and gets an
 * alias that nobody has open. stat(2) shows the same inode number for all.
 */
#ifndef ALIAS_H
#define ALIAS_H

#include <stdbool.h>
#include <stdint.h>

#include "node.h"

struct handle;

static inline unsigned alias_of(uint64_t number)
{
	return (unsigned)(number >> NODE_INO_BITS);
}

static inline uint64_t alias_ino(uint64_t number)
{
	return number & ((1ull << NODE_INO_BITS) - 1);
}

static inline uint64_t alias_number(uint64_t ino, unsigned alias)
{
	return ino | (uint64_t)alias << NODE_INO_BITS;
}

/* Whether an open with these flags of open(2) would change what is read
 * through that alias, or read what is not its own. All that have the file open
 * are left alone from then on. */
bool alias_clashes(const struct node *n, unsigned alias, int flags);

/* What a name is to lead to, when the kernel is told that size of it. */
unsigned alias_choose(const struct node *n, int64_t size);

/* One that nobody has open. */
unsigned alias_free(const struct node *n);

/* The size of what open files read through that alias, which the kernel is to
 * keep; that of the file where there are none. */
int64_t alias_size(const struct node *n, unsigned alias, int64_t file);

/* Whether h is the only one that reads through its alias: no page of it can be
 * locked, so the kernel may be told the size. */
bool alias_alone(const struct handle *h);

#endif
