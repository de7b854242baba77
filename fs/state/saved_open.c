/* SPDX-License-Identifier: MIT */
/*
 * A fleet from its database, and back to a closed one. What is on disk was
 * right when it was written, so it is not held to the rules of today; what
 * makes no sense all the same is left out, alone, and reported. An intent is
 * never left out: a cluster may have come of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/length.h"
#include "base/span.h"
#include "base/text.h"
#include "client/sign.h"
#include "model/address.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/log.h"
#include "model/object.h"
#include "model/part.h"
#include "params/body.h"
#include "params/body_drop.h"
#include "params/types.h"
#include "state/db.h"
#include "state/dirname.h"
#include "state/saved.h"
#include "state/state.h"

/* For people, too: sqlite3 DIR/ackfs.db .dump. Times are in ns since 1970, but
 * for the date of an intent, which is in s. */
static const char *const formats[] = {
	/* 1 */
	"CREATE TABLE directories ("
	"id INTEGER PRIMARY KEY,"
	"pool_of INTEGER REFERENCES directories (id)," /* NULL: a cluster */
	"name TEXT NOT NULL,"
	"record TEXT NOT NULL CHECK (record IN ('draft', 'intent', 'exists')),"
	"cloud_id TEXT,"  /* the service's, of what exists */
	"state TEXT,"     /* in its word */
	"following TEXT," /* the task that is under way */
	"error TEXT,"     /* what the file of that name says */
	"created INTEGER NOT NULL,"
	"changed INTEGER NOT NULL) STRICT;"

	/* what was written into a draft, or what exists is like */
	"CREATE TABLE parameters ("
	"directory INTEGER NOT NULL REFERENCES directories (id),"
	"parameter TEXT NOT NULL,"
	"value TEXT," /* NULL: unset */
	"time INTEGER NOT NULL,"
	"hidden INTEGER NOT NULL," /* rm took its name away */
	"PRIMARY KEY (directory, parameter)) STRICT, WITHOUT ROWID;"

	/* what is to change of what exists */
	"CREATE TABLE edits ("
	"directory INTEGER NOT NULL REFERENCES directories (id),"
	"parameter TEXT NOT NULL,"
	"value TEXT,"
	"base TEXT," /* of the service then; '': unset; NULL: not known */
	"time INTEGER NOT NULL,"
	"PRIMARY KEY (directory, parameter)) STRICT, WITHOUT ROWID;"

	/* creations that may have been sent, and whose end is not known */
	"CREATE TABLE intents ("
	"directory INTEGER PRIMARY KEY REFERENCES directories (id),"
	"uuid TEXT NOT NULL,"
	"name TEXT NOT NULL,"              /* of what is made */
	"date INTEGER NOT NULL,"           /* nothing was sent before */
	"signed INTEGER,"                  /* the last request */
	"tagged INTEGER NOT NULL) STRICT;" /* the request has the uuid */

	/* what creations were answered */
	"CREATE TABLE receipts ("
	"directory INTEGER PRIMARY KEY REFERENCES directories (id),"
	"request_id TEXT,"
	"task_id TEXT) STRICT;",

	/* 2: what was to be made never came to be */
	"ALTER TABLE receipts ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;"
	"UPDATE receipts SET failed = 1 WHERE directory IN "
	"(SELECT id FROM directories WHERE state = 'failed');",

	/* 3: what `events` says, a line each */
	"CREATE TABLE events ("
	"id INTEGER PRIMARY KEY," /* in this order */
	"directory INTEGER NOT NULL REFERENCES directories (id),"
	"line TEXT NOT NULL) STRICT;"
	"CREATE INDEX events_of ON events (directory);",

	/* 4: what the next mount calls it */
	"ALTER TABLE directories ADD COLUMN renamed TEXT;",
};

/* What is later than that is no date: the year 9999 has four digits. */
#define DATE_MOST INT64_C(253402300799)

/* Of a value: merging and the service know no bounds, memory does. */
#define VALUE_MOST (1u << 20)

/* Lines of `events` of a directory; older ones are not kept. */
#define EVENTS_KEPT INT64_C(1000)

/* Of a directory: what an inode number has room for. */
#define ID_MOST (INT64_C(1) << (63 - NODE_ROW_BITS))

struct load {
	struct fleet *fleet;
	struct ack_error lost; /* all that was left out */
	uint64_t last_serial;
	bool edits; /* what is read just now */
};

/* A directory, with its receipt and its intent. */
struct row {
	int64_t id, pool_of, created, changed, date, signed_at, tagged;
	int64_t failed;
	const char *name, *record, *cloud_id, *state, *following, *error;
	const char *request_id, *task_id, *uuid, *intent_name, *renamed;
};

static int fault(struct ack_error *e, const char *what)
{
	return ack_error_set(e, EINVAL, NULL, "%s", ack_text(what));
}

static void lose(
	struct load *l, const char *what, const char *name, const char *why)
{
	ACK_UNSET struct ack_error one;

	ack_error_set(&one, EINVAL, NULL, "%s %s was not read back: %s",
		ack_text(what), name, ack_text(why));
	log_line(LOG_WARNING, "%s", one.message);
	if (!l->lost.err)
		ack_error_copy(&l->lost, &one);
	else
		ack_error_more(&l->lost, "%s", one.message);
}

/* IDs and states are shown as they are: anything but a word is left out. */
static void take_word(char *to, size_t size, const char *text)
{
	struct ack_span word = ack_span_of(text);

	if (text && word.len < size && ack_span_only(word, "._-"))
		memcpy(to, text, word.len + 1);
}

/* The text of `error`, unless a terminal would obey it. */
static int take_error(struct object *o, const char *text, struct ack_error *e)
{
	struct ack_span rest = ack_span_of(text);

	while (rest.text)
		if (!ack_span_printable(ack_span_cut(&rest, "\n")))
			return 0;
	o->error = text ? strdup(text) : NULL;
	o->error_kept = o->error;
	return text && !o->error ? ack_error_memory(e, NULL) : 0;
}

/* What makes no sense in it is guessed: the lists of the service have the
 * rest, and a person may know it. */
static int take_intent(
	struct object *o, const struct row *r, struct ack_error *e)
{
	struct ack_span uuid = ack_span_of(r->uuid);
	struct intent *i = calloc(1, sizeof(*i));
	const char *name = r->intent_name;

	if (!i)
		return ack_error_memory(e, NULL);
	o->intent = i;
	if (uuid.len == sizeof(i->commit) - 1 && ack_span_only(uuid, "-")) {
		memcpy(i->commit, uuid.text, sizeof(i->commit));
		i->tagged = r->tagged;
	} else if (ack_uuid(i->commit)) {
		return ack_error_memory(e, NULL);
	}
	if (!name || !*name || !ack_span_printable(ack_span_of(name)))
		name = o->name;
	i->name = strdup(name);
	i->date = r->date > 0 ? r->date : r->changed / 1000000000;
	if (i->date <= 0 || i->date > DATE_MOST)
		i->date = time(NULL);
	if (r->signed_at > 0 && r->signed_at <= DATE_MOST)
		i->signed_at = r->signed_at;
	return i->name ? 0 : ack_error_memory(e, NULL);
}

static int take_existing(
	struct object *o, const struct row *r, struct ack_error *e)
{
	const char *task = r->following;

	if (!r->cloud_id || !o->kind->id_valid(r->cloud_id))
		return fault(e, "it has no ID");
	if (fleet_by_id(o->fleet, r->cloud_id))
		return fault(e, "another directory has its ID");
	if (!fleet_set_id(o, r->cloud_id))
		return ack_error_memory(e, NULL);
	take_word(o->word, sizeof(o->word), r->state);
	/* kept before anybody followed what makes it */
	if (!task && !strcmp(o->word, "initial"))
		task = object_task_id(o);
	if (task && *task)
		PARTS_EACH (p, o->fleet, follow)
			p->follow(o, task);
	return 0;
}

static int take_receipt(
	struct object *o, const struct row *r, struct ack_error *e)
{
	if (!r->request_id && !r->task_id)
		return 0;
	if (!object_receipt(o))
		return ack_error_memory(e, NULL);
	take_word(o->receipt->request_id, sizeof(o->receipt->request_id),
		r->request_id);
	take_word(o->receipt->task_id, sizeof(o->receipt->task_id), r->task_id);
	o->receipt->failed = r->failed;
	return 0;
}

/* What came from elsewhere must not make a draft that mkdir would refuse. */
static int check_name(const struct object *o, struct ack_error *e)
{
	const struct ack_param *p = &o->kind->table->rows[o->kind->name_row];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX);
	int ret = dirname_sound(o->name) ? 0 : -EINVAL;

	if (!ret && o->state == COURSE_DRAFT)
		ret = ack_param_parse(p, o->name, strlen(o->name), &canon, e);
	if (!ret && canon.len && strcmp(ack_buf_text(&canon), o->name) != 0)
		ret = -EINVAL;
	ack_buf_release(&canon);
	return ret == -EINVAL ? fault(e, "mkdir would refuse its name") : ret;
}

static int take_object(
	struct object *o, const struct row *r, struct ack_error *e)
{
	enum course_record record = !strcmp(r->record, "exists") ? RECORD_EXISTS
				    : !strcmp(r->record, "intent")
					    ? RECORD_INTENT
					    : RECORD_DRAFT;
	int ret = take_receipt(o, r, e);

	object_become(o, course_recover(record));
	if (!ret)
		ret = take_error(o, r->error, e);
	if (!ret)
		ret = check_name(o, e);
	if (!ret && record == RECORD_EXISTS)
		ret = take_existing(o, r, e);
	if (!ret && record == RECORD_INTENT)
		ret = take_intent(o, r, e);
	o->kept = true;
	/* last: all of this touches it */
	o->created = r->created;
	o->changed = r->changed;
	return ret;
}

/* The name that it has from here on; where another one has that already, with
 * its ID. */
static bool call(const struct objects *beside, const struct row *r,
	char name[DIRNAME_MAX])
{
	snprintf(name, DIRNAME_MAX, "%s", r->renamed ? r->renamed : r->name);
	if (r->renamed && objects_find(beside, name))
		snprintf(name, DIRNAME_MAX, "%s", r->name);
	if (r->cloud_id && objects_find(beside, name))
		/* dirname_encode() has left room for it */
		snprintf(name, DIRNAME_MAX, "%s@%s", r->name, r->cloud_id);
	return !objects_find(beside, name);
}

static int take_row(struct load *l, const struct row *r, struct ack_error *e)
{
	struct fleet *f = l->fleet;
	struct object *up = NULL, *o;
	char name[DIRNAME_MAX];
	int ret;

	if (r->pool_of)
		up = fleet_by_serial(f, (uint64_t)r->pool_of);
	if (r->pool_of && (!up || up->parent))
		return fault(e, "there is no cluster that it is in");
	if (r->id <= 0 || r->id >= ID_MOST)
		return fault(e, "its id is out of range");
	if (!call(fleet_below(f, up), r, name))
		return fault(e, "another directory has its name");
	f->last_serial = (uint64_t)r->id - 1;
	o = fleet_restore(f, up, name);
	if (!o)
		return ack_error_memory(e, NULL);
	if (f->last_serial > l->last_serial)
		l->last_serial = f->last_serial;
	ret = take_object(o, r, e);
	if (ret)
		fleet_discard(f, o);
	return ret;
}

static int take_directory(
	void *arg, const struct db_row *row, struct ack_error *e)
{
	struct load *l = arg;
	struct ack_error why;
	struct row r;
	int ret;

	db_columns(row, "iittttttiittttiiiit", &r.id, &r.pool_of, &r.name,
		&r.record, &r.cloud_id, &r.state, &r.following, &r.error,
		&r.created, &r.changed, &r.request_id, &r.task_id, &r.uuid,
		&r.intent_name, &r.date, &r.signed_at, &r.tagged, &r.failed,
		&r.renamed);
	ret = take_row(l, &r, &why);
	if (ret == -ENOMEM)
		return ack_error_memory(e, NULL);
	if (ret && !strcmp(r.record, "intent"))
		return ack_error_set(e, EINVAL, NULL,
			"a commit of %s may have been sent, and cannot be read "
			"back: %s; mount with the ackfs that wrote it",
			r.name, why.message);
	if (ret)
		lose(l, "the directory", r.name, why.message);
	return 0;
}

/* The text as it was written: by the rules of today, or of its answer. */
static int recall(const struct ack_param *p, const char *text,
	struct ack_buf *canon, struct ack_error *why)
{
	int ret = ack_param_parse(p, text, strlen(text), canon, why);

	if (ret != -EINVAL)
		return ret;
	ack_buf_clear(canon);
	ret = ack_body_recall(p, text, canon);
	return ret || canon->len ? ret : -EINVAL;
}

/* What the service said when the edit was made. */
static int take_base(struct object *o, unsigned row, const char *text)
{
	struct ack_buf canon = ACK_BUF_INIT(VALUE_MOST + 1);
	int ret = 0;

	if (*text && strlen(text) <= VALUE_MOST)
		ret = ack_body_recall(&o->kind->table->rows[row], text, &canon);
	if (!ret)
		ret = ack_values_set(&o->bases, row, ack_buf_text(&canon),
			canon.len, time_now_ns());
	ack_buf_release(&canon);
	return ret;
}

/* What stands behind the rows of the table. */
static int take_behind(
	struct object *o, unsigned row, const char *text, int64_t time)
{
	struct ack_span rest = ack_span_of(text);

	if (!text || strlen(text) > VALUE_MOST)
		return 0;
	while (rest.text)
		if (!ack_span_printable(ack_span_cut(&rest, "\n")))
			return 0;
	return ack_values_set(&o->values, row, text, strlen(text), time);
}

static int take_value(void *arg, const struct db_row *row, struct ack_error *e)
{
	struct load *l = arg;
	struct ack_buf canon = ACK_BUF_INIT(VALUE_MOST + 1);
	int64_t directory, time, hidden;
	const char *name, *text, *base;
	struct ack_error why;
	struct object *o;
	int r, ret = 0;

	db_columns(
		row, "ittiit", &directory, &name, &text, &time, &hidden, &base);
	o = fleet_by_serial(l->fleet, (uint64_t)directory);
	if (!o)
		return 0;
	r = saved_row(o, name);
	if (r >= (int)o->kind->table->count)
		return take_behind(o, (unsigned)r, text, time)
			       ? ack_error_memory(e, NULL)
			       : 0;
	if (r < 0 || o->kind->table->rows[r].flags & ACK_SECRET)
		ret = fault(&why, "there is no such parameter");
	else if (text && strlen(text) > VALUE_MOST)
		ret = fault(&why, "it is too long");
	else if (text)
		ret = recall(&o->kind->table->rows[r], text, &canon, &why);
	/* neither set nor ever touched: that is no edit */
	if (!ret && (canon.len || time > 0))
		ret = ack_values_set(l->edits ? &o->edits : &o->values,
			(unsigned)r, ack_buf_text(&canon), canon.len, time);
	if (!ret && base)
		ret = take_base(o, (unsigned)r, base);
	ack_buf_release(&canon);
	if (ret == -ENOMEM)
		return ack_error_memory(e, NULL);
	if (ret) {
		lose(l, o->name, name, why.message);
		return 0;
	}
	if (hidden)
		object_hide(o, NODE_PARAMS + (unsigned)r, true);
	if (time > o->changed)
		o->changed = time;
	return 0;
}

static int take_event(void *arg, const struct db_row *row, struct ack_error *e)
{
	struct load *l = arg;
	struct object *o;
	int64_t directory;
	const char *line;

	db_columns(row, "it", &directory, &line);
	o = fleet_by_serial(l->fleet, (uint64_t)directory);
	if (!o || !ack_span_printable(ack_span_of(line)))
		return 0;
	PARTS_EACH (p, l->fleet, recall)
		if (p->recall(o, line))
			return ack_error_memory(e, NULL);
	return 0;
}

/* Records of before were never released; they are not read. */
static void tell_older(struct load *l, const struct state *state)
{
	static const char *const names[] = {"clusters", "journal"};

	for (size_t i = 0; i < LENGTH(names); i++)
		if (!faccessat(
			    state->lock, names[i], F_OK, AT_SYMLINK_NOFOLLOW))
			lose(l, state->path, names[i],
				"a version that was never released wrote it; "
				"take out of it what you need, and remove it");
}

/* Clusters come before their node pools, and before who has the same name or ID
 * whose word counts: an intent's, or that of who has made it. */
static int load(struct saved *s, struct fleet *f, const struct state *state,
	struct ack_error *e)
{
	struct load l = {.fleet = f};
	int ret;

	ack_error_clear(&l.lost);
	tell_older(&l, state);
	ret = db_each(s->db, e, take_directory, &l,
		"SELECT d.id, pool_of, d.name, record, cloud_id, state, "
		"following, error, created, changed, request_id, task_id, "
		"uuid, i.name, date, signed, tagged, failed, renamed FROM "
		"directories d "
		"LEFT JOIN receipts r ON r.directory = d.id "
		"LEFT JOIN intents i ON i.directory = d.id "
		"ORDER BY pool_of IS NOT NULL, renamed IS NOT NULL, "
		"record <> 'intent', "
		"r.directory IS NULL, d.id",
		"");
	f->last_serial = l.last_serial;
	if (!ret)
		ret = db_each(s->db, e, take_value, &l,
			"SELECT directory, parameter, value, time, hidden, "
			"NULL FROM parameters",
			"");
	l.edits = true;
	if (!ret)
		ret = db_each(s->db, e, take_value, &l,
			"SELECT directory, parameter, value, time, 0, base "
			"FROM edits",
			"");
	if (!ret)
		ret = db_run(s->db, e,
			"DELETE FROM events WHERE id <= (SELECT id FROM events "
			"o WHERE o.directory = events.directory ORDER BY id "
			"DESC LIMIT 1 OFFSET ?)",
			"i", EVENTS_KEPT);
	if (!ret)
		ret = db_each(s->db, e, take_event, &l,
			"SELECT directory, line FROM events ORDER BY id", "");
	if (!ret && l.lost.err)
		fleet_fail(f, &l.lost);
	return ret;
}

int saved_open(struct saved *s, struct fleet *f, const struct state *state,
	struct ack_error *e)
{
	int ret;

	s->db = db_open(state, formats, LENGTH(formats), e);
	if (!s->db)
		return -e->err;
	ret = load(s, f, state, e);
	if (!ret)
		s->worker = worker_new(f->events, e);
	if (!s->worker)
		return -e->err;
	s->events = f->events;
	f->saved = s;
	if (db_logged(s->db))
		saved_checkpoint(s);
	return 0;
}
