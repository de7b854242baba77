/* SPDX-License-Identifier: MIT */
#include "actions/change.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "actions/activity.h"
#include "actions/addons.h"
#include "actions/audit.h"
#include "actions/digest.h"
#include "actions/errand.h"
#include "actions/eviction.h"
#include "actions/order.h"
#include "actions/reading.h"
#include "actions/steps.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "client/client.h"
#include "client/sign.h"
#include "cloud/live.h"
#include "cloud/rest.h"
#include "cloud/story.h"
#include "model/bases.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/log.h"
#include "model/object.h"
#include "state/saved.h"

struct planned {
	const struct step *step; /* NULL: the one of an order */
	struct step_request request;
};

struct change {
	struct activity a;
	const char *sent; /* the action of its call; NULL: it reads */
	const struct errand *errand; /* its one call; NULL: a commit's */
	enum order_word word;        /* what the commit was ordered with */
	char digest[ACK_SHA256_HEX]; /* and that, or "" */
	/* What is sent: made once, from what was read. */
	struct planned *calls;
	unsigned ncalls, call_now; /* which is under way */
	struct reading reading;    /* of what is there */
	struct ack_buf instances;  /* of the nodes that are to go */
	unsigned tasks;            /* that they began */
	unsigned done;             /* calls that succeeded */
	char did[256];             /* what they were */
};

static void send_next(struct change *m);

/* The writer gets err, and finds no change under way. */
static void change_free(struct change *m, int err)
{
	activity_end(&m->a, err);
	for (unsigned i = 0; i < m->ncalls; i++)
		step_request_release(&m->calls[i].request);
	free(m->calls);
	reading_drop(&m->reading);
	ack_buf_release(&m->instances);
	free(m);
}

static void save(struct object *o)
{
	struct ack_error unsaved;

	if (o->kept && saved_put(o, &unsaved))
		log_line(LOG_ERR, "%s: %s", o->name, unsaved.message);
}

/* It is over, well (e NULL) or not: answers the writer. */
static void end(struct change *m, const struct ack_error *e)
{
	struct object *o = m->a.object;
	ACK_UNSET struct ack_error failure;

	o->change = NULL;
	object_fail(o, NULL);
	if (e) {
		ack_error_copy(&failure, e);
		if (m->done)
			ack_error_more(&failure,
				"done before that: %s; the other edits are "
				"kept: correct them and commit again",
				m->did);
		object_fail(o, &failure);
	}
	/* the answer of an earlier try may be lost, and something going on */
	if (e && e->err == EBUSY)
		live_ask(o);
	save(o);
	saved_sync(o, NULL);
	object_touch_params(o);
	rest_changed(o);
	change_free(m, e ? -e->err : 0);
}

static void end_without_memory(struct change *m)
{
	ACK_UNSET struct ack_error e;

	ack_error_memory(&e, NULL);
	end(m, &e);
}

/* What may have been executed is no news from elsewhere when it is seen. */
static void expect(struct change *m)
{
	struct object *o = m->a.object;
	const struct planned *c = &m->calls[m->call_now];
	const struct step_request *s = &c->request;
	struct object *pool = *s->pool ? fleet_by_id(o->fleet, s->pool) : NULL;

	for (unsigned row = 0; row < o->kind->table->count; row++)
		if (c->step && c->step->covers(o, row))
			live_changed_here(o, row);
	if (pool)
		live_changed_here(pool, pool->kind->table->nodes);
	if (o->parent)
		live_changed_here(o->parent, o->parent->kind->table->nodes);
}

/* A call that changes something has failed. Where nobody knows whether it was
 * executed, what is there now says so. */
static void fail(
	struct change *m, enum ack_outcome outcome, const struct ack_error *e)
{
	struct object *o = m->a.object;
	ACK_UNSET struct ack_error failure;

	ack_error_copy(&failure, e);
	if (outcome != ACK_UNKNOWN) {
		end(m, &failure);
		return;
	}
	ack_error_hint(&failure,
		"the answer of this call was lost, so it may have been "
		"executed; ackfs reads the state of the %s again. Read the "
		"files then; if it was not executed, commit or delete again",
		kind_noun(o->kind));
	o->since = ack_now_ms();
	expect(m);
	end(m, &failure);
	live_ask_again(o);
}

static void note(struct change *m, const char *what)
{
	size_t len = strlen(m->did);

	m->done++;
	snprintf(m->did + len, sizeof(m->did) - len, "%s%s", len ? ", " : "",
		what);
}

/* The value is that from now on; without memory the next list shows it. */
static void keep_value(struct object *o, unsigned row, const char *text)
{
	live_changed_here(o, row);
	if (!(o->kind->table->rows[row].flags & ACK_SECRET))
		ack_values_set(&o->values, row, text ? text : "",
			text ? strlen(text) : 0, time_now_ns());
}

/* The pool wants fewer from now on by those that go. */
static void keep_left(struct object *o)
{
	unsigned row = o->kind->table->nodes;
	long left = eviction_left(o);
	char text[24];

	snprintf(text, sizeof(text), "%ld", left);
	if (left >= 0)
		keep_value(o, row, text);
	live_changed_here(o, row);
}

/* What the call has done is how it is now. */
static void keep_edits(struct object *o, const struct step *step)
{
	int row = ack_values_next_touched(&o->edits, 0);

	while (row >= 0) {
		unsigned r = (unsigned)row;

		row = ack_values_next_touched(&o->edits, r + 1);
		if (!step->covers(o, r))
			continue;
		if (r == ACK_POOL_P_remove_nodes && step->passes)
			keep_left(o);
		if (!step->passes)
			keep_value(o, r, ack_values_get(&o->edits, r, NULL));
		ack_values_drop(&o->edits, r);
		ack_values_drop(&o->bases, r);
	}
}

/* The count of nodes stands in two places, the cluster and its pool. */
static void keep_count(struct object *o, const struct step_request *s)
{
	struct object *pool = *s->pool ? fleet_by_id(o->fleet, s->pool) : NULL;
	char text[24];

	if (o->parent) {
		live_own_change(o->parent);
	} else if (pool && pool->parent == o) {
		snprintf(text, sizeof(text), "%ld", s->nodes);
		keep_value(pool, pool->kind->table->nodes, text);
		pool->since = ack_now_ms();
		bases_settle(pool);
		save(pool);
		object_touch_params(pool);
		live_own_change(o);
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

void change_take_task(struct object *o, const struct ack_json *answer)
{
	const char *task = ack_json_get_string(answer, "task_id");

	if (task && *task)
		story_begin(o, task);
}

static void take_task(struct change *m, const struct ack_json *answer)
{
	const char *task = ack_json_get_string(answer, "task_id");

	if (!task || !*task)
		return;
	if (m->tasks++)
		story_also(m->a.object, task);
	else
		story_begin(m->a.object, task);
}

static void answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct change *m = arg;
	struct object *o = m->a.object;
	const struct planned *c = &m->calls[m->call_now];
	const struct step *step = c->step;

	m->a.call = NULL;
	m->sent = NULL;
	audit_answer(o, &m->a.who, step->action, answer, e);
	if (e->err) {
		fail(m, answer->outcome, e);
		return;
	}
	o->since = ack_now_ms();
	note(m, step->action);
	story_tell(o, 0, "info", step->action, "accepted");
	take_task(m, answer->json);
	/* tags are two calls for one edit: the last one ends it */
	if (step->halfway)
		step->halfway(o);
	if (step->done)
		step->done(o, &c->request);
	else if (!step->halfway || m->call_now + 1 == m->ncalls ||
		 c[1].step != step + 1)
		keep_edits(o, step);
	if (step->moves)
		ack_values_drop(&o->bases, (unsigned)step->moves);
	keep_count(o, &c->request);
	save(o);
	m->call_now++;
	send_next(m);
}

static void send_next(struct change *m)
{
	ACK_UNSET struct ack_error e;

	if (m->call_now == m->ncalls) {
		drop_edits(m->a.object);
		end(m, NULL);
		return;
	}
	m->sent = m->calls[m->call_now].step->action;
	m->a.call = ack_ask(m->a.object->fleet->client,
		&m->calls[m->call_now].request.r, answered, m, &e);
	if (!m->a.call)
		end(m, &e);
}

/* So many calls, each of which keeps its place; false: no memory. */
static bool plan_calls(struct change *m, unsigned count)
{
	m->calls = calloc(count, sizeof(*m->calls));
	m->ncalls = m->calls ? count : 0;
	for (unsigned i = 0; i < m->ncalls; i++)
		step_request_init(&m->calls[i].request);
	return m->calls;
}

static int fix_call(struct change *m, const struct step *step, unsigned nth,
	struct planned *c)
{
	struct step_request *s = &c->request;
	int ret;

	c->step = step;
	s->nth = nth;
	s->secrets = s->body.secret = true;
	ret = step->compose(m->a.object, s);
	if (!ret && step->passes)
		s->r.query[0].value = ack_buf_text(&m->instances);
	if (!ret)
		ret = steps_token(s);
	if (!ret && s->body.len) {
		s->r.body = ack_buf_text(&s->body);
		s->r.len = s->body.len;
	}
	return ret;
}

/* All that is going to be sent; nothing that comes meanwhile changes it. */
static int fix(struct change *m)
{
	unsigned count = 0, at = 0;
	int ret = 0;

	for (unsigned i = 0; i < nsteps; i++)
		count += step_calls(&steps[i], m->a.object);
	if (!plan_calls(m, count ? count : 1))
		return -ENOMEM;
	m->ncalls = count;
	for (unsigned i = 0; i < nsteps; i++)
		for (unsigned n = 0, most = step_calls(&steps[i], m->a.object);
			!ret && n < most; n++)
			ret = fix_call(m, &steps[i], n, &m->calls[at++]);
	return ret;
}

/* What takes away needs more than a yes. */
static int check_losses(const struct change *m, struct ack_error *e)
{
	const struct object *o = m->a.object;
	struct ack_buf text = ACK_BUF_INIT(4096);
	unsigned count = steps_losses(o, &text);
	char *first = strchr(ack_buf_text(&text), '\n');

	ack_error_clear(e);
	if (first)
		*first = '\0';
	if (count && o->fleet->no_delete)
		ack_error_set(e, EPERM, "commit",
			"%s; this mount does not remove anything (-o "
			"no_delete)",
			ack_buf_text(&text));
	else if (count && m->word == ORDER_YES)
		ack_error_set(e, EPERM, "commit", "%s; %s, to do it",
			ack_buf_text(&text), order_stronger(o));
	ack_buf_release(&text);
	return -e->err;
}

/* What is there now has been read. */
static void decide(struct change *m)
{
	struct object *o = m->a.object;
	ACK_UNSET struct ack_error e;
	int ret;

	bases_settle(o);
	if (!steps_wanted(o) && !*m->digest) {
		drop_edits(o);
		end(m, NULL);
		return;
	}
	ret = bases_compare(o, steps_cover, &e);
	if (ret)
		bases_renew(o);
	if (!ret && *m->digest)
		ret = digest_compare(o, m->digest, &e);
	if (!ret)
		ret = steps_check(o, &e);
	if (!ret)
		ret = check_losses(m, &e);
	if (!ret && addons_lack_version(o))
		ret = addons_complete(o, m->reading.versions, &e);
	if (!ret && eviction_wanted(o))
		ret = eviction_resolve(o, &m->reading.nodes, &m->instances, &e);
	if (ret)
		end(m, &e);
	else if (fix(m))
		end_without_memory(m);
	else
		send_next(m);
}

static void read_done(void *arg, const struct ack_error *e)
{
	struct change *m = arg;

	if (e)
		end(m, e);
	else
		decide(m);
}

static struct change *change_new(
	struct object *o, struct waiter *w, struct ack_error *e)
{
	struct change *m = calloc(1, sizeof(*m));

	if (!m) {
		ack_error_memory(e, NULL);
		return NULL;
	}
	activity_begin(&m->a, o, w);
	ack_buf_init(&m->instances, 65536);
	o->change = m;
	object_touch(o);
	return m;
}

int change_begin(struct object *o, enum order_word word, const char *digest,
	struct waiter *w, struct ack_error *e)
{
	struct change *m;

	/* what is wrong with the edits is judged by what is there now */
	if (steps_check(o, e) == -EBUSY)
		return -e->err;
	m = change_new(o, w, e);
	if (!m)
		return -e->err;
	m->word = word;
	snprintf(m->digest, sizeof(m->digest), "%s", digest);
	reading_begin(&m->reading, o, read_done, m);
	return 0;
}

static void errand_answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct change *m = arg;
	struct object *o = m->a.object;
	const struct errand *what = m->errand;

	m->a.call = NULL;
	m->sent = NULL;
	audit_answer(o, &m->a.who, what->name, answer, e);
	if (e->err && !(what->may_lack && kind_absent(o, e))) {
		fail(m, answer->outcome, e);
		return;
	}
	o->since = ack_now_ms();
	story_tell(o, 0, "info", what->name, "accepted");
	if (what->done)
		what->done(o, answer->json);
	end(m, NULL);
}

int change_errand(struct object *o, const struct errand *what, struct waiter *w,
	struct ack_error *e)
{
	struct change *m = change_new(o, w, e);
	int ret;

	if (!m)
		return -e->err;
	m->errand = what;
	ret = plan_calls(m, 1) ? what->compose(o, &m->calls[0].request)
			       : -ENOMEM;
	if (ret) {
		ack_error_memory(e, NULL);
	} else {
		m->sent = what->name;
		m->a.call = ack_ask(o->fleet->client, &m->calls[0].request.r,
			errand_answered, m, e);
		ret = m->a.call ? 0 : -e->err;
	}
	if (!ret)
		return 0;
	if (w)
		waiter_leave(w);
	o->change = NULL;
	change_free(m, 0);
	return ret;
}

void change_drop(struct object *o)
{
	struct change *m = o->change;

	if (!m)
		return;
	o->change = NULL;
	/* its answer is not waited for, so it may have been executed */
	if (m->a.call && m->sent)
		audit_line(o, &m->a.who, m->sent, "unknown", NULL, NULL);
	change_free(m, -EINTR);
}
