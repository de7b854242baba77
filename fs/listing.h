/* SPDX-License-Identifier: MIT */
/*
 * An open directory: the names it had when it was opened, so that readdir
 * with seeks neither repeats nor skips one.
 */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct node;

struct listing_entry {
	uint64_t ino;
	mode_t mode;
	size_t name; /* offset into names */
};

struct listing {
	struct listing *next, **link; /* in fleet.listings */
	bool read; /* something of it was handed out already */
	struct listing_entry *entries;
	size_t count, cap;
	char *names;
	size_t len, room;
	int err;
};

/* NULL when memory is short. "." and ".." come first. Stands in the listings of
 * its fleet until it is freed. */
struct listing *listing_open(const struct node *dir);
void listing_free(struct listing *l);

/* rewinddir(3): the names it has now. 0 or -ENOMEM. */
int listing_rewind(struct listing *l, const struct node *dir);

#endif
