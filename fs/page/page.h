/* SPDX-License-Identifier: MIT */
/*
 * index.html: all clusters to look at, in a browser. One file that loads
 * nothing and runs nothing but its own search; it is made when somebody looks,
 * from what is in memory, and never waits.
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdint.h>

#include "base/buf.h"

struct ack_buf;
struct fleet;
struct object;

/* A file of files.h. The last page serves again while it is fresh, so that
 * stat(2) costs nothing and reports the size of what is opened right after it.
 */
void page_show(struct fleet *f, struct object *o, struct ack_buf *out);

/* When the last one was made, in ns since 1970; 0: none was. */
int64_t page_time(const struct fleet *f);

void page_release(struct fleet *f);

#endif
