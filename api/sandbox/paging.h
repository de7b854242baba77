/* SPDX-License-Identifier: MIT */
/* Lists that are answered page by page. */
#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

#include <stdbool.h>
#include <stdint.h>

struct ack_json;
struct exchange;

/* How a call spells its paging. */
struct page_words {
	const char *number, *size; /* in the query */
	const char *info;          /* in the answer */
	int64_t usual;             /* size */
};

extern const struct page_words page_snake;  /* page_number, page_size */
extern const struct page_words page_camel;  /* pageNumber, pageSize */
extern const struct page_words page_events; /* 50 where none is asked for */

struct page {
	const struct page_words *words;
	int64_t number, size;
	int64_t total; /* items seen so far */
};

/* Reads the query; false: the exchange has its refusal. */
bool page_begin(
	struct page *p, struct exchange *x, const struct page_words *words);

/* Counts one more item; true when it lies on the page. */
bool page_takes(struct page *p);

/*
 * Puts the list (taken over) and the words about the page into the answer,
 * once all items are counted; `root` may be NULL.
 */
void page_finish(const struct page *p, struct ack_json *root, const char *key,
	struct ack_json *list, int *rc);

#endif
