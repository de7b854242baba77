/* SPDX-License-Identifier: MIT */
/* Lists that are answered page by page. */
#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

#include <stdbool.h>
#include <stdint.h>

struct ack_json;
struct exchange;

struct page {
	int64_t number, size;
	int64_t total; /* items seen so far */
};

/* Reads page_number and page_size; false: the exchange has its refusal. */
bool page_begin(struct page *p, struct exchange *x);

/* Counts one more item; true when it lies on the page. */
bool page_takes(struct page *p);

/* Adds page_info, once all items are counted. */
void page_end(const struct page *p, struct ack_json *root, int *rc);

#endif
