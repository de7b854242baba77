/* SPDX-License-Identifier: MIT */
/*
 * The numbers that the kernel knows an inode by. It keeps one size and one set
 * of pages for each number, and splice(2), sendfile(2) and mmap(2) read by
 * them, so open files that read different texts must not share one. An inode
 * has further numbers for that, its aliases: who would change what another open
 * file reads is sent to look the name up once more (ESTALE, which the kernel
 * does by itself), and gets an alias that nobody has open. stat(2) shows the
 * same inode number for all.
 *
 * The kernel also goes on with a number under another name when a file is
 * renamed, and takes its answers for those of that name. So what a parameter
 * was known by before it was renamed leads to the new file from then on.
 */
#ifndef ALIAS_H
#define ALIAS_H

#include <stdbool.h>
#include <stdint.h>

#include "tree/node.h"

struct handle;
struct object;

/* Whether an open by that number, with these flags of open(2), would change
 * what is read by it, or read what is not its own. All that have the file open
 * are left alone from then on. */
bool alias_clashes(const struct node *n, uint64_t number, int flags);

/* What a name is to lead to, when the kernel gets that size of it. */
uint64_t alias_choose(const struct node *n, int64_t size);

/* One that nobody has open. */
uint64_t alias_free(const struct node *n);

/* The size of what open files read by that number, which the kernel is to keep;
 * that of the file where there are none. */
int64_t alias_size(const struct node *n, uint64_t number, int64_t file);

/* Whether h is the only one that reads by its number: no page of it can be
 * locked, so the kernel may get the size. */
bool alias_alone(const struct handle *h);

/* rename(2): what leads to n leads to that row of its directory from now on.
 * 0, or -ENOMEM. */
int alias_rename(const struct node *n, unsigned row);

/* Nothing leads there any more but its own numbers, and those by which it is
 * open. */
void alias_unlink(struct object *o, unsigned row);

#endif
