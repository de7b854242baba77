/* SPDX-License-Identifier: MIT */
#include "checkpoint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "error.h"
#include "fleet.h"
#include "object.h"
#include "record.h"
#include "saved.h"

#define RECORD_MAX  (4u << 20)
#define JOURNAL_BIG (1 << 20)
#define QUIET_MS    10000
#define AGAIN_MS    60000 /* after a failure */

/* What the thread works on: a record, or at the end their directory. */
struct checkpoint_write {
	struct work work;
	struct fleet *fleet;
	uint64_t serial, line;
	char *name; /* NULL: at the end */
	struct ack_buf text;
	int err;
};

static void write_free(struct checkpoint_write *w)
{
	ack_buf_release(&w->text);
	free(w->name);
	free(w);
}

static void end(struct checkpoint *c)
{
	free(c->serials);
	c->serials = NULL;
	c->count = c->at = 0;
	c->write = NULL;
}

static void due(void *arg)
{
	checkpoint_begin(arg);
}

static void again(struct fleet *f, int64_t ms)
{
	struct checkpoint *c = &f->saved->checkpoint;

	c->events = f->events;
	c->timer.fire = due;
	c->timer.arg = f;
	ack_timer_set(f->events, &c->timer, ms);
}

/* The old part of the journal stays, and with it all that it says. */
static void fail(struct fleet *f, int err)
{
	struct checkpoint *c = &f->saved->checkpoint;

	log_trouble(&c->trouble,
		"the state directory: the records cannot be written, so the "
		"journal grows: %s",
		strerror(err));
	end(c);
	again(f, AGAIN_MS);
}

static void complete(struct fleet *f)
{
	struct saved *s = f->saved;

	journal_drop_old(&s->journal);
	log_trouble_over(&s->checkpoint.trouble,
		"the state directory: the records can be written");
	end(&s->checkpoint);
	if (s->journal.size)
		checkpoint_soon(f, false);
}

static void run(struct work *work)
{
	struct checkpoint_write *w = (struct checkpoint_write *)work;
	const struct store *store = &w->fleet->saved->store;

	w->err = w->name ? store_write(store, w->name, ack_buf_text(&w->text),
				   w->text.len)
			 : store_sync(store);
}

static void step(struct fleet *f);

/* It may have been renamed or removed meanwhile; the journal says so. */
static int take_place(const struct checkpoint_write *w)
{
	const struct saved *s = w->fleet->saved;
	struct object *o = fleet_by_serial(w->fleet, w->serial);
	int ret;

	if (!o || strcmp(o->name, w->name)) {
		store_forget(&s->store, w->name);
		return 0;
	}
	ret = store_rename(&s->store, w->name);
	if (!ret)
		o->saved = w->line;
	return ret;
}

static void done(struct work *work)
{
	struct checkpoint_write *w = (struct checkpoint_write *)work;
	struct fleet *f = w->fleet;
	bool last = !w->name, stopped = f->saved->checkpoint.write != w;
	int err = w->err;

	if (!err && !last)
		err = take_place(w);
	write_free(w);
	if (stopped)
		return;
	f->saved->checkpoint.write = NULL;
	if (err)
		fail(f, -err);
	else if (last)
		complete(f);
	else
		step(f);
}

static struct object *next_changed(struct fleet *f)
{
	struct checkpoint *c = &f->saved->checkpoint;
	struct object *o = NULL;

	while (!o && c->at < c->count) {
		o = fleet_by_serial(f, c->serials[c->at++]);
		if (o && o->line == o->saved)
			o = NULL;
	}
	return o;
}

static void step(struct fleet *f)
{
	struct checkpoint *c = &f->saved->checkpoint;
	struct object *o = next_changed(f);
	struct checkpoint_write *w = calloc(1, sizeof(*w));

	if (!w) {
		fail(f, ENOMEM);
		return;
	}
	w->work = (struct work){.run = run, .done = done};
	w->fleet = f;
	ack_buf_init(&w->text, RECORD_MAX);
	if (o) {
		w->serial = o->serial;
		w->line = o->line;
		w->name = strdup(o->name);
		w->text.failed |= record_write(o, &w->text) != 0;
		ack_buf_putc(&w->text, '\n');
	}
	if (ack_buf_status(&w->text) || (o && !w->name)) {
		write_free(w);
		fail(f, ENOMEM);
		return;
	}
	c->write = w;
	worker_do(f->saved->worker, &w->work);
}

static void note_changed(struct object *o, void *arg)
{
	struct checkpoint *c = arg;

	if (o->line != o->saved)
		c->serials[c->count++] = o->serial;
}

void checkpoint_begin(struct fleet *f)
{
	struct saved *s = f->saved;
	struct checkpoint *c = &s->checkpoint;
	size_t room = f->clusters.count;
	struct ack_error e;

	if (c->write || (!s->journal.size && !s->journal.has_old))
		return;
	c->serials = calloc(room ? room : 1, sizeof(*c->serials));
	if (!c->serials) {
		fail(f, ENOMEM);
		return;
	}
	objects_walk(&f->clusters, note_changed, c);
	/* what is of use only if all of it is written */
	if (!s->journal.has_old && journal_rotate(&s->journal, &e)) {
		fail(f, e.err);
		return;
	}
	step(f);
}

void checkpoint_soon(struct fleet *f, bool now)
{
	const struct journal *j = &f->saved->journal;
	struct checkpoint *c = &f->saved->checkpoint;

	now |= j->size > JOURNAL_BIG || j->broken;
	now &= !c->trouble.on;
	if (c->write || (c->timer.link && !now))
		return;
	again(f, now ? 0 : QUIET_MS);
}

void checkpoint_stop(struct checkpoint *c)
{
	if (c->events)
		ack_timer_cancel(c->events, &c->timer);
	end(c);
}
