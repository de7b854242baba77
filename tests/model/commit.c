/* SPDX-License-Identifier: MIT */
/*
 * The protocol of a commit, tried in every order: a daemon that may die
 * anywhere, a disk that may refuse or hang, a network that loses what it
 * likes, a list that lags or moves while it is read, keys of another account,
 * somebody else with that name, a user who commits again. The daemon follows
 * the table of fs/model/course.c itself. Each bug of the list below must be
 * found; without one, no reachable state may break a promise.
 */
#include <stdbool.h>
#include <stdio.h>

#include "model/course.h"
#include "space.h"

enum bug {
	SOUND,
	FORGETS_INTENT,      /* the next mount takes an intent for a draft */
	SENDS_AT_MOUNT,      /* the next mount sends again */
	SENDS_BEFORE_RECORD, /* the POST leaves, then the intent is saved */
	TRUSTS_EARLY_LIST,   /* one empty list proves absence */
	TIMEOUT_IS_FAILURE,  /* no answer counts as not sent */
	POSTS_TWICE,         /* libcurl's own repetition is let through */
	NO_LOCK,             /* a second mount shares the state directory */
	DATES_BY_RECORD,     /* the time of the POST counts from its record */
	RECOVERS_BY_RECORD,  /* the same at the next mount alone */
	TRUSTS_MOVED_LIST,   /* what moved while it was read proves absence */
	TRUSTS_OTHER_KEYS,   /* the list of another account does */
	ADOPTS_ANY,          /* whatever has the name, also another's */
	LOOKS_AT_ONCE,       /* the second look is within the lag */
	LOOKS_IN_VAIN,       /* a second look that failed was one */
	BUGS
};

#define CRASHES 3
#define COMMITS 3

/*
 * How much of what was begun, in this order, has been over for as long as a
 * request counts: its record, its last signature, the mount. Time passes for
 * all of them alike.
 */
enum over { NOTHING, RECORD, SIGNATURE, MOUNT };

/* The second look of a commit that was accepted. */
enum second { NO_LOOK, TO_LOOK, LOOKED };

struct world {
	unsigned char up, state, disk;   /* daemon, its state, its record */
	unsigned char posts;             /* on their way to the service */
	unsigned char left;              /* the one of this attempt has left */
	unsigned char accepted, refused; /* answers on their way back */
	unsigned char clusters, listed;  /* there are; the list shows */
	unsigned char over;              /* a POST counts until SIGNATURE */
	unsigned char dated;   /* the daemon knows the date of its POST, */
	unsigned char on_disk; /* and so does the record */
	unsigned char empties; /* complete empty lists after that */
	unsigned char other;   /* somebody else's of the name: is there, */
	unsigned char early;   /* since before ours, */
	unsigned char shown;   /* and lists have it */
	unsigned char second, lagged, told; /* the lag after it is over */
	unsigned char keys;                 /* of another account */
	unsigned char switches;
	unsigned char crashes, commits; /* left to happen */
	unsigned char twice;            /* a second daemon, made by NO_LOCK */
};

static struct space space;
static enum bug bug;
static unsigned long broken;
static const char *first;
static bool quiet;

static void reach(struct world w)
{
	space_reach(&space, &w);
}

static void promise(bool kept, const struct world *w, const char *what)
{
	if (kept)
		return;
	if (!broken++)
		first = what;
	if (broken == 1 && !quiet)
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
	if (w->second == LOOKED)
		promise(w->told || !w->early, w,
			"who made another of the name meanwhile is told");
	/* what is under way can still make one, until its time is over */
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
		w.second = TO_LOOK;
		w.lagged = w.told = 0;
		break;
	case ACTION_LOOK:
		if (event == EVENT_LOST) {
			reach(w); /* or a crash before its date is on disk */
			w.on_disk = w.dated;
		}
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

/* Whether the daemon may take it that its POST cannot succeed any more. */
static bool is_late(const struct world *w)
{
	if (bug == DATES_BY_RECORD || (bug == RECOVERS_BY_RECORD && !w->dated))
		return w->over >= RECORD;
	return w->over >= (w->dated ? SIGNATURE : MOUNT);
}

/* A complete list that has nothing. */
static void see_nothing(struct world w)
{
	if (bug == TRUSTS_EARLY_LIST || (is_late(&w) && ++w.empties == 2))
		happen(w, EVENT_ABSENT);
	else
		reach(w);
}

static void look_for_it(struct world w)
{
	happen(w, EVENT_UNDECIDED); /* a list that failed */
	if (bug == TRUSTS_MOVED_LIST || (bug == TRUSTS_OTHER_KEYS && w.keys))
		see_nothing(w);
	if (w.keys)
		return;
	if (w.listed || (w.shown && bug == ADOPTS_ANY))
		happen(w, EVENT_FOUND);
	else if (!w.shown) /* or it is told, and the user decides */
		see_nothing(w);
}

static void look_again(struct world w)
{
	struct world n = w;

	if (w.second != TO_LOOK || (!w.lagged && bug != LOOKS_AT_ONCE))
		return;
	n.second = LOOKED;
	if (bug == LOOKS_IN_VAIN)
		reach(n); /* else it looks once more */
	if (w.keys)
		return;
	n.told = w.shown;
	reach(n);
}

static void daemon_steps(struct world w)
{
	struct world n = w;

	switch ((enum course_state)w.state) {
	case COURSE_DRAFT:
		if (w.commits) {
			n.commits--;
			n.over = n.empties = n.left = n.dated = n.on_disk = 0;
			n.accepted = n.refused = 0;
			happen(n, EVENT_COMMIT);
		}
		break;
	case COURSE_ASKING:
		happen(w, EVENT_ASK_FAILED);
		if (!w.keys)
			happen(w, w.listed || w.shown ? EVENT_NAME_TAKEN
						      : EVENT_NAME_FREE);
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
			n.left = n.dated = 1;
			/* its record may be long over */
			if (n.over > RECORD)
				n.over = RECORD;
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
		look_for_it(w);
		break;
	case COURSE_KEEPING:
		happen(w, EVENT_KEPT);
		break;
	case COURSE_EXISTS:
		look_again(w);
		break;
	case COURSE_STATES:
		break;
	}
}

/* Others, who know nothing of all this. */
static void other_steps(struct world w)
{
	struct world n = w;

	if (!w.other) {
		n.other = 1;
		n.early = w.up && w.state != COURSE_EXISTS;
		reach(n);
	}
	n = w;
	if (w.other && !w.shown) {
		n.shown = 1;
		reach(n);
	}
	n = w;
	if (w.switches) {
		n.switches--;
		n.keys = !w.keys;
		reach(n);
	}
}

/* The lag of lists is shorter than the time of a request. */
static void time_steps(struct world w)
{
	struct world n = w;

	if (w.state == COURSE_EXISTS && !w.lagged) {
		n.lagged = 1;
		n.shown = n.other;
		n.listed = n.clusters;
		reach(n);
	}
	n = w;
	if (w.over == MOUNT)
		return;
	n.over++;
	if (n.over == SIGNATURE) {
		/* a POST of that date is refused from now on */
		n.posts = 0;
		n.listed = n.clusters;
		n.shown = n.other;
	}
	reach(n);
}

static void outside_steps(struct world w)
{
	struct world n = w;

	if (w.posts) {
		n.posts--;
		reach(n); /* lost on its way */
		if (w.over < SIGNATURE) {
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
	time_steps(w);
	other_steps(w);
	n = w;
	if (w.up && w.crashes) {
		n.up = 0;
		n.crashes--;
		n.state = COURSE_DRAFT;
		n.accepted = n.refused = n.empties = n.left = 0;
		n.dated = n.second = n.told = n.lagged = 0;
		reach(n);
	}
	n = w;
	if (!w.up || (bug == NO_LOCK && !w.twice)) {
		n.twice = w.up;
		n.up = 1;
		n.dated = w.on_disk;
		/* what was signed was signed before */
		if (n.over > SIGNATURE)
			n.over = SIGNATURE;
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
		w.over = MOUNT;
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
		.commits = COMMITS,
		.switches = 2};

	bug = which;
	broken = 0;
	space_begin(&space, sizeof(start));
	reach(start);
	for (size_t i = 0; i < space.count; i++) {
		struct world w;

		space_get(&space, i, &w);
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

	if (explore(SOUND))
		failed++;
	printf("the protocol: %zu states, %lu broken promises\n", space.count,
		broken);
	quiet = true;
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
