/* SPDX-License-Identifier: MIT */
#include "model/fleet.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/error.h"
#include "client/client.h"
#include "model/address.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/part.h"

/* Serial 0 is the mount itself: its root, schema/ and the like. */
#define FIRST_SERIAL 1

static int compare_serial(const void *a, const void *b)
{
	uint64_t x = ((const struct object *)a)->serial;
	uint64_t y = ((const struct object *)b)->serial;

	return (x > y) - (x < y);
}

static int compare_id(const void *a, const void *b)
{
	return strcmp(
		((const struct object *)a)->id, ((const struct object *)b)->id);
}

static struct object *found(void *node)
{
	return node ? *(struct object **)node : NULL;
}

struct object *fleet_by_name(const struct fleet *f, const char *name)
{
	return objects_find(&f->clusters, name);
}

struct object *fleet_by_serial(struct fleet *f, uint64_t serial)
{
	ACK_UNSET struct object key;

	if (f->last_used && f->last_used->serial == serial)
		return f->last_used;
	key.serial = serial;
	f->last_used = found(
		tfind(&key, (void *const *)&f->by_serial, compare_serial));
	return f->last_used;
}

struct object *fleet_by_id(const struct fleet *f, const char *id)
{
	ACK_UNSET struct object key;

	if (!*id || strlen(id) >= sizeof(key.id))
		return NULL;
	strcpy(key.id, id);
	return found(tfind(&key, (void *const *)&f->by_id, compare_id));
}

struct objects *fleet_below(struct fleet *f, struct object *parent)
{
	return parent ? &parent->pools : &f->clusters;
}

static void touch_row(struct fleet *f, unsigned row)
{
	if (!(f->sent >> row & 1))
		return;
	f->sent &= ~(1ull << row);
	f->forget(f->session, node_ino(0, row));
}

void fleet_touch(struct fleet *f, struct object *parent)
{
	fleet_below(f, parent)->changed = time_now_ns();
	if (parent) {
		object_touch_row(parent, ROW_NODEPOOLS);
		return;
	}
	touch_row(f, ROW_CLUSTERS);
	touch_row(f, ROW_LIVE);
	touch_row(f, ROW_IDS);
}

struct object *fleet_restore(
	struct fleet *f, struct object *parent, const char *name)
{
	struct objects *beside = fleet_below(f, parent);
	struct object *o = calloc(1, sizeof(*o));

	if (o)
		o->name = strdup(name);
	if (!o || !o->name || objects_find(beside, name))
		goto fail;
	o->fleet = f;
	o->parent = parent;
	o->kind = parent ? &kind_nodepool : &kind_cluster;
	o->serial = FIRST_SERIAL + f->last_serial++;
	f->changes++;
	o->created = o->changed = time_now_ns();
	o->nodes = -1;
	memset(o->unheard, 0xff, sizeof(o->unheard));
	if (!tsearch(o, &f->by_serial, compare_serial))
		goto fail;
	if (objects_add(beside, o)) {
		fleet_touch(f, parent);
		return o;
	}
	tdelete(o, &f->by_serial, compare_serial);
fail:
	object_free(o);
	return NULL;
}

static void drop_index(struct object *o, void *arg)
{
	struct fleet *f = arg;

	f->last_used = NULL;
	tdelete(o, &f->by_serial, compare_serial);
	if (*o->id)
		tdelete(o, &f->by_id, compare_id);
}

/* Open files of it learn that it ends. */
static void tell_end(struct object *o, void *arg)
{
	(void)arg;
	PARTS_EACH (p, o->fleet, gone)
		p->gone(o);
	object_touch_params(o);
}

void fleet_discard_pools(struct object *o)
{
	objects_walk(&o->pools, tell_end, NULL);
	objects_walk(&o->pools, drop_index, o->fleet);
	objects_free(&o->pools);
}

void fleet_discard(struct fleet *f, struct object *o)
{
	fleet_discard_pools(o);
	tell_end(o, NULL);
	drop_index(o, f);
	objects_remove(fleet_below(f, o->parent), o);
	fleet_touch(f, o->parent);
	object_free(o);
}

bool fleet_set_id(struct object *o, const char *id)
{
	struct fleet *f = o->fleet;

	if (*o->id)
		tdelete(o, &f->by_id, compare_id);
	snprintf(o->id, sizeof(o->id), "%s", id);
	fleet_touch(f, o->parent);
	return !*id || tsearch(o, &f->by_id, compare_id);
}

struct search {
	const struct object *but;
	const char *name;
	struct object *found;
};

static bool has_name(const struct object *o, const struct search *s)
{
	/* its file may have another name by the time it is sent */
	return o != s->but &&
	       !strcmp(o->intent ? o->intent->name : object_name(o), s->name);
}

static bool is_making(const struct object *o)
{
	return object_committing(o) || o->state == COURSE_UNKNOWN;
}

static void find_making(struct object *o, void *arg)
{
	struct search *s = arg;

	if (is_making(o) && has_name(o, s))
		s->found = o;
}

static void find_named(struct object *o, void *arg)
{
	struct search *s = arg;
	bool exists = object_exists(o) && strcmp(o->word, "deleted");

	if ((exists || is_making(o)) && has_name(o, s))
		s->found = o;
}

struct object *fleet_making(
	struct fleet *f, struct object *parent, const char *name)
{
	struct search s = {NULL, name, NULL};

	if (f->making)
		objects_walk(fleet_below(f, parent), find_making, &s);
	return s.found;
}

struct object *fleet_named(struct fleet *f, struct object *parent,
	const struct object *but, const char *name)
{
	struct search s = {but, name, NULL};

	objects_walk(fleet_below(f, parent), find_named, &s);
	return s.found;
}

int64_t fleet_service_time(const struct fleet *f)
{
	return time(NULL) + ack_client_clock_offset(f->client);
}

void fleet_fail(struct fleet *f, const struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(32768);

	free(f->error);
	f->error = NULL;
	if (e && e->err) {
		ack_error_text(e, &text);
		f->error = ack_buf_steal(&text);
	}
	ack_buf_release(&text);
}

static void keep_node(void *node)
{
	(void)node;
}

void fleet_release(struct fleet *f)
{
	PARTS_EACH (p, f, stop)
		p->stop(f);
	tdestroy(f->by_serial, keep_node);
	tdestroy(f->by_id, keep_node);
	/* who waits for one of the objects is answered, and looks things up */
	f->by_serial = f->by_id = NULL;
	f->last_used = NULL;
	objects_free(&f->clusters);
	PARTS_EACH (p, f, release)
		p->release(f);
	versions_release(f);
	roles_stop(f);
	regions_release(&f->regions);
	free(f->error);
	f->error = NULL;
}
