/* SPDX-License-Identifier: MIT */
#include "cloud/rest.h"

#include <errno.h>

#include "base/error.h"
#include "base/event.h"
#include "client/client.h"
#include "cloud/live.h"
#include "cloud/story.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/part.h"
#include "model/waiter.h"
#include "model/word.h"

struct survey {
	bool moving;
	const struct object *bad; /* the first */
};

/* A task may fail and leave the state as good as it was. */
static bool ended_badly(const struct object *o)
{
	const struct story *s = o->story;

	return story_ended_badly(o) ||
	       (s && (s->lost || (s->over && s->bad && object_exists(o))));
}

/* With all that stood in it. */
static bool is_gone(const struct object *o)
{
	return object_exists(o) && word_is(o->word, "deleted");
}

static void visit(struct object *o, void *arg)
{
	struct survey *s = arg;

	if (!object_exists(o))
		return;
	s->moving |= !story_at_rest(o);
	if (!s->bad && ended_badly(o))
		s->bad = o;
}

static struct survey survey(const struct object *o)
{
	struct survey s = {
		.moving = !story_at_rest(o), .bad = ended_badly(o) ? o : NULL};

	if (is_gone(o))
		return (struct survey){.bad = s.bad};
	objects_walk(&o->pools, visit, &s);
	return s;
}

/* The list of its node pools is as new as somebody wants it. */
static bool pools_known(const struct object *o)
{
	return !o->story || o->story->pools_wanted <= o->pools_listed ||
	       is_gone(o);
}

bool rest_settled(struct object *o)
{
	return !survey(o).moving && pools_known(o);
}

const struct object *rest_bad(const struct object *o)
{
	return survey(o).bad;
}

/* Why: names what did, and where the reason stands; -EREMOTEIO. */
static int rest_why(const struct object *o, struct ack_error *e)
{
	const struct object *bad = survey(o).bad;

	if (bad && bad->story && bad->story->lost)
		return ack_error_set(e, EREMOTEIO, NULL,
			"what was being created is gone: %s", bad->story->lost);
	if (!bad)
		bad = o;
	return ack_error_set(e, EREMOTEIO, NULL,
		"the %s %s failed: its state is %s; the error in its directory "
		"says why",
		kind_noun(bad->kind), bad->name, object_state_word(bad));
}

void rest_look(struct object *o)
{
	struct story *s = story_of(o);

	if (!s || !story_at_rest(o))
		return;
	if (pools_known(o)) {
		if (live_pools_fresh(o))
			return;
		/* what is on its way may be too old */
		ack_call_drop(s->pools);
		s->pools = NULL;
		s->pools_wanted = ack_now_ms();
	}
	live_ask_nodepools(o);
}

static bool is_watched(const struct object *o)
{
	PARTS_EACH (p, o->fleet, watched)
		if (p->watched(o))
			return true;
	return false;
}

bool rest_awaited(const struct object *o)
{
	return o->story && story_at_rest(o) && !pools_known(o) &&
	       (o->story->resters.first || is_watched(o));
}

static void tell(struct object *o, const struct object *about)
{
	struct story *s = o->story;
	ACK_UNSET struct ack_error e;

	PARTS_EACH (p, o->fleet, said)
		p->said(o, about);
	if (!s || !s->resters.first || !rest_settled(o))
		return;
	if (rest_bad(o))
		object_fail_live(o, (rest_why(o, &e), &e));
	waiters_wake(&s->resters, rest_bad(o) ? -EREMOTEIO : 0);
}

void rest_changed(struct object *o)
{
	struct story *s = o->story;

	if (s && !o->parent && object_exists(o)) {
		/* what has come to rest may have node pools that have not */
		o->pools_old |= s->moving && story_at_rest(o);
		s->moving = !story_at_rest(o);
		if (s->resters.first || is_watched(o))
			rest_look(o);
	}
	tell(o, o);
	if (o->parent)
		tell(o->parent, o);
}

int rest_wait(struct object *o, struct waiter *w, struct ack_error *e)
{
	struct story *s = story_of(o);

	if (!s)
		return ack_error_memory(e, NULL);
	/* the impatient take what is known */
	if (!w->impatient || !o->pools_listed)
		rest_look(o);
	if (rest_settled(o))
		return rest_bad(o) ? rest_why(o, e) : 0;
	if (w->impatient)
		return -EAGAIN;
	waiter_wait(w, &s->resters);
	return NODE_LATER;
}
