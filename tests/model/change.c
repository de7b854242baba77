/* SPDX-License-Identifier: MIT */
/*
 * A change of what exists, tried in every order: the nodes of a cluster are
 * those of two pools, an edit wants so many of them, and the plan names the
 * pool that changes with both of its numbers. Others scale both pools
 * meanwhile, lists are old, a reading may lack a number. A commit reads,
 * compares, sends. Either what is sent is what the plan said, of what the
 * plan said was there, or nothing is sent. Each bug of the list below must be
 * found.
 */
#include <stdbool.h>
#include <stdio.h>

#include "space.h"

enum bug {
	SOUND,
	READS_NOTHING,    /* the last list is as good as a reading */
	COMPARES_TOTAL,   /* of the nodes, not the pool that changes */
	COMPUTES_LATE,    /* what is sent, from what is there by then */
	REBASES_ON_LISTS, /* an edit is based on what the last list says */
	LACKING_IS_ZERO,  /* a number that was not told is 0 */
	SENDS_STALE,      /* the difference is told, and sent all the same */
	BUGS
};

enum stage { IDLE, READING, SENDING };

#define MOST_NODES 4
#define LACKS      255

struct world {
	unsigned char pool, sibling;           /* what there is */
	unsigned char list_pool, list_sibling; /* as the last list has it */
	unsigned char edited, wanted;          /* the edit: of all nodes, */
	unsigned char base_pool, base_sibling; /* and what it is based on */
	unsigned char from, beside, to; /* the plan that the user has read */
	unsigned char stage, sends;
	unsigned char found, found_sibling;    /* when the commit read */
	unsigned char changes, commits, stale; /* left to happen */
};

static struct space space;
static enum bug bug;
static unsigned long broken, sent, refused;
static const char *first;

static void promise(bool kept, const char *what)
{
	if (!kept && !broken++)
		first = what;
}

static void reach(struct world w)
{
	space_reach(&space, &w);
}

/* The user reads the plan of the edit, as its base makes it. */
static void show_plan(struct world *w)
{
	w->from = w->base_pool;
	w->beside = w->base_sibling;
	w->to = w->wanted > w->base_sibling
			? (unsigned char)(w->wanted - w->base_sibling)
			: 0;
}

static void rebase(struct world *w, unsigned char pool, unsigned char sibling)
{
	w->base_pool = pool;
	w->base_sibling = sibling;
}

static void user_steps(struct world w)
{
	struct world n;

	for (unsigned char wanted = 0; !w.edited && wanted <= MOST_NODES;
		wanted++) {
		n = w;
		n.edited = 1;
		n.wanted = wanted;
		rebase(&n, w.list_pool, w.list_sibling);
		show_plan(&n);
		reach(n);
	}
	n = w;
	if (w.edited && w.stage == IDLE && w.commits) {
		n.commits--;
		n.stage = READING;
		reach(n);
	}
}

static void others_steps(struct world w)
{
	struct world n = w;

	n.list_pool = w.pool;
	n.list_sibling = w.sibling;
	if (bug == REBASES_ON_LISTS && w.edited)
		rebase(&n, w.pool, w.sibling);
	reach(n);
	for (unsigned char nodes = 0; w.changes && nodes <= MOST_NODES;
		nodes++) {
		n = w;
		n.changes--;
		n.pool = nodes;
		reach(n);
		n.pool = w.pool;
		n.sibling = nodes;
		reach(n);
	}
}

static void stop(struct world w)
{
	refused++;
	w.stage = IDLE;
	reach(w);
}

/* Where the base is another by now the plan is made anew, and read. */
static void compare(struct world w, unsigned char pool, unsigned char sibling)
{
	bool same = pool == w.base_pool && sibling == w.base_sibling;

	if (pool == LACKS || sibling == LACKS) {
		if (bug != LACKING_IS_ZERO) {
			stop(w);
			return;
		}
		pool = pool == LACKS ? 0 : pool;
		sibling = sibling == LACKS ? 0 : sibling;
		same = true;
	}
	if (bug == COMPARES_TOTAL)
		same = pool + sibling == w.base_pool + w.base_sibling;
	w.found = w.pool;
	w.found_sibling = w.sibling;
	if (!same && bug != SENDS_STALE) {
		rebase(&w, pool, sibling);
		show_plan(&w);
		stop(w);
		return;
	}
	w.stage = SENDING;
	w.sends = w.wanted > sibling ? (unsigned char)(w.wanted - sibling) : 0;
	reach(w);
}

static void send_it(struct world w)
{
	if (bug == COMPUTES_LATE)
		w.sends = w.wanted > w.sibling
				  ? (unsigned char)(w.wanted - w.sibling)
				  : 0;
	sent++;
	promise(w.sends == w.to, "what is sent is what the plan said");
	promise(w.found == w.from && w.found_sibling == w.beside,
		"what the commit began with is what the plan said");
	w.pool = w.list_pool = w.sends;
	w.stage = IDLE;
	w.edited = 0;
	reach(w);
}

static void commit_steps(struct world w)
{
	if (w.stage == SENDING) {
		send_it(w);
	} else if (w.stage == READING) {
		stop(w); /* no answer */
		if (bug == READS_NOTHING) {
			compare(w, w.list_pool, w.list_sibling);
			return;
		}
		compare(w, w.pool, w.sibling);
		compare(w, w.pool, LACKS);
		compare(w, LACKS, w.sibling);
	}
}

static unsigned long explore(enum bug which)
{
	const struct world start = {.pool = 3,
		.sibling = 1,
		.list_pool = 3,
		.list_sibling = 1,
		.changes = 2,
		.commits = 3};
	struct world w;

	bug = which;
	broken = sent = refused = 0;
	space_begin(&space, sizeof(start));
	reach(start);
	for (size_t i = 0; i < space.count && !(which && broken); i++) {
		space_get(&space, i, &w);
		user_steps(w);
		others_steps(w);
		commit_steps(w);
	}
	return broken;
}

int main(void)
{
	int failed = explore(SOUND) > 0;

	printf("changes: %zu states, %lu sent, %lu refused, %lu broken "
	       "promises\n",
		space.count, sent, refused, broken);
	/* a model in which nothing happens would keep every promise */
	failed += !sent || !refused;
	for (int b = SOUND + 1; b < BUGS; b++) {
		unsigned long found = explore((enum bug)b);

		printf("seeded bug %d: %s%s\n", b,
			found ? "found: not " : "NOT FOUND",
			found ? first : "");
		failed += !found;
	}
	space_end(&space);
	return failed ? 1 : 0;
}
