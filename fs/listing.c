/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fleet.h"
#include "listing.h"
#include "node.h"

static void add(struct listing *l, uint64_t ino, mode_t mode, const char *name)
{
	size_t len = strlen(name) + 1;
	void *grown;

	if (l->count == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 64;
		grown = reallocarray(l->entries, l->cap, sizeof(*l->entries));
		if (!grown)
			goto fail;
		l->entries = grown;
	}
	if (len > l->room - l->len) {
		l->room = l->room * 2 + len + 1024;
		grown = realloc(l->names, l->room);
		if (!grown)
			goto fail;
		l->names = grown;
	}
	l->entries[l->count++] = (struct listing_entry){ino, mode, l->len};
	memcpy(l->names + l->len, name, len);
	l->len += len;
	return;
fail:
	l->err = -ENOMEM;
	l->cap = l->count;
	l->room = l->len;
}

static void visit(const struct node *child, const char *name, void *arg)
{
	add(arg, child->ino, node_mode(child), name);
}

int listing_rewind(struct listing *l, const struct node *dir)
{
	l->count = l->len = 0;
	l->err = 0;
	l->read = false;
	add(l, dir->ino, S_IFDIR, ".");
	add(l, dir->ino, S_IFDIR, "..");
	node_list(dir, visit, l);
	return l->err;
}

struct listing *listing_open(const struct node *dir)
{
	struct listing *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->next = dir->fleet->listings;
	l->link = &dir->fleet->listings;
	if (l->next)
		l->next->link = &l->next;
	*l->link = l;
	if (listing_rewind(l, dir)) {
		listing_free(l);
		return NULL;
	}
	return l;
}

void listing_free(struct listing *l)
{
	*l->link = l->next;
	if (l->next)
		l->next->link = l->link;
	free(l->entries);
	free(l->names);
	free(l);
}
