/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "cluster.h"
#include "error.h"
#include "fleet.h"
#include "intent.h"
#include "log.h"
#include "outcome.h"
#include "resolve.h"
#include "saved.h"

static void forget_secrets(struct cluster *c)
{
	for (unsigned row = 0; row < ack_cluster_table.count; row++)
		if (ack_cluster_table.rows[row].flags & ACK_SECRET)
			ack_values_set(&c->values, row, "", 0, c->changed);
}

static void drop_intent(struct cluster *c)
{
	resolve_stop(c);
	intent_free(c->intent);
	c->intent = NULL;
}

/*
 * The record must not fail here: the cluster is there. When the disk says
 * no, the IDs are shown all the same, and the intent that is still on disk
 * makes the next mount look for the cluster.
 */
void outcome_exists(struct cluster *c, const struct ids *ids)
{
	struct ack_error e;

	snprintf(c->cluster_id, sizeof(c->cluster_id), "%s", ids->cluster_id);
	snprintf(c->request_id, sizeof(c->request_id), "%s", ids->request_id);
	snprintf(c->task_id, sizeof(c->task_id), "%s", ids->task_id);
	drop_intent(c);
	forget_secrets(c);
	cluster_enter(c, COURSE_EXISTS, "initial");
	cluster_fail(c, NULL);
	if (saved_put(c, true, &e)) {
		ack_error_hint(&e,
			"the cluster %s exists; note its ID, and "
			"make room for the record",
			c->cluster_id);
		cluster_fail(c, &e);
		log_line(LOG_ERR, "%s: %s", c->name, e.message);
	}
	fleet_poll_soon(c->fleet);
}

void outcome_draft(struct cluster *c, const struct ack_error *e)
{
	struct ack_error unsaved;

	drop_intent(c);
	cluster_enter(c, COURSE_DRAFT, "");
	cluster_fail(c, e);
	/* an intent that stays on disk is looked into by the next mount */
	if (saved_put(c, true, &unsaved))
		log_line(LOG_ERR, "%s: %s", c->name, unsaved.message);
}

void outcome_advise(const struct cluster *c, struct ack_error *e)
{
	/* the service's clock, told in ours */
	time_t end = resolve_window_end(c) + time(NULL) -
		     fleet_service_time(c->fleet);
	char when[32];
	struct tm tm;

	localtime_r(&end, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S %z", &tm);
	ack_error_hint(e,
		"whether a cluster was made is not known, so nothing is sent "
		"again; ackfs looks for %s until %s. If you know better, write "
		"its ID, or none, into adopt",
		c->intent->name, when);
}

void outcome_unknown(struct cluster *c, const struct ack_error *e)
{
	struct ack_error told = *e;

	outcome_advise(c, &told);
	cluster_fail(c, &told);
	cluster_enter(c, COURSE_UNKNOWN, "");
}
