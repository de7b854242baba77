/* SPDX-License-Identifier: MIT */
#include "model/guest.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>

#include "model/fleet.h"

/* A user namespace may give one person many users: all have so many times as
 * much as one. */
#define TOGETHER 4

static const struct {
	size_t most; /* for one */
	int err;
} limits[GUEST_THINGS] = {
	[GUEST_FILES] = {1024, -EMFILE},
	[GUEST_BYTES] = {8u << 20, -EMFILE},
	[GUEST_WAITS] = {256, -EAGAIN},
	[GUEST_FETCHES] = {16, -EAGAIN},
};

bool guest_is(const struct fleet *f, uid_t uid)
{
	return uid && !owner_is(&f->owner, uid);
}

static int by_uid(const void *a, const void *b)
{
	const struct guest *x = a, *y = b;

	return (x->uid > y->uid) - (x->uid < y->uid);
}

/* NULL when memory is short. */
static struct guest *find(struct guests *all, uid_t uid)
{
	const struct guest key = {.uid = uid};
	void *found = tfind(&key, (void *const *)&all->by_uid, by_uid);
	struct guest *g;

	if (found)
		return *(struct guest **)found;
	g = calloc(1, sizeof(*g));
	if (!g)
		return NULL;
	g->uid = uid;
	g->among = all;
	if (tsearch(g, &all->by_uid, by_uid))
		return g;
	free(g);
	return NULL;
}

static void hold(struct guest *g, enum guest_thing what, size_t n)
{
	g->held[what] += n;
	g->among->held[what] += n;
}

static void release(struct guest *g, enum guest_thing what, size_t n)
{
	g->held[what] -= n;
	g->among->held[what] -= n;
	for (int i = 0; i < GUEST_THINGS; i++)
		if (g->held[i])
			return;
	tdelete(g, &g->among->by_uid, by_uid);
	free(g);
}

static bool has_room(size_t held, size_t n, size_t most)
{
	return !held || (held < most && n <= most - held);
}

static int take(struct guest *g, enum guest_thing what, size_t n)
{
	size_t most = limits[what].most;

	if (!has_room(g->held[what], n, most) ||
		!has_room(g->among->held[what], n, TOGETHER * most))
		return limits[what].err;
	hold(g, what, n);
	return 0;
}

int guest_enter(
	struct fleet *f, uid_t uid, enum guest_thing what, struct guest **out)
{
	int ret;

	*out = NULL;
	if (!guest_is(f, uid))
		return 0;
	*out = find(&f->guests, uid);
	if (!*out)
		return -ENOMEM;
	ret = take(*out, what, 1);
	if (!ret)
		return 0;
	/* one that has nothing but was refused goes again */
	release(*out, what, 0);
	*out = NULL;
	return ret;
}

void guest_leave(struct guest *g, enum guest_thing what)
{
	if (g)
		release(g, what, 1);
}

int guest_charge(struct guest *g, size_t bytes)
{
	return g ? take(g, GUEST_BYTES, bytes) : 0;
}

void guest_refund(struct guest *g, size_t bytes)
{
	if (g)
		release(g, GUEST_BYTES, bytes);
}

void guest_move(struct guest *from, struct guest *to, size_t bytes)
{
	if (to)
		hold(to, GUEST_BYTES, bytes);
	guest_refund(from, bytes);
}
