/* SPDX-License-Identifier: MIT */
/* The directories beside each other, in the order of their names. */
#ifndef OBJECTS_H
#define OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct object;

struct objects {
	void *by_name; /* tsearch(3) */
	size_t count;
	int64_t changed; /* when one came or went, ns since 1970; 0: never */
};

struct object *objects_find(const struct objects *list, const char *name);

/* False: no memory. The name must be free. */
bool objects_add(struct objects *list, struct object *o);
void objects_remove(struct objects *list, struct object *o);

/* Calls back for each, in order; the list must not change meanwhile. */
void objects_walk(const struct objects *list,
	void (*visit)(struct object *o, void *arg), void *arg);

/* Frees all of them. */
void objects_free(struct objects *list);

#endif
