/* SPDX-License-Identifier: MIT */
/* course.h has the states, the events, and what must hold. */
#include "actions/commit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "actions/activity.h"
#include "actions/audit.h"
#include "actions/compose.h"
#include "actions/resolve.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "client/client.h"
#include "client/codes.h"
#include "cloud/live.h"
#include "cloud/named.h"
#include "cloud/refresh.h"
#include "cloud/story.h"
#include "cloud/twin.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/log.h"
#include "model/object.h"
#include "model/waiter.h"
#include "state/saved.h"

/* From the order until its outcome is on disk; of an outcome that was looked
 * into, only the second. */
struct commit {
	struct waiter synced; /* for the intent on disk, or the IDs */
	struct activity a;
	struct ack_buf body;
	struct intent *intent;
	struct named named;
	char taken[64], state[32]; /* of another that has the name */
};

/* It is over: the writer gets err. */
static void commit_end(struct object *o, int err)
{
	struct commit *m = o->commit;

	if (!m)
		return;
	o->commit = NULL;
	activity_end(&m->a, -err);
	named_drop(&m->named);
	waiter_leave(&m->synced);
	ack_buf_release(&m->body);
	intent_free(m->intent);
	free(m);
}

static struct commit *commit_new(struct object *o)
{
	struct commit *m = calloc(1, sizeof(*m));

	if (m)
		activity_begin(&m->a, o, NULL);
	o->commit = m;
	return m;
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

	m->a.call = NULL;
	m->a.object->intent->signed_at = r->signed_at;
	commit_happen(m->a.object, events[r->outcome], &ids, e);
}

static void post(struct commit *m)
{
	ACK_UNSET struct ack_error e;

	struct ack_request r = kind_request(
		m->a.object, m->a.object->kind->create);

	r.body = ack_buf_text(&m->body);
	r.len = m->body.len;
	m->a.call = ack_create(m->a.object->fleet->client, &r, posted, m, &e);
	if (!m->a.call)
		commit_happen(m->a.object, EVENT_UNSENT, NULL, &e);
}

/* The intent is not on disk, as far as this can tell. */
static void not_recorded(struct commit *m, const struct ack_error *e)
{
	struct object *o = m->a.object;

	intent_free(o->intent);
	o->intent = NULL;
	commit_happen(o, EVENT_NOT_RECORDED, NULL, e);
}

static void recorded(struct waiter *w, int err)
{
	struct commit *m = (struct commit *)w;
	ACK_UNSET struct ack_error e, unsaved;

	if (!err) {
		commit_happen(m->a.object, EVENT_RECORDED, NULL, NULL);
		return;
	}
	saved_not_synced(m->a.object->fleet, err, &e);
	intent_free(m->a.object->intent);
	m->a.object->intent = NULL;
	if (saved_put(m->a.object, &unsaved))
		log_line(LOG_ERR, "%s: %s", m->a.object->name, unsaved.message);
	not_recorded(m, &e);
}

/* Nothing has left before this has ended well. */
static void record(struct commit *m)
{
	struct object *o = m->a.object;
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
	struct object *o = m->a.object;
	bool going = !strcmp(state, "deleting");
	ACK_UNSET struct ack_error e;

	ack_error_set(&e, EEXIST, "name",
		going ? "%s named %s is being deleted, and has the name until "
			"it is gone: %s"
		      : "%s named %s exists already: %s",
		kind_a_noun(o->kind), m->intent->name, who);
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
	ACK_UNSET struct ack_error failure;

	ack_error_copy(&failure, e);
	if (*m->taken) {
		taken(m, m->taken, m->state);
	} else if (failure.err) {
		if (ack_error_meaning(
			    failure.code, failure.message, failure.http_status)
				.permission)
			ack_error_hint(&failure,
				"grant cs:DescribeClustersForRegion, which "
				"ackfs needs to find a cluster again whose "
				"answer was lost; or mount with -o "
				"preflight=off");
		else if (failure.err == EAGAIN && !*failure.hint)
			ack_error_hint(
				&failure, "nothing was sent; commit again");
		commit_happen(m->a.object, EVENT_ASK_FAILED, NULL, &failure);
	} else {
		commit_happen(m->a.object, EVENT_NAME_FREE, NULL, NULL);
	}
}

/* Lists lag: what this mount made, or knows, has its name whatever they say. */
static bool taken_here(struct commit *m)
{
	struct object *o = m->a.object;
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
		kind_a_noun(other->kind), m->intent->name);
	commit_happen(o, EVENT_NAME_TAKEN, NULL, &e);
	return true;
}

static void ask(struct commit *m)
{
	struct object *o = m->a.object;
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
	struct audit_caller who = o->commit ? o->commit->a.who
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
		commit_keep(o, ids);
		break;
	case ACTION_SHOW:
		commit_exists(o, e);
		break;
	case ACTION_CLEAR:
		commit_draft(o, e);
		break;
	case ACTION_LOOK:
		if (e)
			commit_unknown(o, e);
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

int commit_begin(struct object *o, struct waiter *w, struct ack_error *e)
{
	struct commit *m = commit_new(o);

	if (!m)
		return ack_error_memory(e, NULL);
	if (compose(o, &m->body, &m->intent, e)) {
		commit_end(o, 0);
		return -e->err;
	}
	activity_begin(&m->a, o, w);
	commit_happen(o, EVENT_COMMIT, NULL, NULL);
	return 0;
}

/* How a line of `error` begins that is made anew while it is not known, as its
 * hint is. */
static const char *missed_text(void)
{
	return ack_text("it cannot be looked for: ");
}

static void forget_secrets(struct object *o)
{
	for (unsigned row = 0; row < o->kind->table->count; row++)
		/* without memory it has no time either */
		if (o->kind->table->rows[row].flags & ACK_SECRET &&
			ack_values_set(&o->values, row, "", 0, o->changed))
			ack_values_drop(&o->values, row);
	ack_values_guard(&o->values, false);
}

static void drop_intent(struct object *o)
{
	resolve_stop(o);
	intent_free(o->intent);
	o->intent = NULL;
}

static void kept(struct waiter *w, int err)
{
	struct object *o = ((struct commit *)w)->a.object;
	ACK_UNSET struct ack_error e;

	saved_not_synced(o->fleet, err, &e);
	commit_happen(o, EVENT_KEPT, NULL, err ? &e : NULL);
}

/* Nobody has said that it is what the commit made; the user may know better. */
static void tell_found(struct object *o)
{
	ACK_UNSET struct ack_error e;

	ack_error_set(&e, EPROTO, NULL,
		"found, not answered: the answer of this commit was lost, and "
		"the %s %s has its name, was made in its time, and contradicts "
		"nothing that was sent",
		kind_noun(o->kind), o->id);
	object_fail(o, &e);
	story_tell(o, 0, "warning", "create", e.message);
}

void commit_keep(struct object *o, const struct ids *ids)
{
	struct commit *m = o->commit ? o->commit : commit_new(o);
	struct receipt *receipt = object_receipt(o);
	ACK_UNSET struct ack_error e;
	int ret;

	o->since = ack_now_ms();
	snprintf(o->id, sizeof(o->id), "%s", ids->id);
	if (receipt) {
		snprintf(receipt->request_id, sizeof(receipt->request_id), "%s",
			ids->request_id ? ids->request_id : "");
		snprintf(receipt->task_id, sizeof(receipt->task_id), "%s",
			ids->task_id ? ids->task_id : "");
	}
	snprintf(o->word, sizeof(o->word), "initial");
	twin_expect(o);
	drop_intent(o);
	object_fail(o, NULL);
	if (ids->found)
		tell_found(o);
	ret = saved_put(o, &e);
	if (m && !ret) {
		m->synced.done = kept;
		if (saved_sync(o, &m->synced) == NODE_LATER)
			return;
	}
	commit_happen(o, EVENT_KEPT, NULL, ret ? &e : NULL);
}

void commit_wait(struct object *o, struct waiters *list)
{
	if (o->commit)
		waiters_move(&o->commit->a.waiters, list);
	else
		waiters_wake(list, 0);
}

void commit_drop(struct object *o)
{
	commit_end(o, EINTR);
}

/* When the disk says no, the intent that is still there makes the next mount
 * look for the cluster. */
void commit_exists(struct object *o, const struct ack_error *e)
{
	struct object *other = fleet_by_id(o->fleet, o->id);
	ACK_UNSET struct ack_error failure;
	char id[sizeof(o->id)];

	/* a list may have shown it before its answer came */
	if (other && other != o) {
		if (other->kept && saved_remove(other, &failure))
			log_line(LOG_WARNING, "%s: %s", other->name,
				failure.message);
		fleet_discard(o->fleet, other);
	}
	strcpy(id, o->id);
	if (!fleet_set_id(o, id))
		log_line(LOG_ERR, "%s: out of memory", o->name);
	forget_secrets(o);
	object_enter(o, COURSE_EXISTS, "initial");
	if (e) {
		ack_error_copy(&failure, e);
		ack_error_hint(&failure,
			"the %s %s exists; note its ID, and "
			"make room for the record",
			kind_noun(o->kind), o->id);
		object_fail(o, &failure);
		log_line(LOG_ERR, "%s: %s", o->name, failure.message);
	}
	live_own_change(o->parent);
	story_tell(o, 0, "info", "create", o->id);
	story_begin(o, object_task_id(o));
}

void commit_save(struct object *o)
{
	ACK_UNSET struct ack_error unsaved;

	if (saved_put(o, &unsaved))
		log_line(LOG_ERR, "%s: %s", o->name, unsaved.message);
	saved_sync(o, NULL);
}

void commit_draft(struct object *o, const struct ack_error *e)
{
	drop_intent(o);
	object_enter(o, COURSE_DRAFT, "");
	object_fail(o, e);
	/* an intent that stays on disk is looked into by the next mount */
	commit_save(o);
}

void commit_advise(const struct object *o, struct ack_error *e)
{
	/* the service's clock, by ours */
	time_t end = resolve_window_end(o) + time(NULL) -
		     fleet_service_time(o->fleet);
	char when[32];
	struct tm tm;

	localtime_r(&end, &tm);
	strftime(when, sizeof(when), ack_text("until %Y-%m-%d %H:%M:%S %z"),
		&tm);
	ack_error_hint(e,
		"whether %s was made is not known, so nothing is sent again; "
		"ackfs looks for %s %s. If you know the outcome, write its ID, "
		"or none, into adopt",
		kind_a_noun(o->kind), o->intent->name,
		end > time(NULL)
			? when
			: ack_text("until lists show what became of it"));
}

void commit_retell(struct object *o, const struct ack_error *missed)
{
	struct ack_span rest = ack_span_of(o->error), line;
	struct ack_buf text = ACK_BUF_INIT(32768);
	ACK_UNSET struct ack_error advice;

	if (o->state != COURSE_UNKNOWN || !o->intent)
		return;
	ack_error_clear(&advice);
	commit_advise(o, &advice);
	while (rest.len) {
		line = ack_span_cut(&rest, "\n");
		if (ack_span_starts(line, "hint: "))
			ack_buf_printf(&text, "hint: %s\n", advice.hint);
		else if (!ack_span_starts(line, missed_text()))
			ack_buf_printf(
				&text, "%.*s\n", (int)line.len, line.text);
	}
	if (missed)
		ack_buf_printf(&text, "%s%s%s%s\n", missed_text(),
			missed->message, *missed->code ? ", code: " : "",
			missed->code);
	if (!ack_buf_status(&text) &&
		strcmp(ack_buf_text(&text), o->error ? o->error : "")) {
		free(o->error);
		o->error = ack_buf_steal(&text);
		object_touch(o);
	}
	ack_buf_release(&text);
}

void commit_unknown(struct object *o, const struct ack_error *e)
{
	ACK_UNSET struct ack_error failure;

	ack_error_copy(&failure, e);
	commit_advise(o, &failure);
	object_fail(o, &failure);
	object_enter(o, COURSE_UNKNOWN, "");
	/* with the date that was signed; without, the next mount is careful */
	commit_save(o);
}
