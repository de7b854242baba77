/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "object.h"
#include "error.h"
#include "fleet.h"
#include "intent.h"
#include "kind.h"
#include "log.h"
#include "outcome.h"
#include "resolve.h"
#include "saved.h"
#include "story.h"

static void forget_secrets(struct object *o)
{
	for (unsigned row = 0; row < o->kind->table->count; row++)
		if (o->kind->table->rows[row].flags & ACK_SECRET)
			ack_values_set(&o->values, row, "", 0, o->changed);
}

static void drop_intent(struct object *o)
{
	resolve_stop(o);
	intent_free(o->intent);
	o->intent = NULL;
}

/*
 * The record must not fail here: the cluster is there. When the disk says
 * no, the IDs are shown all the same, and the intent that is still on disk
 * makes the next mount look for the cluster.
 */
void outcome_exists(struct object *o, const struct ids *ids)
{
	struct object *other = fleet_by_id(o->fleet, ids->id);
	struct ack_error e;

	/* a list may have shown it before its answer came */
	if (other && other != o) {
		if (other->kept && saved_remove(other, &e))
			log_line(LOG_WARNING, "%s: %s", other->name, e.message);
		fleet_discard(o->fleet, other);
	}
	o->since = ack_now_ms();
	if (!fleet_set_id(o, ids->id))
		log_line(LOG_ERR, "%s: out of memory", o->name);
	snprintf(o->request_id, sizeof(o->request_id), "%s", ids->request_id);
	snprintf(o->task_id, sizeof(o->task_id), "%s", ids->task_id);
	drop_intent(o);
	forget_secrets(o);
	object_enter(o, COURSE_EXISTS, "initial");
	object_fail(o, NULL);
	if (saved_put(o, true, &e)) {
		ack_error_hint(&e,
			"the %s %s exists; note its ID, and "
			"make room for the record",
			o->kind->noun, o->id);
		object_fail(o, &e);
		log_line(LOG_ERR, "%s: %s", o->name, e.message);
	}
	story_tell(o, 0, "info", "create", o->id);
	story_begin(o, o->task_id);
}

void outcome_draft(struct object *o, const struct ack_error *e)
{
	struct ack_error unsaved;

	drop_intent(o);
	object_enter(o, COURSE_DRAFT, "");
	object_fail(o, e);
	/* an intent that stays on disk is looked into by the next mount */
	if (saved_put(o, true, &unsaved))
		log_line(LOG_ERR, "%s: %s", o->name, unsaved.message);
}

void outcome_advise(const struct object *o, struct ack_error *e)
{
	/* the service's clock, told in ours */
	time_t end = resolve_window_end(o) + time(NULL) -
		     fleet_service_time(o->fleet);
	char when[32];
	struct tm tm;

	localtime_r(&end, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S %z", &tm);
	ack_error_hint(e,
		"whether %s was made is not known, so nothing is sent "
		"again; ackfs looks for %s until %s. If you know better, write "
		"its ID, or none, into adopt",
		o->kind->a_noun, o->intent->name, when);
}

void outcome_unknown(struct object *o, const struct ack_error *e)
{
	struct ack_error told = *e;

	outcome_advise(o, &told);
	object_fail(o, &told);
	object_enter(o, COURSE_UNKNOWN, "");
}
