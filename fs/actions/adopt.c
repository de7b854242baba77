/* SPDX-License-Identifier: MIT */
#include "actions/adopt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "actions/commit.h"
#include "actions/order.h"
#include "actions/outcome.h"
#include "actions/resolve.h"
#include "base/error.h"
#include "client/client.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/waiter.h"

static void described(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct resolve *r = arg;
	struct object *o = r->object;
	struct waiters waiters;
	struct identity i = {NULL};
	ACK_UNSET struct ack_error told;
	struct ids ids = {.id = r->id};

	ack_error_copy(&told, e);
	r->call = NULL;
	r->adopting = false;
	/* r may be gone before they are told */
	waiters_move(&waiters, &r->waiters);
	o->kind->identify(answer->json, &i);
	if (!told.err)
		kind_check(o->kind, r->id, answer->json, &told);
	if (!told.err && (!i.name || strcmp(i.name, o->intent->name)))
		ack_error_set(&told, EINVAL, "adopt",
			"the %s %s is named %s, not %s", o->kind->noun, r->id,
			i.name ? i.name : "nothing", o->intent->name);
	if (told.err) {
		r->who = (struct audit_caller){0};
		object_fail(o, &told);
		resolve_later(r, RESOLVE_FIRST_MS);
		waiters_wake(&waiters, -told.err);
	} else {
		commit_happen(o, EVENT_ADOPT, &ids, NULL);
		outcome_wait(o, &waiters);
	}
}

int adopt_open(const struct object *o, struct ack_error *e)
{
	if (o->resolve && o->resolve->adopting)
		return ack_error_set(e, EBUSY, "adopt",
			"an ID is being looked at; wait for the answer");
	return 0;
}

int adopt_write(struct object *o, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	struct resolve *r = o->resolve;
	struct audit_caller who = {w ? w->uid : 0, w ? w->pid : 0};
	struct object *other;
	struct ack_error given_up;
	char word[64];
	struct ack_request ask = kind_request(o, o->kind->describe);

	order_trim(&text, &len);
	/* no word is that long or holds a NUL, at which it would seem to end */
	if (len >= sizeof(word) || memchr(text, '\0', len))
		len = 0;
	snprintf(word, sizeof(word), "%.*s", (int)len, text);
	if (o->state != COURSE_UNKNOWN || !r)
		return ack_error_set(e, EPERM, "adopt",
			"it is known what became of this commit");
	if (r->adopting)
		return adopt_open(o, e);
	if (!strcmp(word, "none")) {
		r->who = who;
		ack_error_set(&given_up, ECANCELED, NULL,
			"given up by hand: no %s was made. This is a "
			"draft again",
			o->kind->noun);
		commit_happen(o, EVENT_GIVE_UP, NULL, &given_up);
		return 0;
	}
	if (!o->kind->id_valid(word))
		return ack_error_set(e, EINVAL, "adopt",
			"write the ID of the %s (%s), or none when you are "
			"sure that there is none",
			o->kind->noun, o->kind->id_form);
	other = fleet_by_id(o->fleet, word);
	if (other && other->kept)
		return ack_error_set(e, EEXIST, "adopt",
			"the %s %s is that of the directory %s", o->kind->noun,
			word, other->name);
	ack_timer_cancel(o->fleet->events, &r->timer);
	named_drop(&r->list);
	snprintf(r->id, sizeof(r->id), "%s", word);
	r->who = who;
	r->empty = 0; /* the two lists would stand too close */
	ask.ids[o->parent ? 1 : 0] = r->id;
	r->call = ack_ask(o->fleet->client, &ask, described, r, e);
	if (!r->call) {
		r->who = (struct audit_caller){0};
		resolve_later(r, RESOLVE_FIRST_MS);
		return -e->err;
	}
	r->adopting = true;
	waiter_wait(w, &r->waiters);
	return NODE_LATER;
}
