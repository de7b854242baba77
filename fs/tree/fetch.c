/* SPDX-License-Identifier: MIT */
#include "tree/fetch.h"

#include <errno.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/fleet.h"
#include "model/object.h"
#include "model/regions.h"
#include "model/waiter.h"
#include "tree/files.h"
#include "tree/node.h"

/* What a file may hold, and what one answer may add: an escape is up to six
 * times as long as what it stands for. */
#define TEXT_MAX   (32u << 20)
#define ANSWER_MAX (6u << 20)
#define BODY_MAX   65536

static void go_on(struct fetch *f);

static void fetch_free(struct fetch *f)
{
	ack_timer_cancel(f->fleet->events, &f->limit);
	ack_call_drop(f->call);
	*f->link = f->next;
	if (f->next)
		f->next->link = f->link;
	ack_buf_release(&f->text);
	ack_buf_release(&f->body);
	guest_leave(f->guest, GUEST_FETCHES);
	free(f);
}

/* It stands in live/NAME/error until the same can be read. */
static void tell(const struct fetch *f, const struct ack_error *e)
{
	struct object *o = f->object;

	if (e->err || o->live_failed == f->source)
		object_fail_live(o, e);
	if (e->err)
		o->live_failed = f->source;
}

/* Everybody gets the answer, or the error; f is gone afterwards. */
static void end(struct fetch *f, const struct ack_error *e)
{
	if (f->object)
		tell(f, e);
	else if (e->err)
		fleet_fail(f->fleet, e);
	for (struct waiter *w = f->waiters.first; w; w = w->next)
		w->answer = &f->text;
	waiters_wake(&f->waiters, -e->err);
	fetch_free(f);
}

static void answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct fetch *f = arg;
	ACK_UNSET struct ack_error own;

	ack_error_copy(&own, e);
	f->call = NULL;
	f->text.max = f->text.len + ANSWER_MAX < TEXT_MAX
			      ? f->text.len + ANSWER_MAX
			      : TEXT_MAX;
	if (own.err && f->source->missed) {
		f->source->missed(f, e);
		ack_error_clear(&own);
	} else if (!own.err)
		f->source->take(f, answer->json, &own);
	if (!own.err && ack_buf_status(&f->text))
		ack_error_set(&own, ENOMEM, NULL,
			"the answer of the service takes more room than there "
			"is for it");
	if (own.err) {
		end(f, &own);
		return;
	}
	f->step++;
	go_on(f);
}

void fetch_put(struct fetch *f, const char *text)
{
	struct ack_error clean;

	ack_error_set(&clean, EINVAL, NULL, "%s", text ? text : "?");
	ack_buf_puts(&f->text, clean.message);
}

static void go_on(struct fetch *f)
{
	struct ack_request r = {.paced = true,
		.patient = f->guest,
		.endpoint = f->object ? regions_of(f->object) : NULL};
	struct ack_error e;

	ack_error_clear(&e);
	if (f->source->missed)
		ack_timer_set(f->fleet->events, &f->limit, f->fleet->tries_ms);
	if (!f->source->ask(f, &r)) {
		end(f, &e);
		return;
	}
	f->asked = ack_now_ms();
	f->call = ack_ask(f->fleet->client, &r, answered, f, &e);
	if (!f->call)
		end(f, &e);
}

/* Where a call that fails is part of the text, so is one that hangs. */
static void too_late(void *arg)
{
	struct fetch *f = arg;
	struct ack_error e;

	ack_error_set(&e, ETIMEDOUT, NULL,
		"no answer within timeout=; with many readers, qps= may hold "
		"calls back");
	if (!f->source->missed) {
		end(f, &e);
		return;
	}
	ack_call_drop(f->call);
	answered(f, NULL, &e);
}

static void start(void *arg)
{
	struct fetch *f = arg;

	f->limit.fire = too_late;
	ack_timer_set(f->fleet->events, &f->limit, f->fleet->tries_ms);
	go_on(f);
}

int fetch_begin(const struct node *n, struct waiter *w, struct ack_error *e)
{
	struct fetch **list = n->object ? &n->object->fetches
					: &n->fleet->fetches;
	struct fetch *f = *list;
	bool patient = w && guest_is(n->fleet, w->uid);
	struct guest *guest = NULL;
	int ret;

	/* nobody waits as long as a guest has to but guests */
	while (f && (f->source != n->file->fetch || (f->guest && !patient)))
		f = f->next;
	/* one that everybody has left may hang */
	if (f && !f->waiters.first) {
		fetch_free(f);
		f = NULL;
	}
	if (!f) {
		ret = w ? guest_enter(n->fleet, w->uid, GUEST_FETCHES, &guest)
			: 0;
		if (ret)
			return ret;
		f = calloc(1, sizeof(*f));
		if (!f) {
			guest_leave(guest, GUEST_FETCHES);
			return ack_error_set(e, ENOMEM, NULL, "out of memory");
		}
		f->guest = guest;
		f->source = n->file->fetch;
		f->fleet = n->fleet;
		f->object = n->object;
		ack_buf_init(&f->text, TEXT_MAX);
		ack_buf_init(&f->body, BODY_MAX);
		f->next = *list;
		f->link = list;
		if (f->next)
			f->next->link = &f->next;
		*list = f;
		/* from the loop, so that the answer never comes from inside */
		f->limit = (struct ack_timer){.fire = start, .arg = f};
		ack_timer_set(f->fleet->events, &f->limit, 0);
	}
	waiter_wait(w, &f->waiters);
	return NODE_LATER;
}

static void drop(struct fetch **list)
{
	while (*list) {
		waiters_wake(&(*list)->waiters, -EINTR);
		fetch_free(*list);
	}
}

void fetch_drop(struct object *o)
{
	drop(&o->fetches);
}

void fetch_stop(struct fleet *f)
{
	drop(&f->fetches);
}
