/* SPDX-License-Identifier: MIT */
/* course.h has the states, the events, and what must hold. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "actions/audit.h"
#include "actions/compose.h"
#include "actions/outcome.h"
#include "actions/resolve.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "client/client.h"
#include "cloud/named.h"
#include "cloud/refresh.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/log.h"
#include "model/object.h"
#include "model/waiter.h"
#include "state/saved.h"
#include "actions/commit.h"

/* From the order to the outcome of the POST. */
struct commit {
	struct waiter synced; /* for the intent on disk */
	struct object *object;
	struct waiters waiters;
	struct audit_caller who;
	struct ack_call *call;
	struct ack_buf body;
	struct intent *intent;
	struct named named;
	char taken[64], state[32]; /* of another that has the name */
};

static void commit_free(struct commit *m)
{
	ack_call_drop(m->call);
	named_drop(&m->named);
	waiter_leave(&m->synced);
	ack_buf_release(&m->body);
	intent_free(m->intent);
	free(m);
}

/* It is over: tells the writer. */
static void commit_end(struct object *o, int err)
{
	struct commit *m = o->commit;

	if (!m)
		return;
	o->commit = NULL;
	waiters_wake(&m->waiters, -err);
	commit_free(m);
}

static void posted(
	void *arg, const struct ack_created *r, const struct ack_error *e)
{
	static const enum course_event events[] = {
		[ACK_DONE] = EVENT_ACCEPTED,
		[ACK_REFUSED] = EVENT_REFUSED,
		[ACK_UNSENT] = EVENT_UNSENT,
		[ACK_UNKNOWN] = EVENT_LOST,
	};
	struct commit *m = arg;
	struct ids ids = {r->id, r->request_id, r->task_id, false};

	m->call = NULL;
	m->object->intent->signed_at = r->signed_at;
	commit_happen(m->object, events[r->outcome], &ids, e);
}

static void post(struct commit *m)
{
	ACK_UNSET struct ack_error e;

	struct ack_request r = kind_request(m->object, m->object->kind->create);

	r.body = ack_buf_text(&m->body);
	r.len = m->body.len;
	m->call = ack_create(m->object->fleet->client, &r, posted, m, &e);
	if (!m->call)
		commit_happen(m->object, EVENT_UNSENT, NULL, &e);
}

/* The intent is not on disk, as far as this can tell. */
static void not_recorded(struct commit *m, const struct ack_error *e)
{
	struct object *o = m->object;

	intent_free(o->intent);
	o->intent = NULL;
	commit_happen(o, EVENT_NOT_RECORDED, NULL, e);
}

static void recorded(struct waiter *w, int err)
{
	struct commit *m = (struct commit *)w;
	ACK_UNSET struct ack_error e, unsaved;

	if (!err) {
		commit_happen(m->object, EVENT_RECORDED, NULL, NULL);
		return;
	}
	saved_not_synced(m->object->fleet, err, &e);
	intent_free(m->object->intent);
	m->object->intent = NULL;
	if (saved_put(m->object, &unsaved))
		log_line(LOG_ERR, "%s: %s", m->object->name, unsaved.message);
	not_recorded(m, &e);
}

/* Nothing has left before this has ended well. */
static void record(struct commit *m)
{
	struct object *o = m->object;
	ACK_UNSET struct ack_error e;

	o->intent = m->intent;
	m->intent = NULL;
	o->intent->date = fleet_service_time(o->fleet);
	m->synced.done = recorded;
	if (saved_put(o, &e))
		not_recorded(m, &e);
	else if (saved_sync(o, &m->synced) != NODE_LATER)
		commit_happen(o, EVENT_RECORDED, NULL, NULL);
}

/* `name` is a directory's, or what is known of one that has none here. */
static void taken(struct commit *m, const char *who, const char *state)
{
	struct object *o = m->object;
	bool going = !strcmp(state, "deleting");
	ACK_UNSET struct ack_error e;

	ack_error_set(&e, EEXIST, "name",
		going ? "%s named %s is being deleted, and has the name until "
			"it is gone: %s"
		      : "%s named %s exists already: %s",
		o->kind->a_noun, m->intent->name, who);
	if (going)
		ack_error_hint(&e, "commit again when it is gone");
	commit_happen(o, EVENT_NAME_TAKEN, NULL, &e);
}

static void begin(void *arg)
{
	struct commit *m = arg;

	*m->taken = *m->state = '\0';
}

static void one(void *arg, const struct ack_json *n, const struct identity *i)
{
	struct commit *m = arg;

	(void)n;
	snprintf(m->taken, sizeof(m->taken), "%s", i->id);
	snprintf(m->state, sizeof(m->state), "%s", i->state ? i->state : "");
}

static void listed(void *arg, const struct ack_error *e)
{
	struct commit *m = arg;
	ACK_UNSET struct ack_error told;

	ack_error_copy(&told, e);
	if (*m->taken) {
		taken(m, m->taken, m->state);
	} else if (told.err) {
		if (ack_error_meaning(told.code, told.message, told.http_status)
				.permission)
			ack_error_hint(&told,
				"grant cs:DescribeClustersForRegion, which "
				"ackfs needs to find a cluster again whose "
				"answer was lost; or mount with -o "
				"preflight=off");
		else if (told.err == EAGAIN && !*told.hint)
			ack_error_hint(&told, "nothing was sent; commit again");
		commit_happen(m->object, EVENT_ASK_FAILED, NULL, &told);
	} else {
		commit_happen(m->object, EVENT_NAME_FREE, NULL, NULL);
	}
}

/* Lists lag: what this mount made, or knows, has its name whatever they say. */
static bool taken_here(struct commit *m)
{
	struct object *o = m->object;
	const struct object *other = fleet_named(
		o->fleet, o->parent, o, m->intent->name);
	ACK_UNSET struct ack_error e;

	if (!other)
		return false;
	if (object_exists(other)) {
		/* it may be gone; the next commit knows */
		refresh_now(o->fleet);
		taken(m, other->id, other->word);
		return true;
	}
	ack_error_set(&e, EEXIST, "name",
		"%s is making %s of the name %s just now", other->name,
		other->kind->a_noun, m->intent->name);
	commit_happen(o, EVENT_NAME_TAKEN, NULL, &e);
	return true;
}

static void ask(struct commit *m)
{
	struct object *o = m->object;
	ACK_UNSET struct ack_error e;

	if (taken_here(m))
		return;
	if (!o->fleet->preflight) {
		commit_happen(o, EVENT_NAME_FREE, NULL, NULL);
		return;
	}
	m->named = (struct named){.object = o,
		.name = m->intent->name,
		.begin = begin,
		.one = one,
		.end = listed,
		.arg = m};
	if (named_ask(&m->named, &e))
		commit_happen(o, EVENT_ASK_FAILED, NULL, &e);
}

static bool worth_a_line(enum course_event event)
{
	return event >= EVENT_RECORDED && event != EVENT_UNDECIDED &&
	       event < EVENT_KEPT;
}

void commit_happen(struct object *o, enum course_event event,
	const struct ids *ids, const struct ack_error *e)
{
	struct course_step s = course_next(o->state, event);
	struct audit_caller who = o->commit ? o->commit->who
					    : resolve_caller(o);

	if (!s.valid) {
		log_line(LOG_ERR, "%s: %s cannot happen in the state %s",
			o->name, course_event_name(event),
			course_state_name(o->state));
		return;
	}
	switch (s.action) {
	case ACTION_ASK:
		object_fail(o, NULL);
		object_enter(o, s.state, "");
		ask(o->commit);
		break;
	case ACTION_RECORD:
		object_become(o, s.state);
		record(o->commit);
		break;
	case ACTION_POST:
		object_become(o, s.state);
		post(o->commit);
		break;
	case ACTION_KEEP:
		object_become(o, s.state);
		outcome_keep(o, ids);
		break;
	case ACTION_SHOW:
		outcome_exists(o, e);
		break;
	case ACTION_CLEAR:
		outcome_draft(o, e);
		break;
	case ACTION_LOOK:
		if (e)
			outcome_unknown(o, e);
		resolve_look(o);
		break;
	case ACTION_TELL:
		object_enter(o, s.state, "");
		object_fail(o, e);
		break;
	case ACTION_NONE:
	case ACTION_REFUSE:
		break;
	}
	if (worth_a_line(event))
		audit_line(o, &who, "create", course_event_name(event),
			ids ? ids->request_id : NULL, e);
	if (s.action == ACTION_SHOW)
		commit_end(o, 0);
	else if (s.action > ACTION_SHOW)
		commit_end(o, e ? e->err : 0);
}

static struct commit *prepare(struct object *o, struct ack_error *e)
{
	struct commit *m = calloc(1, sizeof(*m));

	if (!m) {
		ack_error_set(e, ENOMEM, NULL, "out of memory");
		return NULL;
	}
	m->object = o;
	if (!compose(o, &m->body, &m->intent, e))
		return m;
	commit_free(m);
	return NULL;
}

int commit_begin(struct object *o, struct waiter *w, struct ack_error *e)
{
	struct commit *m = prepare(o, e);

	if (!m)
		return -e->err;
	o->commit = m;
	if (w)
		m->who = (struct audit_caller){w->uid, w->pid};
	waiter_wait(w, &m->waiters);
	commit_happen(o, EVENT_COMMIT, NULL, NULL);
	return 0;
}

void commit_drop(struct object *o)
{
	commit_end(o, EINTR);
}
