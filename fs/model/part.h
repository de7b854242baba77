/* SPDX-License-Identifier: MIT */
/*
 * What hangs on a directory, or on all of them, and is known to nobody here:
 * an action under way, what the service says, open files. Each is a row of the
 * table that a mount hands down (mount/parts.c); adding one is adding a row.
 */
#ifndef PART_H
#define PART_H

#include <stdbool.h>
#include <stdint.h>

#include "model/fleet.h"

/* Each column may be NULL. */
struct part {
	/* it goes over to another state */
	void (*entered)(struct object *o);
	/* what there is to do about an outcome that is unknown */
	void (*advise)(const struct object *o, struct ack_error *e);
	/* the text of that file is another now; a line of `watch` is */
	void (*changed)(struct object *o, unsigned row);
	void (*said)(struct object *o, const struct object *about);
	/* whether anybody has `watch` open; for how many ms somebody has had
	 * `events` open, or -1; whether any open file is polled */
	bool (*watched)(const struct object *o);
	int64_t (*heard)(const struct object *o);
	bool (*polled)(const struct fleet *f);
	/* what a file of that row is called, or NULL */
	const char *(*file_name)(struct object *o, unsigned row);
	/* the task that is followed, for the disk, and from there */
	const char *(*task)(const struct object *o);
	void (*follow)(struct object *o, const char *task);
	/* a line of `events` of an earlier mount; 0 or -ENOMEM */
	int (*recall)(struct object *o, const char *line);
	/* its directory is about to go; its memory goes */
	void (*gone)(struct object *o);
	void (*drop)(struct object *o);
	/* the mount ends: before and after its directories go */
	void (*stop)(struct fleet *f);
	void (*release)(struct fleet *f);
};

/* Each part of the fleet that has that column. */
#define PARTS_EACH(p, fleet, column)                       \
	for (const struct part *p = (fleet)->parts;        \
		p < (fleet)->parts + (fleet)->nparts; p++) \
		if (p->column)

#endif
