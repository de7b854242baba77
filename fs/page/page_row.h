/* SPDX-License-Identifier: MIT */
/* One directory, as a row of the table. */
#ifndef PAGE_ROW_H
#define PAGE_ROW_H

struct ack_buf;
struct page_entry;

void page_row(const struct page_entry *e, struct ack_buf *out);

#endif
