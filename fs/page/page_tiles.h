/* SPDX-License-Identifier: MIT */
/* The counts at the top, each a link that shows its rows alone. */
#ifndef PAGE_TILES_H
#define PAGE_TILES_H

struct ack_buf;
struct page_list;

/* What the tiles point at: before everything else. */
void page_anchors(struct ack_buf *out);

void page_tiles(const struct page_list *l, struct ack_buf *out);

/* What stands in place of the rows of a group that has none. */
void page_absences(const struct page_list *l, struct ack_buf *out);

#endif
