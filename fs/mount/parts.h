/* SPDX-License-Identifier: MIT */
/* The table of what hangs on directories (model/part.h). */
#ifndef PARTS_H
#define PARTS_H

struct fleet;

/* Hands it down. */
void parts_give(struct fleet *f);

#endif
