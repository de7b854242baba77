/* SPDX-License-Identifier: MIT */
/* Lists that are answered page by page. */
#ifndef SANDBOX_PAGING_H
#define SANDBOX_PAGING_H

#include <stdbool.h>
#include <stdint.h>

struct ack_json;
struct exchange;

/* How a call spells its paging. */
struct paging_words {
	const char *number, *size; /* in the query */
	const char *info;          /* in the answer */
	int64_t usual;             /* size */
};

extern const struct paging_words paging_snake; /* page_number, page_size */
extern const struct paging_words paging_camel; /* pageNumber, pageSize */
extern const struct paging_words page_events;  /* 50 where none is asked for */

struct paging {
	const struct paging_words *words;
	int64_t number, size;
	int64_t total; /* items seen so far */
};

/* Reads the query; false: the exchange has its refusal. */
bool paging_begin(
	struct paging *p, struct exchange *x, const struct paging_words *words);

/* Counts one more item; true when it lies on the page. */
bool paging_takes(struct paging *p);

/*
 * Puts the list (taken over) and the words about the page into the answer,
 * once all items are counted; `root` may be NULL.
 */
void paging_finish(const struct paging *p, struct ack_json *root,
	const char *key, struct ack_json *list, int *rc);

#endif
