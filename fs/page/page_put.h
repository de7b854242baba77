/* SPDX-License-Identifier: MIT */
/* Texts and addresses on their way into HTML. */
#ifndef PAGE_PUT_H
#define PAGE_PUT_H

#include <stdbool.h>
#include <stddef.h>

struct ack_buf;

/*
 * Anybody's text, as the content of an element or of a quoted attribute. What
 * is no character, or would act on the text around it (controls, marks of
 * direction), is replaced. At most `max` bytes of it; then an ellipsis.
 */
void page_put(struct ack_buf *out, const char *text, size_t max);

/* Whether that text, as page_put() puts it, stands in `out` from there on. */
bool page_has(
	const struct ack_buf *out, size_t from, const char *text, size_t max);

/* A file name, as part of an address in a quoted attribute. */
void page_put_href(struct ack_buf *out, const char *name);

/* 10,000 */
void page_put_count(struct ack_buf *out, size_t n);

#endif
