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
#include <sys/queue.h>
#include <sys/types.h>

struct fleet;
struct guest;
struct node;

struct listing_entry {
	uint64_t ino;
	mode_t mode;
	size_t name; /* offset into the text */
};

/* What does not change any more is there once. */
struct listing_names {
	size_t listings;
	struct guest *payer; /* one of them; NULL: no guest */
	struct listing_entry *entries;
	size_t count, cap;
	char *text;
	size_t len, room;
	int err;
};

struct listing {
	LIST_ENTRY(listing) entry; /* in fleet.listings */
	struct fleet *fleet;
	uint64_t dir;
	struct guest *guest; /* who opened it, or NULL: the owner */
	bool read;           /* something of it was handed out already */
	struct listing_names *names; /* with others who list the same */
};

/* 0, or a negative errno: -ENOMEM, -EMFILE (guest.h). "." and ".." come first.
 * Stands in the listings of its fleet until it is freed. */
int listing_open(const struct node *dir, uid_t uid, struct listing **out);
void listing_free(struct listing *l);

/* rewinddir(3): the names it has now. The same errors. */
int listing_rewind(struct listing *l, const struct node *dir);

#endif
