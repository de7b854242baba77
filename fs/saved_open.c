/* SPDX-License-Identifier: MIT */
/* A fleet from its records and its journal, and back to a closed one. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "buf.h"
#include "error.h"
#include "fleet.h"
#include "json.h"
#include "kind.h"
#include "log.h"
#include "object.h"
#include "outcome.h"
#include "record.h"
#include "resolve.h"
#include "saved.h"
#include "state.h"

static int not_json(struct ack_error *e, size_t where)
{
	if (where == ACK_JSON_NO_MEMORY)
		return ack_error_set(e, ENOMEM, NULL, "out of memory");
	return ack_error_set(
		e, EINVAL, NULL, "it is not JSON from byte %zu on", where);
}

static int take_record(struct fleet *f, const char *name,
	const struct ack_json *record, struct ack_error *e)
{
	struct object *o = fleet_restore(f, NULL, name);
	int ret = o ? record_read(o, record, e)
		    : ack_error_set(e, ENOMEM, NULL, "out of memory");

	if (ret && o)
		fleet_discard(f, o);
	return ret;
}

static int take_file(void *arg, const char *name, const char *text, size_t len,
	struct ack_error *e)
{
	struct fleet *f = arg;
	size_t where;
	struct ack_json *j = ack_json_parse(text, len, &where);
	int ret = j ? take_record(f, name, j, e) : not_json(e, where);
	struct object *o = ret ? NULL : fleet_by_name(f, name);

	if (o && o->line > f->saved->journal.last)
		f->saved->journal.last = o->line;
	ack_json_free(j);
	return ret;
}

/* What a later line has made of another name, or of nothing. */
static void drop(struct fleet *f, const char *name, uint64_t line)
{
	struct object *o = name ? fleet_by_name(f, name) : NULL;
	struct ack_error e;

	if (!o || o->line >= line)
		return;
	if (store_remove(&f->saved->store, name, &e))
		log_line(LOG_WARNING, "%s", e.message);
	fleet_discard(f, o);
}

static int take_whole(struct fleet *f, const struct ack_json *record,
	uint64_t line, struct ack_error *e)
{
	const char *name = ack_json_get_string(record, "directory");
	struct object *o = name ? fleet_by_name(f, name) : NULL;
	uint64_t saved = o ? o->saved : 0;
	int ret;

	if (!name)
		return ack_error_set(e, EINVAL, NULL, "a record has no name");
	if (o && o->line >= line)
		return 0;
	if (o)
		fleet_discard(f, o);
	ret = take_record(f, name, record, e);
	o = ret ? NULL : fleet_by_name(f, name);
	if (o) {
		o->line = line;
		o->saved = saved;
	}
	return ret;
}

/* Of a directory whose record was set aside nothing is left to change. */
static int take_values(struct fleet *f, const struct ack_json *j, uint64_t line,
	struct ack_error *e)
{
	const char *name = ack_json_get_string(j, "directory");
	const char *pool = ack_json_get_string(j, "nodepool");
	struct object *root = name ? fleet_by_name(f, name) : NULL;
	struct object *o = root && pool ? objects_find(&root->pools, pool)
					: root;
	int ret;

	if (!o || root->line >= line)
		return 0;
	ret = record_read_values(o, ack_json_get(j, "values"), e);
	if (!ret)
		root->line = line;
	return ret;
}

int saved_take_line(
	void *fleet, const char *text, size_t len, struct ack_error *e)
{
	struct fleet *f = fleet;
	size_t where;
	struct ack_json *j = ack_json_parse(text, len, &where);
	const struct ack_json *record = ack_json_get(j, "record");
	int64_t line = 0;
	int ret = 0;

	if (!j)
		return not_json(e, where);
	if (!ack_json_integer(ack_json_get(j, "line"), &line) || line <= 0)
		ret = ack_error_set(e, EINVAL, NULL, "a line has no number");
	if (!ret && record) {
		drop(f, ack_json_get_string(j, "was"), (uint64_t)line);
		ret = take_whole(f, record, (uint64_t)line, e);
	} else if (!ret) {
		drop(f, ack_json_get_string(j, "gone"), (uint64_t)line);
		ret = take_values(f, j, (uint64_t)line, e);
	}
	if (!ret && (uint64_t)line > f->saved->journal.last)
		f->saved->journal.last = (uint64_t)line;
	ack_json_free(j);
	return ret;
}

static void tell(void *arg, const char *sentence)
{
	struct fleet *f = arg;
	struct ack_error e;

	log_line(LOG_WARNING, "%s", sentence);
	ack_error_set(&e, EINVAL, NULL, "%s", sentence);
	fleet_fail(f, &e);
}

static void look_into(struct object *o, void *arg)
{
	struct ack_error lost;

	objects_walk(&o->pools, look_into, arg);
	if (o->state == COURSE_UNKNOWN) {
		ack_error_set(&lost, EINTR, NULL,
			"ackfs ended before it knew what became of this "
			"commit");
		outcome_unknown(o, &lost);
		resolve_look(o);
	} else if (object_exists(o) && !kind_at_rest(o)) {
		follow_soon(o->fleet);
	}
}

void saved_resume(struct fleet *f)
{
	objects_walk(&f->clusters, look_into, NULL);
}

int saved_open(struct saved *s, struct fleet *f, const struct state *state,
	struct ack_error *e)
{
	int ret = store_open(&s->store, state, e);

	if (ret)
		return ret;
	f->saved = s;
	s->worker = worker_new(f->events, e);
	if (!s->worker)
		return -e->err;
	s->journal.dir = state->lock;
	s->journal.worker = s->worker;
	ret = store_load(&s->store, take_file, tell, f, e);
	if (!ret)
		ret = journal_replay(&s->journal, saved_take_line, tell, f, e);
	if (!ret)
		ret = journal_open(&s->journal, e);
	if (ret)
		return ret;
	saved_resume(f);
	if (s->journal.size || s->journal.has_old)
		checkpoint_soon(f, true);
	return 0;
}

void saved_stop(struct saved *s)
{
	checkpoint_stop(&s->checkpoint);
	journal_leave(&s->journal);
}

void saved_close(struct saved *s)
{
	worker_free(s->worker);
	s->worker = NULL;
	journal_close(&s->journal);
	ack_buf_release(&s->line);
	store_close(&s->store);
}
