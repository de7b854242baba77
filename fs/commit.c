/* SPDX-License-Identifier: MIT */
/* course.h has the states, the events, and what must hold. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "audit.h"
#include "body.h"
#include "buf.h"
#include "client.h"
#include "cluster.h"
#include "commit.h"
#include "draft.h"
#include "error.h"
#include "findings.h"
#include "fleet.h"
#include "intent.h"
#include "json.h"
#include "log.h"
#include "outcome.h"
#include "resolve.h"
#include "saved.h"
#include "types.h"
#include "waiter.h"

#define BODY_MAX (1u << 20)

/* From the order to the outcome of the POST. */
struct commit {
	struct cluster *cluster;
	struct waiter *waiter;
	struct audit_caller who;
	struct ack_call *call;
	struct ack_buf body;
	struct intent *intent;
	char taken[64]; /* ID of a cluster that has the name */
};

static void commit_free(struct commit *m)
{
	ack_call_drop(m->call);
	ack_buf_release(&m->body);
	intent_free(m->intent);
	free(m);
}

/* It is over: tells the writer. */
static void commit_end(struct cluster *c, int err)
{
	struct commit *m = c->commit;

	if (!m)
		return;
	c->commit = NULL;
	waiter_wake(&m->waiter, -err);
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
	struct ids ids = {r->id, r->request_id, r->task_id};

	m->call = NULL;
	commit_happen(m->cluster, events[r->outcome], &ids, e);
}

static void post(struct commit *m)
{
	struct ack_error e;

	struct ack_request r = {.action = ACK_CALL_CreateCluster,
		.body = ack_buf_text(&m->body),
		.len = m->body.len};

	m->call = ack_create(m->cluster->fleet->client, &r, posted, m, &e);
	if (!m->call)
		commit_happen(m->cluster, EVENT_UNSENT, NULL, &e);
}

/* Nothing has left before this has returned 0. */
static void record(struct commit *m)
{
	struct cluster *c = m->cluster;
	struct ack_error e;

	c->intent = m->intent;
	m->intent = NULL;
	c->intent->date = fleet_service_time(c->fleet);
	if (!saved_put(c, true, &e)) {
		commit_happen(c, EVENT_RECORDED, NULL, NULL);
		return;
	}
	intent_free(c->intent);
	c->intent = NULL;
	commit_happen(c, EVENT_NOT_RECORDED, NULL, &e);
}

/* Pages of the clusters whose name is like ours: the service's match is
 * fuzzy (ack-api.md 2.4). */
static void listed(void *arg, const struct ack_json *page, bool more,
	const struct ack_error *e)
{
	struct commit *m = arg;
	struct ack_error told;

	for (const struct ack_json *n = ack_json_first(page); n;
		n = ack_json_next(n)) {
		const char *name = ack_json_get_string(n, "name");
		const char *id = ack_json_get_string(n, "cluster_id");

		if (name && !strcmp(name, m->intent->name))
			strncpy(m->taken, id ? id : "?", sizeof(m->taken) - 1);
	}
	if (more)
		return;
	m->call = NULL;
	if (e->err) {
		told = *e;
		if (told.err == EACCES)
			ack_error_hint(&told,
				"grant cs:DescribeClustersForRegion, which "
				"ackfs needs to find a cluster again whose "
				"answer was lost; or mount with -o "
				"preflight=off");
		commit_happen(m->cluster, EVENT_ASK_FAILED, NULL, &told);
	} else if (*m->taken) {
		ack_error_set(&told, EEXIST, "name",
			"a cluster named %s exists already: %s",
			m->intent->name, m->taken);
		commit_happen(m->cluster, EVENT_NAME_TAKEN, NULL, &told);
	} else {
		commit_happen(m->cluster, EVENT_NAME_FREE, NULL, NULL);
	}
}

static void ask(struct commit *m)
{
	struct fleet *f = m->cluster->fleet;
	struct cluster *other = fleet_making(f, m->cluster, m->intent->name);
	struct ack_error e;

	if (other) {
		ack_error_set(&e, EEXIST, "name",
			"%s is making a cluster of the name %s just now",
			other->name, m->intent->name);
		commit_happen(m->cluster, EVENT_NAME_TAKEN, NULL, &e);
		return;
	}
	if (!f->preflight) {
		commit_happen(m->cluster, EVENT_NAME_FREE, NULL, NULL);
		return;
	}
	m->call = ack_list_clusters(f->client, m->intent->name, listed, m, &e);
	if (!m->call)
		commit_happen(m->cluster, EVENT_ASK_FAILED, NULL, &e);
}

static bool worth_a_line(enum course_event event)
{
	return event >= EVENT_RECORDED && event != EVENT_UNDECIDED &&
	       event != EVENT_MOUNT;
}

void commit_happen(struct cluster *c, enum course_event event,
	const struct ids *ids, const struct ack_error *e)
{
	struct course_step s = course_next(c->state, event);
	struct audit_caller who = c->commit ? c->commit->who
					    : resolve_caller(c);

	if (!s.valid) {
		log_line(LOG_ERR, "%s: %s cannot happen in the state %s",
			c->name, course_event_name(event),
			course_state_name(c->state));
		return;
	}
	switch (s.action) {
	case ACTION_ASK:
		cluster_fail(c, NULL);
		cluster_enter(c, s.state, "");
		ask(c->commit);
		break;
	case ACTION_RECORD:
		c->state = s.state;
		record(c->commit);
		break;
	case ACTION_POST:
		c->state = s.state;
		post(c->commit);
		break;
	case ACTION_KEEP:
		outcome_exists(c, ids);
		break;
	case ACTION_CLEAR:
		outcome_draft(c, e);
		break;
	case ACTION_LOOK:
		if (e)
			outcome_unknown(c, e);
		resolve_look(c);
		break;
	case ACTION_TELL:
		cluster_enter(c, s.state, "");
		cluster_fail(c, e);
		break;
	case ACTION_NONE:
	case ACTION_REFUSE:
		break;
	}
	if (worth_a_line(event))
		audit_line(c, &who, "create", course_event_name(event), e);
	if (s.action >= ACTION_KEEP)
		commit_end(c, e ? e->err : 0);
}

/* The tag that makes evidence certain, beside the user's own. */
static int add_tag(struct ack_values *v, const struct intent *i)
{
	const char *tags = ack_values_get(v, ACK_P_tags, NULL);
	struct ack_buf all = ACK_BUF_INIT(ACK_VALUE_MAX + 128);
	int ret;

	ack_buf_printf(&all, "%s%s%s=%s", tags ? tags : "", tags ? "\n" : "",
		INTENT_TAG, i->commit);
	ret = ack_buf_status(&all);
	if (!ret)
		ret = ack_values_set(
			v, ACK_P_tags, ack_buf_text(&all), all.len, 0);
	ack_buf_release(&all);
	return ret;
}

static struct commit *prepare(struct cluster *c, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	struct commit *m = calloc(1, sizeof(*m));
	int ret = m ? cluster_effective(c, &v) : -ENOMEM;

	if (!ret)
		ret = findings_error(&v, e);
	if (!ret) {
		m->cluster = c;
		ack_buf_init(&m->body, BODY_MAX);
		m->intent = intent_new(
			ack_values_get(&v, ACK_P_name, NULL), c->fleet->tag);
		ret = m->intent ? 0 : -ENOMEM;
	}
	if (!ret && c->fleet->tag)
		ret = add_tag(&v, m->intent);
	if (!ret)
		ret = ack_body_build(&ack_cluster_table, &v,
			c->fleet->endpoint.form, true, false, &m->body);
	ack_values_release(&v);
	if (!ret)
		return m;
	if (ret == -ENOMEM)
		ack_error_set(e, ENOMEM, NULL, "out of memory");
	if (m)
		commit_free(m);
	return NULL;
}

int commit_begin(struct cluster *c, struct waiter *w, struct ack_error *e)
{
	struct commit *m = prepare(c, e);

	if (!m)
		return -e->err;
	c->commit = m;
	if (w)
		m->who = (struct audit_caller){w->uid, w->pid};
	waiter_wait(w, &m->waiter);
	commit_happen(c, EVENT_COMMIT, NULL, NULL);
	return 0;
}

void commit_drop(struct cluster *c)
{
	commit_end(c, EINTR);
}
