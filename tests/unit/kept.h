/* SPDX-License-Identifier: MIT */
/* All of a fleet that a mount is to find again, as a text. */
#ifndef KEPT_H
#define KEPT_H

struct ack_buf;
struct fleet;

void kept_text(const struct fleet *f, struct ack_buf *out);

#endif
