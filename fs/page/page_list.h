/* SPDX-License-Identifier: MIT */
/*
 * What is shown first: the directories of a fleet in groups, those that
 * somebody should look at before those that run, and how many there are of
 * each state.
 */
#ifndef PAGE_LIST_H
#define PAGE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct ack_buf;
struct fleet;
struct object;

enum page_group {
	PAGE_ATTENTION, /* it ended badly, or nobody knows how */
	PAGE_PROGRESS,
	PAGE_DRAFTS,
	PAGE_RUNNING,
	PAGE_OTHER, /* at rest in another way: disconnected */
	PAGE_GROUPS
};

struct page_entry {
	struct object *object;
	enum page_group group;
	bool error; /* its `error` says what is not over */
};

#define PAGE_WORDS 6

/* A state's own word, and how many are in it. */
struct page_word {
	const char *word; /* of an object, or the program */
	size_t count;
};

struct page_list {
	struct page_entry *entries; /* sorted */
	size_t count;
	size_t groups[PAGE_GROUPS];
	size_t faulty; /* drafts with an error */
	bool regions;  /* not all are of the region of the mount */
	/* the most of each group; the rest has count 0 */
	struct page_word words[PAGE_GROUPS][PAGE_WORDS];
};

/* False: no memory. What it points to lasts until something changes. */
bool page_list_make(struct fleet *f, struct page_list *out);
void page_list_free(struct page_list *l);

/* One directory of the list, as a row of the table. */
void page_row(const struct page_list *l, const struct page_entry *e,
	struct ack_buf *out);

#endif
