/* SPDX-License-Identifier: MIT */
/*
 * Numbers of inodes that lead to another row of their directory: the kernel
 * goes on with a number under another name when a file is renamed.
 */
#ifndef MOVED_H
#define MOVED_H

#include <stdbool.h>
#include <stdint.h>

struct object;

struct moved {
	struct moved *next;
	uint64_t number;
	unsigned row; /* that it leads to */
};

/* The row that a number leads to since a rename; 0: its own. */
unsigned moved_row(const struct object *o, uint64_t number);

/* 0 or -ENOMEM. */
int moved_lead(struct object *o, uint64_t number, unsigned row);

/* What led to that row leads to `to`: it has its name now. */
void moved_replace(struct object *o, unsigned row, unsigned to);

/* Nothing leads there any more but its own numbers, and those that are to
 * stay, if anybody says so. */
void moved_unlink(struct object *o, unsigned row,
	bool (*stays)(const struct object *o, const struct moved *m));

void moved_free(struct object *o);

#endif
