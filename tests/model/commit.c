/* SPDX-License-Identifier: MIT */
/*
 * The protocol of a commit, tried in every order: a daemon that may die
 * anywhere, a disk that may refuse, a network that loses what it likes, a
 * list that lags, a user who commits again. The daemon follows the table of
 * fs/course.c itself. With a number from 1 to 7 it has one bug, which must
 * be found; with none, no reachable state may break a promise.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "course.h"

enum bug {
	SOUND,
	FORGETS_INTENT,      /* the next mount takes an intent for a draft */
	SENDS_AT_MOUNT,      /* the next mount sends again */
	SENDS_BEFORE_RECORD, /* the POST leaves, then the intent is saved */
	TRUSTS_EARLY_LIST,   /* one empty list proves absence */
	TIMEOUT_IS_FAILURE,  /* no answer counts as not sent */
	POSTS_TWICE,         /* libcurl's own repetition is let through */
	NO_LOCK,             /* a second mount shares the state directory */
	BUGS
};

#define CRASHES 3
#define COMMITS 3

struct world {
	unsigned char up, state, disk;   /* daemon, its state, its record */
	unsigned char posts;             /* on their way to the service */
	unsigned char left;              /* the one of this attempt has left */
	unsigned char accepted, refused; /* answers on their way back */
	unsigned char clusters, listed;  /* there are; the list shows */
	unsigned char settled; /* the time in which a POST counts is over */
	unsigned char empties; /* complete empty lists after that */
	unsigned char crashes, commits; /* left to happen */
	unsigned char second;           /* a second daemon, made by NO_LOCK */
};

#define MOST 4000000
static struct world *seen;
static size_t nseen, *table, ntable;
static enum bug bug;
static unsigned long broken;
static bool quiet;

static size_t hash(const struct world *w)
{
	const unsigned char *p = (const void *)w;
	size_t h = 1469598103934665603u;

	for (size_t i = 0; i < sizeof(*w); i++)
		h = (h ^ p[i]) * 1099511628211u;
	return h;
}

static void reach(struct world w)
{
	size_t at = hash(&w) % ntable;

	while (table[at]) {
		if (!memcmp(&seen[table[at] - 1], &w, sizeof(w)))
			return;
		at = (at + 1) % ntable;
	}
	if (nseen == MOST) {
		fprintf(stderr, "too many states\n");
		exit(2);
	}
	seen[nseen++] = w;
	table[at] = nseen;
}

static void promise(bool kept, const struct world *w, const char *what)
{
	if (kept)
		return;
	if (!broken++ && !quiet)
		printf("broken: %s (state %s, %d clusters, %d posts)\n", what,
			course_state_name(w->state), w->clusters, w->posts);
}

static void check(const struct world *w)
{
	promise(w->clusters <= 1, w, "at most one cluster for one commit");
	if (!w->up)
		return;
	if (w->state == COURSE_EXISTS || w->state == COURSE_KEEPING)
		promise(w->clusters == 1, w, "a cluster that is shown exists");
	/* what is under way can still make one, until it is settled */
	if (w->state == COURSE_DRAFT)
		promise(!w->clusters && !w->posts, w,
			"a draft stands for no cluster, now and later");
}

/* The daemon's own steps follow at once where the table asks for none of
 * the outside; a crash may come between any two of them. */
static void happen(struct world w, enum course_event event)
{
	struct course_step s = course_next(w.state, event);

	if (!s.valid) {
		promise(false, &w, "the table covers what can happen");
		return;
	}
	w.state = (unsigned char)s.state;
	switch (s.action) {
	case ACTION_KEEP:
		reach(w); /* the disk says no, or a crash comes first */
		w.disk = RECORD_EXISTS;
		break;
	case ACTION_CLEAR:
		reach(w);
		w.disk = RECORD_DRAFT;
		w.empties = 0;
		break;
	default:
		break;
	}
	reach(w);
}

static void daemon_steps(struct world w)
{
	struct world n = w;

	switch ((enum course_state)w.state) {
	case COURSE_DRAFT:
		if (w.commits) {
			n.commits--;
			n.settled = n.empties = n.left = 0;
			n.accepted = n.refused = 0;
			happen(n, EVENT_COMMIT);
		}
		break;
	case COURSE_ASKING:
		happen(w, EVENT_ASK_FAILED);
		happen(w, w.listed ? EVENT_NAME_TAKEN : EVENT_NAME_FREE);
		break;
	case COURSE_RECORDING:
		if (bug == SENDS_BEFORE_RECORD && !w.posts) {
			n.posts++;
			reach(n);
		}
		happen(w, EVENT_NOT_RECORDED);
		n = w;
		n.disk = RECORD_INTENT;
		reach(n); /* written, and the daemon does not know it yet */
		happen(n, EVENT_NOT_RECORDED);
		happen(n, EVENT_RECORDED);
		break;
	case COURSE_SENDING:
		if (!w.left) {
			happen(w, EVENT_UNSENT);
			n.posts = (unsigned char)(w.posts + 1 +
						  (bug == POSTS_TWICE));
			n.left = 1;
			n.settled = 0; /* counted from its date */
			reach(n);
			break;
		}
		happen(w,
			bug == TIMEOUT_IS_FAILURE ? EVENT_UNSENT : EVENT_LOST);
		if (w.accepted) {
			n.accepted = 0;
			happen(n, EVENT_ACCEPTED);
		}
		if (w.refused) {
			n.accepted = w.accepted;
			n.refused = 0;
			happen(n, EVENT_REFUSED);
		}
		break;
	case COURSE_UNKNOWN:
		happen(w, EVENT_UNDECIDED); /* a list that failed */
		if (w.listed) {
			happen(w, EVENT_FOUND);
		} else if (bug == TRUSTS_EARLY_LIST) {
			happen(w, EVENT_ABSENT);
		} else if (w.settled && ++n.empties == 2) {
			happen(n, EVENT_ABSENT);
		} else if (w.settled) {
			reach(n);
		}
		break;
	case COURSE_KEEPING:
		happen(w, EVENT_KEPT);
		break;
	case COURSE_EXISTS:
	case COURSE_STATES:
		break;
	}
}

static void outside_steps(struct world w)
{
	struct world n = w;

	if (w.posts) {
		n.posts--;
		reach(n); /* lost on its way */
		if (!w.settled) {
			n.refused = 1;
			reach(n);
			n.refused = 0;
			n.clusters++;
			reach(n); /* executed; its answer is lost */
			n.accepted = 1;
			reach(n);
		}
	}
	n = w;
	if (w.listed < w.clusters) {
		n.listed++;
		reach(n);
	}
	n = w;
	if (!w.settled) {
		/* a POST of that date is refused from now on, and the lag of
		 * the list is over */
		n.settled = 1;
		n.posts = 0;
		n.listed = n.clusters;
		reach(n);
	}
	n = w;
	if (w.up && w.crashes) {
		n.up = 0;
		n.crashes--;
		n.state = COURSE_DRAFT;
		n.accepted = n.refused = n.empties = n.left = 0;
		reach(n);
	}
	n = w;
	if (!w.up || (bug == NO_LOCK && !w.second)) {
		n.second = w.up;
		n.up = 1;
		n.state = (unsigned char)course_recover(
			(enum course_record)w.disk);
		if (bug == NO_LOCK && w.up)
			n.state = COURSE_DRAFT; /* it read before the first
						   wrote */
		if (bug == FORGETS_INTENT && w.disk == RECORD_INTENT)
			n.state = COURSE_DRAFT;
		if (bug == SENDS_AT_MOUNT && w.disk == RECORD_INTENT) {
			n.state = COURSE_SENDING;
			n.posts++;
		}
		reach(n);
	}
}

/*
 * Whoever stays up ends: from every state there is a way to a definite one
 * without a crash. Found backwards would need the edges; forwards from a
 * state the way is short, because what is settled stays settled.
 */
static bool ends(struct world w)
{
	for (int step = 0; step < 20; step++) {
		if (!w.up) {
			w.up = 1;
			w.state = (unsigned char)course_recover(
				(enum course_record)w.disk);
		}
		if (w.state == COURSE_DRAFT || w.state == COURSE_EXISTS)
			return true;
		w.settled = 1;
		w.listed = w.clusters;
		if (w.state == COURSE_ASKING)
			w.state = (unsigned char)course_next(
				w.state, EVENT_ASK_FAILED)
					  .state;
		else if (w.state == COURSE_RECORDING)
			w.state = (unsigned char)course_next(
				w.state, EVENT_NOT_RECORDED)
					  .state;
		else if (w.state == COURSE_SENDING)
			w.state = (unsigned char)course_next(
				w.state, EVENT_LOST)
					  .state;
		else if (w.state == COURSE_KEEPING)
			w.state = (unsigned char)course_next(
				w.state, EVENT_KEPT)
					  .state;
		else
			w.state = (unsigned char)course_next(
				w.state, w.listed ? EVENT_FOUND : EVENT_ABSENT)
					  .state;
	}
	return false;
}

static unsigned long explore(enum bug which)
{
	struct world start = {.up = 1,
		.state = COURSE_DRAFT,
		.disk = RECORD_DRAFT,
		.crashes = CRASHES,
		.commits = COMMITS};

	bug = which;
	broken = 0;
	nseen = 0;
	memset(table, 0, ntable * sizeof(*table));
	reach(start);
	for (size_t i = 0; i < nseen; i++) {
		struct world w = seen[i];

		check(&w);
		if (which == SOUND)
			promise(ends(w), &w, "whoever stays up ends");
		if (which != SOUND && (broken || w.clusters > 2 || w.posts > 2))
			break;
		if (w.up)
			daemon_steps(w);
		outside_steps(w);
	}
	return broken;
}

int main(void)
{
	int failed = 0;

	ntable = MOST * 2;
	seen = malloc(MOST * sizeof(*seen));
	table = malloc(ntable * sizeof(*table));
	if (!seen || !table)
		return 2;
	if (explore(SOUND))
		failed++;
	printf("the protocol: %zu states, %lu broken promises\n", nseen,
		broken);
	quiet = true;
	for (int b = SOUND + 1; b < BUGS; b++) {
		unsigned long found = explore((enum bug)b);

		printf("seeded bug %d: %s\n", b, found ? "found" : "NOT FOUND");
		failed += !found;
	}
	free(seen);
	free(table);
	return failed ? 1 : 0;
}
