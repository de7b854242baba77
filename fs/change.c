/* SPDX-License-Identifier: MIT */
#include "change.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "audit.h"
#include "client.h"
#include "error.h"
#include "fleet.h"
#include "json.h"
#include "kind.h"
#include "live.h"
#include "log.h"
#include "object.h"
#include "removal.h"
#include "rest.h"
#include "saved.h"
#include "scale.h"
#include "steps.h"
#include "story.h"

struct change {
	struct object *object;
	struct waiters waiters;
	struct audit_caller who;
	struct ack_call *call;
	struct step_request request;
	unsigned step; /* of steps[], which is under way */
	unsigned done; /* calls that succeeded */
	char did[256]; /* what they were */
	int64_t asked; /* for the node pools; ack_now_ms() */
};

static void run(struct change *m);

static void change_free(struct change *m)
{
	ack_call_drop(m->call);
	step_request_release(&m->request);
	free(m);
}

/* It is over, well (e NULL) or not: tells the writer. */
static void end(struct change *m, const struct ack_error *e)
{
	struct object *o = m->object;
	struct ack_error told, unsaved;

	o->change = NULL;
	object_fail(o, NULL);
	if (e) {
		ack_error_copy(&told, e);
		if (m->done)
			ack_error_more(&told,
				"done before that: %s; the rest stays as an "
				"edit: mend it and commit again",
				m->did);
		object_fail(o, &told);
	}
	/* the answer of an earlier try may be lost, and something going on */
	if (e && e->err == EBUSY)
		live_ask(o);
	if (o->kept && saved_put(o, &unsaved))
		log_line(LOG_ERR, "%s: %s", o->name, unsaved.message);
	saved_sync(o, NULL);
	object_touch_params(o);
	rest_changed(o);
	waiters_wake(&m->waiters, e ? -e->err : 0);
	change_free(m);
}

/* A call that changes something has failed. Where nobody knows whether it was
 * executed, what is there now says so. */
static void fail(
	struct change *m, enum ack_outcome outcome, const struct ack_error *e)
{
	struct object *o = m->object;
	ACK_UNSET struct ack_error told;

	ack_error_copy(&told, e);
	if (outcome != ACK_UNKNOWN) {
		end(m, &told);
		return;
	}
	ack_error_hint(&told,
		"no answer says what became of this call, so it may have been "
		"executed; ackfs reads the state of the %s again. Look at what "
		"the files say then; commit again, or delete again, if it was "
		"not",
		o->kind->noun);
	o->since = ack_now_ms();
	end(m, &told);
	live_ask_again(o);
}

static void note(struct change *m, const char *what)
{
	size_t len = strlen(m->did);

	m->done++;
	snprintf(m->did + len, sizeof(m->did) - len, "%s%s", len ? ", " : "",
		what);
}

/* What the call has done is how it is now. */
static void keep_edits(struct object *o, const struct step *step)
{
	int row = ack_values_next_touched(&o->edits, 0);

	while (row >= 0) {
		unsigned r = (unsigned)row;
		const char *text = ack_values_get(&o->edits, r, NULL);

		row = ack_values_next_touched(&o->edits, r + 1);
		if (!step->covers(o, r))
			continue;
		/* without memory the next list tells */
		if (!(o->kind->table->rows[r].flags & ACK_SECRET))
			ack_values_set(&o->values, r, text ? text : "",
				text ? strlen(text) : 0, time_now_ns());
		ack_values_drop(&o->edits, r);
	}
}

/* What no call had to carry out was no edit; what is said with a later order,
 * such as delete, stays for that. */
static void drop_edits(struct object *o)
{
	for (unsigned i = 0; i < nsteps; i++)
		for (unsigned r = 0; r < o->kind->table->count; r++)
			if (steps[i].covers(o, r))
				ack_values_drop(&o->edits, r);
}

static void take_task(struct object *o, const struct ack_json *answer)
{
	const char *task = ack_json_get_string(answer, "task_id");

	if (task && *task)
		story_begin(o, task);
}

static void answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct change *m = arg;
	struct object *o = m->object;
	const struct step *step = &steps[m->step];
	struct ack_error unsaved;

	m->call = NULL;
	audit_answer(o, &m->who, step->action, answer, e);
	if (e->err) {
		fail(m, answer->outcome, e);
		return;
	}
	o->since = ack_now_ms();
	note(m, step->action);
	story_tell(o, 0, "info", step->action, "accepted");
	take_task(o, answer->json);
	/* tags are two calls for one edit: the last one ends it */
	if (step->halfway)
		step->halfway(o);
	if (!step->halfway || !steps[m->step + 1].wanted(o))
		keep_edits(o, step);
	if (o->kept && saved_put(o, &unsaved))
		log_line(LOG_ERR, "%s: %s", o->name, unsaved.message);
	m->step++;
	run(m);
}

static void send(struct change *m)
{
	struct object *o = m->object;
	struct ack_error e;

	if (steps[m->step].compose(o, &m->request)) {
		ack_error_set(&e, ENOMEM, NULL, "out of memory");
		end(m, &e);
		return;
	}
	if (m->request.body.len) {
		m->request.r.body = ack_buf_text(&m->request.body);
		m->request.r.len = m->request.body.len;
	}
	m->call = ack_ask(o->fleet->client, &m->request.r, answered, m, &e);
	if (!m->call)
		end(m, &e);
}

static void pools_answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct change *m = arg;
	const struct ack_json *list = ack_json_get(answer->json, "nodepools");
	ACK_UNSET struct ack_error told;

	ack_error_copy(&told, e);
	m->call = NULL;
	if (!told.err)
		scale_pool(m->object, list, &m->request, &told);
	if (told.err) {
		end(m, &told);
		return;
	}
	live_nodepools(m->object, list, m->asked);
	send(m);
}

static void find_pool(struct change *m)
{
	struct ack_request r = kind_request(
		m->object, ACK_CALL_DescribeClusterNodePools);
	struct ack_error e;

	m->asked = ack_now_ms();
	m->call = ack_ask(m->object->fleet->client, &r, pools_answered, m, &e);
	if (!m->call)
		end(m, &e);
}

static void run(struct change *m)
{
	while (m->step < nsteps && !steps[m->step].wanted(m->object))
		m->step++;
	step_request_release(&m->request);
	step_request_init(&m->request);
	if (m->step == nsteps) {
		drop_edits(m->object);
		end(m, NULL);
	} else if (steps[m->step].needs_pool) {
		find_pool(m);
	} else {
		send(m);
	}
}

static struct change *change_new(
	struct object *o, struct waiter *w, struct ack_error *e)
{
	struct change *m = calloc(1, sizeof(*m));

	if (!m) {
		ack_error_set(e, ENOMEM, NULL, "out of memory");
		return NULL;
	}
	m->object = o;
	step_request_init(&m->request);
	if (w)
		m->who = (struct audit_caller){w->uid, w->pid};
	waiter_wait(w, &m->waiters);
	o->change = m;
	object_touch(o);
	return m;
}

int change_begin(struct object *o, struct waiter *w, struct ack_error *e)
{
	int ret = steps_check(o, e);
	struct change *m = ret ? NULL : change_new(o, w, e);

	if (!m)
		return -e->err;
	run(m);
	return 0;
}

static void deleted(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct change *m = arg;
	struct object *o = m->object;

	m->call = NULL;
	audit_answer(o, &m->who, "delete", answer, e);
	if (e->err && !kind_absent(o, e)) {
		fail(m, answer->outcome, e);
		return;
	}
	o->since = ack_now_ms();
	story_unwanted(o);
	object_enter(o, COURSE_EXISTS, "deleting");
	story_tell(o, 0, "info", "delete", "accepted");
	story_begin(o, "");
	take_task(o, answer->json);
	end(m, NULL);
}

int change_delete(struct object *o, struct waiter *w, struct ack_error *e)
{
	struct change *m = change_new(o, w, e);
	int ret = m ? removal_compose(o, &m->request) : 0;

	if (!m)
		return -e->err;
	if (ret) {
		ack_error_set(e, ENOMEM, NULL, "out of memory");
	} else {
		m->call = ack_ask(
			o->fleet->client, &m->request.r, deleted, m, e);
		ret = m->call ? 0 : -e->err;
	}
	if (!ret)
		return 0;
	if (w)
		waiter_leave(w);
	o->change = NULL;
	change_free(m);
	return ret;
}

void change_drop(struct object *o)
{
	struct change *m = o->change;

	if (!m)
		return;
	o->change = NULL;
	waiters_wake(&m->waiters, -EINTR);
	change_free(m);
}
