/* SPDX-License-Identifier: MIT */
#include "state/saved.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "base/error.h"
#include "base/length.h"
#include "model/address.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/log.h"
#include "model/object.h"
#include "model/part.h"
#include "model/waiter.h"
#include "params/body_drop.h"
#include "state/db.h"

#define LOG_BIG 1024 /* pages, of 1 KiB */
#define TAKEN                                                           \
	"the state directory: somebody took its files away, or put "    \
	"others in their place, so nothing can be kept: copy what you " \
	"need, and mount again"

#define QUIET_MS 10000
#define AGAIN_MS 60000 /* after a failure */

static struct object *root_of(struct object *o)
{
	return o->parent ? o->parent : o;
}

static int64_t id_of(const struct object *o)
{
	return (int64_t)o->serial;
}

static const char *record_of(const struct object *o)
{
	if (o->state == COURSE_EXISTS || o->state == COURSE_KEEPING)
		return "exists";
	return o->intent ? "intent" : "draft";
}

/* Of what exists no file is away; what was hidden of its draft is back. */
static bool is_hidden(const struct object *o, unsigned row)
{
	return row < o->kind->table->count &&
	       object_hidden(o, NODE_PARAMS + row) && *record_of(o) != 'e';
}

/* Those that stand behind the table (body_drop.h) have no name there. */
#define DROPPED "(dropped)"
#define MADE    "(made)"

static const char *name_of(const struct object *o, unsigned row)
{
	const struct ack_table *t = o->kind->table;

	return row == ack_body_dropped_row(t) ? DROPPED
	       : row == ack_body_made_row(t)  ? MADE
					      : t->rows[row].name;
}

int saved_row(const struct object *o, const char *name)
{
	const struct ack_table *t = o->kind->table;

	return !strcmp(name, DROPPED) ? (int)ack_body_dropped_row(t)
	       : !strcmp(name, MADE)  ? (int)ack_body_made_row(t)
				      : ack_table_find(t, name);
}

static int put_parameter(
	struct db *d, const struct object *o, unsigned row, struct ack_error *e)
{
	return db_run(d, e,
		"INSERT OR REPLACE INTO parameters (directory, parameter, "
		"value, time, hidden) VALUES (?, ?, ?, ?, ?)",
		"ittii", id_of(o), name_of(o, row),
		ack_values_get(&o->values, row, NULL),
		ack_values_time(&o->values, row), (int64_t)is_hidden(o, row));
}

/* One that was taken back by rm is not kept. */
static int put_edit(
	struct db *d, const struct object *o, unsigned row, struct ack_error *e)
{
	const char *name = o->kind->table->rows[row].name;
	const char *base = ack_values_get(&o->bases, row, NULL);

	if (!object_edited(o, row))
		return db_run(d, e,
			"DELETE FROM edits WHERE directory = ? AND parameter = "
			"?",
			"it", id_of(o), name);
	/* that it was unset is a base, too */
	if (!base && ack_values_time(&o->bases, row))
		base = "";
	return db_run(d, e,
		"INSERT OR REPLACE INTO edits (directory, parameter, value, "
		"base, time) VALUES (?, ?, ?, ?, ?)",
		"ittti", id_of(o), name, ack_values_get(&o->edits, row, NULL),
		base, ack_values_time(&o->edits, row));
}

/* Secrets are never on disk. */
static bool is_secret(const struct object *o, unsigned row)
{
	const struct ack_table *t = o->kind->table;

	return row < t->count && t->rows[row].flags & ACK_SECRET;
}

static bool is_kept(const struct object *o, unsigned row)
{
	return !is_secret(o, row) &&
	       (ack_values_next_touched(&o->values, row) == (int)row ||
		       is_hidden(o, row));
}

/* Rows whose line in the database is what it would be now. */
struct current {
	const struct object *object;
	bool rows[OBJECT_ROWS];
	bool more; /* lines that would not be there */
};

static int compare(void *arg, const struct db_row *line, struct ack_error *e)
{
	struct current *c = arg;
	const struct object *o = c->object;
	const char *name, *value, *is;
	int64_t time, hidden;
	int row;

	(void)e;
	db_columns(line, "ttii", &name, &value, &time, &hidden);
	row = saved_row(o, name);
	if (row < 0 || !is_kept(o, (unsigned)row)) {
		c->more = true;
		return 0;
	}
	is = ack_values_get(&o->values, (unsigned)row, NULL);
	c->rows[row] = time == ack_values_time(&o->values, (unsigned)row) &&
		       !hidden == !is_hidden(o, (unsigned)row) &&
		       !is == !value && (!is || !strcmp(is, value));
	return 0;
}

/* Most that is saved was saved before, one write(2) after the other. */
static int put_parameters(
	struct db *d, const struct object *o, struct ack_error *e)
{
	struct current c = {.object = o};
	int ret = db_each(d, e, compare, &c,
		"SELECT parameter, value, time, hidden FROM parameters WHERE "
		"directory = ?",
		"i", id_of(o));
	int next;

	if (!ret && c.more) {
		c = (struct current){.object = o};
		ret = db_run(d, e, "DELETE FROM parameters WHERE directory = ?",
			"i", id_of(o));
	}
	next = ack_values_next_touched(&o->values, 0);
	for (unsigned row = 0; !ret && row < OBJECT_ROWS; row++) {
		bool touched = next == (int)row;

		if (touched)
			next = ack_values_next_touched(&o->values, row + 1);
		if ((touched || is_hidden(o, row)) && !is_secret(o, row) &&
			!c.rows[row])
			ret = put_parameter(d, o, row, e);
	}
	return ret;
}

static int put_edits(struct db *d, const struct object *o, struct ack_error *e)
{
	int row = ack_values_next_touched(&o->edits, 0), ret = 0;

	for (; !ret && row >= 0;
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1))
		if (!is_secret(o, (unsigned)row))
			ret = put_edit(d, o, (unsigned)row, e);
	return ret;
}

static const char *filled(const char *text)
{
	return text && *text ? text : NULL;
}

static int put_directory(
	struct db *d, const struct object *o, struct ack_error *e)
{
	const char *task = NULL;

	PARTS_EACH (p, o->fleet, task)
		task = p->task(o);
	return db_run(d, e,
		"INSERT INTO directories (id, pool_of, name, renamed, "
		"record, cloud_id, state, following, error, created, changed) "
		"VALUES (?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		"iitttttttii", id_of(o),
		o->parent ? id_of(o->parent) : (int64_t)0, o->name, o->renamed,
		record_of(o), filled(o->id), filled(o->word), filled(task),
		filled(o->error), o->created, o->changed);
}

static int put_sent(struct db *d, const struct object *o, struct ack_error *e)
{
	const struct intent *i = o->intent;
	int ret = 0;

	if (i)
		ret = db_run(d, e,
			"INSERT INTO intents (directory, uuid, name, date, "
			"signed, tagged) VALUES (?, ?, ?, ?, nullif(?, 0), ?)",
			"ittiii", id_of(o), i->commit, i->name, i->date,
			i->signed_at, (int64_t)i->tagged);
	if (ret || (!*object_request_id(o) && !*object_task_id(o)))
		return ret;
	return db_run(d, e,
		"INSERT INTO receipts (directory, request_id, task_id, failed) "
		"VALUES (?, ?, ?, ?)",
		"itti", id_of(o), filled(object_request_id(o)),
		filled(object_task_id(o)), (int64_t)o->receipt->failed);
}

/* What put_rows() adds; parameters it brings up to date. */
static int remove_others(
	struct db *d, const struct object *o, struct ack_error *e)
{
	static const char *const queries[] = {
		"DELETE FROM edits WHERE directory = ?",
		"DELETE FROM intents WHERE directory = ?",
		"DELETE FROM receipts WHERE directory = ?",
		"DELETE FROM directories WHERE id = ?",
	};
	int ret = 0;

	for (size_t i = 0; !ret && i < LENGTH(queries); i++)
		ret = db_run(d, e, queries[i], "i", id_of(o));
	return ret;
}

static int put_rows(struct db *d, const struct object *o, struct ack_error *e)
{
	int ret = remove_others(d, o, e);

	if (!ret)
		ret = put_directory(d, o, e);
	if (!ret)
		ret = put_parameters(d, o, e);
	if (!ret)
		ret = put_edits(d, o, e);
	return ret ? ret : put_sent(d, o, e);
}

static void due(void *arg)
{
	saved_checkpoint(arg);
}

static void later(struct saved *s, int64_t ms)
{
	s->timer.fire = due;
	s->timer.arg = s;
	ack_timer_set(s->events, &s->timer, ms);
}

/* Something about it is in the log. */
static void changed(struct object *o)
{
	struct saved *s = o->fleet->saved;
	bool now = db_logged(s->db) > LOG_BIG && !s->trouble.on;

	if (!s->checkpoint.busy && (now || !s->timer.link))
		later(s, now ? 0 : QUIET_MS);
	root_of(o)->line = ++s->last;
}

int saved_put(struct object *o, struct ack_error *e)
{
	struct object *root = root_of(o);
	struct db *d;
	int ret;

	if (o->fleet->saved) {
		d = o->fleet->saved->db;
		ret = db_begin(d, e);
		if (!ret && !root->kept && root != o)
			ret = put_rows(d, root, e);
		if (!ret)
			ret = put_rows(d, o, e);
		ret = db_end(d, ret, e);
		if (ret)
			return ret;
		changed(o);
	}
	o->kept = root->kept = true;
	o->error_kept = o->error;
	return 0;
}

/* What it said of the last failure goes with the write that succeeds. */
static int put_cleared(struct db *d, struct object *o, unsigned row,
	int (*put)(struct db *d, const struct object *o, unsigned row,
		struct ack_error *e),
	struct ack_error *e)
{
	int ret = db_begin(d, e);

	if (!ret)
		ret = put(d, o, row, e);
	if (!ret)
		ret = db_run(d, e,
			"UPDATE directories SET error = NULL WHERE id = ?", "i",
			id_of(o));
	ret = db_end(d, ret, e);
	if (!ret)
		o->error_kept = false;
	return ret;
}

int saved_put_value(struct object *o, unsigned row, struct ack_error *e)
{
	struct saved *s = o->fleet->saved;
	int ret;

	if (!s)
		return 0;
	if (!o->kept || !root_of(o)->kept)
		return saved_put(o, e);
	if (is_secret(o, row))
		return 0;
	if (o->error_kept && !o->error)
		ret = put_cleared(s->db, o, row,
			object_exists(o) ? put_edit : put_parameter, e);
	else
		ret = object_exists(o) ? put_edit(s->db, o, row, e)
				       : put_parameter(s->db, o, row, e);
	if (!ret)
		changed(o);
	return ret;
}

void saved_event(struct object *o, const char *line, size_t len)
{
	struct saved *s = o->fleet->saved;
	ACK_UNSET struct ack_error e;
	char *text = s && o->kept && root_of(o)->kept ? strndup(line, len)
						      : NULL;

	if (text && !db_run(s->db, &e,
			    "INSERT INTO events (directory, line) "
			    "VALUES (?, ?)",
			    "it", id_of(o), text))
		changed(o);
	free(text);
}

struct removal {
	struct db *db;
	struct ack_error *e;
	int ret;
};

static void remove_one(struct object *o, void *arg)
{
	struct removal *r = arg;

	if (!r->ret && o->kept)
		r->ret = remove_others(r->db, o, r->e);
	if (!r->ret && o->kept)
		r->ret = db_run(r->db, r->e,
			"DELETE FROM parameters WHERE directory = ?", "i",
			id_of(o));
	if (!r->ret && o->kept)
		r->ret = db_run(r->db, r->e,
			"DELETE FROM events WHERE directory = ?", "i",
			id_of(o));
}

int saved_remove(struct object *o, struct ack_error *e)
{
	struct saved *s = o->fleet->saved;
	struct removal r;

	if (!s || !o->kept)
		return 0;
	r = (struct removal){s->db, e, db_begin(s->db, e)};
	objects_walk(&o->pools, remove_one, &r);
	remove_one(o, &r);
	r.ret = db_end(s->db, r.ret, e);
	if (r.ret)
		return r.ret;
	o->kept = false;
	changed(o);
	return 0;
}

static void sync_run(struct work *w)
{
	struct saved_work *k = (struct saved_work *)w;

	if (!k->err)
		k->err = db_sync(k->saved->db);
}

static void sync_start(struct saved *s);

static void sync_done(struct work *w)
{
	struct saved_work *k = (struct saved_work *)w;
	struct saved *s = k->saved;

	k->busy = false;
	if (k->err == -ESTALE && !s->taken) {
		s->taken = true;
		log_line(LOG_ERR, TAKEN);
	}
	if (s->taken)
		k->err = -EIO;
	if (k->err)
		s->broken = true;
	else if (k->last > s->safe)
		s->safe = k->last;
	waiters_wake(&s->served, k->err);
	if (s->wanted && !k->busy)
		sync_start(s);
}

/* For a broken one it says so, and asks no disk. */
static void sync_start(struct saved *s)
{
	s->sync = (struct saved_work){
		.work = {.run = sync_run, .done = sync_done},
		.saved = s,
		.last = s->last,
		.busy = true,
		.err = s->broken ? -EIO : 0};
	waiters_move(&s->served, &s->waiting);
	s->wanted = false;
	worker_do(s->worker, &s->sync.work);
}

int saved_sync(struct object *o, struct waiter *w)
{
	struct saved *s = o->fleet->saved;

	if (!s || root_of(o)->line <= s->safe)
		return 0;
	waiter_wait(w, &s->waiting);
	s->wanted = true;
	if (!s->sync.busy)
		sync_start(s);
	return w ? NODE_LATER : 0;
}

void saved_not_synced(const struct fleet *f, int err, struct ack_error *e)
{
	if (f->saved->taken)
		ack_error_set(e, -err, NULL, TAKEN);
	else
		ack_error_set(e, -err, NULL,
			"the state directory: fsync failed: %s",
			strerror(-err));
}

static void checkpoint_run(struct work *w)
{
	struct saved_work *k = (struct saved_work *)w;

	k->err = db_checkpoint(k->saved->db);
}

static void checkpoint_failed(struct saved *s, int err)
{
	log_trouble(&s->trouble,
		"the state directory: the database cannot take its log in, "
		"which grows: %s",
		strerror(-err));
	later(s, AGAIN_MS);
}

static void checkpoint_done(struct work *w)
{
	struct saved_work *k = (struct saved_work *)w;
	struct saved *s = k->saved;

	k->busy = false;
	if (!s->events)
		return;
	if (k->err) {
		checkpoint_failed(s, k->err);
		return;
	}
	log_trouble_over(&s->trouble,
		"the state directory: the database takes its log in");
	if (k->last > s->safe)
		s->safe = k->last;
	/* what a sync of the log has lost is in the database then */
	if (db_checkpoint_end(s->db))
		s->broken = false;
	else
		later(s, db_logged(s->db) > LOG_BIG ? 0 : QUIET_MS);
}

void saved_checkpoint(struct saved *s)
{
	int err;

	if (s->checkpoint.busy)
		return;
	err = db_checkpoint_begin(s->db);
	if (err) {
		checkpoint_failed(s, err);
		return;
	}
	s->checkpoint = (struct saved_work){
		.work = {.run = checkpoint_run, .done = checkpoint_done},
		.saved = s,
		.last = s->last,
		.busy = true};
	worker_do(s->worker, &s->checkpoint.work);
}

void saved_stop(struct saved *s)
{
	if (s->events)
		ack_timer_cancel(s->events, &s->timer);
	s->events = NULL;
	waiters_wake(&s->waiting, -EINTR);
	waiters_wake(&s->served, -EINTR);
}

void saved_close(struct saved *s)
{
	worker_free(s->worker);
	db_close(s->db);
	*s = (struct saved){.db = NULL};
}
