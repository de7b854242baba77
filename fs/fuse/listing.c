/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/listing.h"
#include "model/fleet.h"
#include "model/guest.h"
#include "tree/node.h"

static void add(
	struct listing_names *l, uint64_t ino, mode_t mode, const char *name)
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
		grown = realloc(l->text, l->room);
		if (!grown)
			goto fail;
		l->text = grown;
	}
	l->entries[l->count++] = (struct listing_entry){ino, mode, l->len};
	memcpy(l->text + l->len, name, len);
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

static size_t cost(const struct listing_names *l)
{
	return l->cap * sizeof(*l->entries) + l->room;
}

static void names_free(struct listing_names *l)
{
	if (!l)
		return;
	free(l->entries);
	free(l->text);
	free(l);
}

/* NULL when memory is short. */
static struct listing_names *names_of(const struct node *dir)
{
	struct listing_names *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	add(l, dir->ino, S_IFDIR, ".");
	add(l, dir->ino, S_IFDIR, "..");
	node_list(dir, visit, l);
	if (!l->err)
		return l;
	names_free(l);
	return NULL;
}

static bool same_names(
	const struct listing_names *a, const struct listing_names *b)
{
	size_t i = 0;

	if (a->count != b->count || a->len != b->len ||
		memcmp(a->text, b->text, a->len))
		return false;
	while (i < a->count && a->entries[i].ino == b->entries[i].ino &&
		a->entries[i].mode == b->entries[i].mode)
		i++;
	return i == a->count;
}

/* Another listing of that directory than `but`. */
static struct listing *other_of(
	const struct fleet *f, uint64_t dir, const struct listing *but)
{
	struct listing *l = LIST_FIRST(&f->listings);

	while (l && (l == but || l->dir != dir || !l->names))
		l = LIST_NEXT(l, entry);
	return l;
}

/* Another that has the same names is charged for them, where this one was. */
static void leave_names(struct listing *l)
{
	struct listing_names *names = l->names;
	struct listing *o = LIST_FIRST(&l->fleet->listings);
	struct guest *heir;

	l->names = NULL;
	if (!names)
		return;
	while (o && o->names != names)
		o = LIST_NEXT(o, entry);
	heir = o ? o->guest : NULL;
	if (names->payer == l->guest) {
		guest_move(names->payer, heir, cost(names));
		names->payer = heir;
	}
	if (!--names->listings)
		names_free(names);
}

int listing_rewind(struct listing *l, const struct node *dir)
{
	struct listing_names *names = names_of(dir);
	struct listing *o = other_of(l->fleet, l->dir, l);
	int ret;

	if (!names)
		return -ENOMEM;
	leave_names(l);
	l->read = false;
	if (o && same_names(o->names, names)) {
		names_free(names);
		l->names = o->names;
		l->names->listings++;
		return 0;
	}
	ret = guest_charge(l->guest, cost(names));
	if (ret) {
		names_free(names);
		return ret;
	}
	names->listings = 1;
	names->payer = l->guest;
	l->names = names;
	return 0;
}

int listing_open(const struct node *dir, uid_t uid, struct listing **out)
{
	struct listing *l = calloc(1, sizeof(*l));
	int ret;

	if (!l)
		return -ENOMEM;
	ret = guest_enter(dir->fleet, uid, GUEST_FILES, &l->guest);
	if (ret) {
		free(l);
		return ret;
	}
	l->fleet = dir->fleet;
	l->dir = dir->ino;
	LIST_INSERT_HEAD(&l->fleet->listings, l, entry);
	ret = listing_rewind(l, dir);
	if (ret)
		listing_free(l);
	else
		*out = l;
	return ret;
}

void listing_free(struct listing *l)
{
	leave_names(l);
	LIST_REMOVE(l, entry);
	guest_leave(l->guest, GUEST_FILES);
	free(l);
}
