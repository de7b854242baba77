/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "actions/commit.h"
#include "actions/outcome.h"
#include "actions/resolve.h"
#include "base/error.h"
#include "base/span.h"
#include "cloud/live.h"
#include "cloud/story.h"
#include "cloud/twin.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/log.h"
#include "model/object.h"
#include "model/waiter.h"
#include "state/saved.h"

/* How lines of `error` begin that are made anew while it is not known. */
#define ADVICE "whether "
#define MISSED "it cannot be looked for: "

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

/* While the disk is waited for. */
struct keeping {
	struct waiter synced;
	struct object *object;
	struct waiters waiters;
};

static void kept(struct waiter *w, int err)
{
	struct keeping *k = (struct keeping *)w;
	struct waiters waiters;
	ACK_UNSET struct ack_error e;

	waiters_move(&waiters, &k->waiters);
	k->object->keeping = NULL;
	saved_not_synced(k->object->fleet, err, &e);
	commit_happen(k->object, EVENT_KEPT, NULL, err ? &e : NULL);
	free(k);
	waiters_wake(&waiters, 0);
}

/* Nobody has said that it is what the commit made; the user may know better. */
static void tell_found(struct object *o)
{
	ACK_UNSET struct ack_error e;

	ack_error_set(&e, EPROTO, NULL,
		"found, not answered: the answer of this commit was lost, and "
		"the %s %s has its name, was made in its time, and contradicts "
		"nothing that was sent",
		o->kind->noun, o->id);
	object_fail(o, &e);
	story_tell(o, 0, "warning", "create", e.message);
}

void outcome_keep(struct object *o, const struct ids *ids)
{
	struct keeping *k = calloc(1, sizeof(*k));
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
	if (k && !ret) {
		k->synced.done = kept;
		k->object = o;
		if (saved_sync(o, &k->synced) == NODE_LATER) {
			o->keeping = k;
			return;
		}
	}
	free(k);
	commit_happen(o, EVENT_KEPT, NULL, ret ? &e : NULL);
}

void outcome_wait(struct object *o, struct waiters *list)
{
	if (o->keeping)
		waiters_move(&o->keeping->waiters, list);
	else
		waiters_wake(list, 0);
}

void outcome_drop(struct object *o)
{
	struct keeping *k = o->keeping;

	if (!k)
		return;
	o->keeping = NULL;
	waiter_leave(&k->synced);
	waiters_wake(&k->waiters, -EINTR);
	free(k);
}

/* When the disk says no, the intent that is still there makes the next mount
 * look for the cluster. */
void outcome_exists(struct object *o, const struct ack_error *e)
{
	struct object *other = fleet_by_id(o->fleet, o->id);
	ACK_UNSET struct ack_error told;
	char id[sizeof(o->id)];

	/* a list may have shown it before its answer came */
	if (other && other != o) {
		if (other->kept && saved_remove(other, &told))
			log_line(LOG_WARNING, "%s: %s", other->name,
				told.message);
		fleet_discard(o->fleet, other);
	}
	strcpy(id, o->id);
	if (!fleet_set_id(o, id))
		log_line(LOG_ERR, "%s: out of memory", o->name);
	forget_secrets(o);
	object_enter(o, COURSE_EXISTS, "initial");
	if (e) {
		ack_error_copy(&told, e);
		ack_error_hint(&told,
			"the %s %s exists; note its ID, and "
			"make room for the record",
			o->kind->noun, o->id);
		object_fail(o, &told);
		log_line(LOG_ERR, "%s: %s", o->name, told.message);
	}
	live_own_change(o->parent);
	story_tell(o, 0, "info", "create", o->id);
	story_begin(o, object_task_id(o));
}

void outcome_save(struct object *o)
{
	ACK_UNSET struct ack_error unsaved;

	if (saved_put(o, &unsaved))
		log_line(LOG_ERR, "%s: %s", o->name, unsaved.message);
	saved_sync(o, NULL);
}

void outcome_draft(struct object *o, const struct ack_error *e)
{
	drop_intent(o);
	object_enter(o, COURSE_DRAFT, "");
	object_fail(o, e);
	/* an intent that stays on disk is looked into by the next mount */
	outcome_save(o);
}

void outcome_advise(const struct object *o, struct ack_error *e)
{
	/* the service's clock, told in ours */
	time_t end = resolve_window_end(o) + time(NULL) -
		     fleet_service_time(o->fleet);
	char when[32];
	struct tm tm;

	localtime_r(&end, &tm);
	strftime(when, sizeof(when), "until %Y-%m-%d %H:%M:%S %z", &tm);
	ack_error_hint(e,
		ADVICE "%s was made is not known, so nothing is sent "
		       "again; ackfs looks for %s %s. If you know better, "
		       "write its ID, or none, into adopt",
		o->kind->a_noun, o->intent->name,
		end > time(NULL) ? when : "until lists show what became of it");
}

void outcome_retell(struct object *o, const struct ack_error *missed)
{
	struct ack_span rest = ack_span_of(o->error), line;
	struct ack_buf text = ACK_BUF_INIT(32768);
	ACK_UNSET struct ack_error advice;

	if (o->state != COURSE_UNKNOWN || !o->intent)
		return;
	ack_error_clear(&advice);
	outcome_advise(o, &advice);
	while (rest.len) {
		line = ack_span_cut(&rest, "\n");
		if (ack_span_starts(line, "hint: " ADVICE))
			ack_buf_printf(&text, "hint: %s\n", advice.hint);
		else if (!ack_span_starts(line, MISSED))
			ack_buf_printf(
				&text, "%.*s\n", (int)line.len, line.text);
	}
	if (missed)
		ack_buf_printf(&text, MISSED "%s%s%s\n", missed->message,
			*missed->code ? ", code: " : "", missed->code);
	if (!ack_buf_status(&text) &&
		strcmp(ack_buf_text(&text), o->error ? o->error : "")) {
		free(o->error);
		o->error = ack_buf_steal(&text);
		object_touch(o);
	}
	ack_buf_release(&text);
}

void outcome_unknown(struct object *o, const struct ack_error *e)
{
	ACK_UNSET struct ack_error told;

	ack_error_copy(&told, e);
	outcome_advise(o, &told);
	object_fail(o, &told);
	object_enter(o, COURSE_UNKNOWN, "");
	/* with the date that was signed; without, the next mount is careful */
	outcome_save(o);
}
