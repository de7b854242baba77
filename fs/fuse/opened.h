/* SPDX-License-Identifier: MIT */
/*
 * The open files of a mount by their inode, so that what is done for one file
 * takes no longer when many others are open.
 */
#ifndef OPENED_H
#define OPENED_H

#include <stdint.h>

struct handle;
struct opened;

/* What was opened last under that number; h->older is the one before. */
struct handle *opened_first(const struct opened *all, uint64_t ino);

/* h->ino says where. 0 or -ENOMEM. */
int opened_add(struct opened *all, struct handle *h);
void opened_remove(struct opened *all, struct handle *h);

#endif
