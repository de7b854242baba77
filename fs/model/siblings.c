/* SPDX-License-Identifier: MIT */
#include "model/siblings.h"

#include <search.h>
#include <stdint.h>
#include <string.h>

#include "model/object.h"

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct object *)a)->name,
		((const struct object *)b)->name);
}

struct object *objects_find(const struct objects *list, const char *name)
{
	struct object key = {.name = (char *)(uintptr_t)name};
	void *node = tfind(&key, (void *const *)&list->by_name, compare);

	return node ? *(struct object **)node : NULL;
}

bool objects_add(struct objects *list, struct object *o)
{
	bool added = tsearch(o, &list->by_name, compare);

	list->count += added;
	return added;
}

void objects_remove(struct objects *list, struct object *o)
{
	tdelete(o, &list->by_name, compare);
	list->count--;
}

struct walk {
	void (*visit)(struct object *o, void *arg);
	void *arg;
};

static void walk_node(const void *node, VISIT which, void *closure)
{
	struct walk *w = closure;

	if (which == postorder || which == leaf)
		w->visit(*(struct object *const *)node, w->arg);
}

void objects_walk(const struct objects *list,
	void (*visit)(struct object *o, void *arg), void *arg)
{
	struct walk w = {visit, arg};

	twalk_r(list->by_name, walk_node, &w);
}

static void free_node(void *node)
{
	object_free(node);
}

void objects_free(struct objects *list)
{
	tdestroy(list->by_name, free_node);
	*list = (struct objects){NULL, 0, 0};
}
