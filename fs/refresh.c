/* SPDX-License-Identifier: MIT */
#include "refresh.h"

#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "buf.h"
#include "client.h"
#include "error.h"
#include "fleet.h"
#include "json.h"
#include "kind.h"
#include "live.h"
#include "log.h"
#include "object.h"
#include "regions.h"

/* Lists may lag behind a creation (ack-api.md 1.9: by 10 s). */
#define LAG_NS 60000000000

/* ack-api.md 1.3: other kinds are not ackfs's to manage. */
static bool is_managed(const struct ack_json *n)
{
	const char *type = ack_json_get_string(n, "cluster_type");

	return !type || !strcmp(type, "ManagedKubernetes");
}

static void take(struct fleet *f, const struct ack_json *n)
{
	struct object *o;

	if (!is_managed(n))
		return;
	o = live_find(f, NULL, n);
	if (!o)
		return;
	o->seen = f->refresh.generation;
	live_take(o, n);
}

struct sweep {
	struct object **gone;
	size_t count, room;
	unsigned generation;
};

static void find_gone(struct object *o, void *arg)
{
	struct sweep *s = arg;

	if (object_exists(o) && o->seen != s->generation &&
		time_now_ns() - o->created > LAG_NS && s->count < s->room)
		s->gone[s->count++] = o;
}

/* What the list has no more is gone; where more than a view of it is kept
 * here, the service is asked for it by its ID first. */
static void sweep(struct fleet *f)
{
	struct sweep s = {
		.room = f->clusters.count, .generation = f->refresh.generation};

	s.gone = calloc(s.room ? s.room : 1, sizeof(*s.gone));
	if (!s.gone)
		return;
	objects_walk(&f->clusters, find_gone, &s);
	for (size_t i = 0; i < s.count; i++) {
		if (s.gone[i]->kept || regions_of(s.gone[i]) != &f->endpoint)
			live_ask(s.gone[i]);
		else
			live_gone(s.gone[i]);
	}
	free(s.gone);
}

/* A failure is no action of the user's, so it is logged, once. */
static void ended(struct fleet *f, const struct ack_error *e)
{
	struct refresh *r = &f->refresh;

	r->call = NULL;
	r->ended = ack_now_ms();
	if (e->err && !r->failed) {
		log_line(LOG_NOTICE, "the clusters could not be listed: %s",
			e->message);
		fleet_fail(f, e);
	}
	if (!e->err && r->failed)
		fleet_fail(f, NULL);
	r->failed = e->err;
	if (e->err)
		return;
	r->complete = r->ended;
	sweep(f);
}

static void listed(void *arg, const struct ack_json *page, bool more,
	const struct ack_error *e)
{
	struct fleet *f = arg;

	for (const struct ack_json *n = ack_json_first(page); n;
		n = ack_json_next(n))
		take(f, n);
	if (!more)
		ended(f, e);
}

void refresh_now(struct fleet *f)
{
	struct refresh *r = &f->refresh;
	struct ack_error e;

	if (r->call)
		return;
	r->generation++;
	r->began = ack_now_ms();
	r->call = ack_list_clusters(f->client, NULL, NULL, listed, f, &e);
	if (!r->call)
		ended(f, &e);
}

void refresh_look(struct fleet *f)
{
	const struct refresh *r = &f->refresh;

	if (!r->max_age_ms ||
		(r->ended && ack_now_ms() - r->ended < r->max_age_ms))
		return;
	refresh_now(f);
}

void refresh_stop(struct fleet *f)
{
	ack_call_drop(f->refresh.call);
	f->refresh.call = NULL;
}

void refresh_age(const struct fleet *f, struct ack_buf *out)
{
	const struct refresh *r = &f->refresh;

	if (r->complete)
		ack_buf_printf(out, "%ld s ago",
			(long)((ack_now_ms() - r->complete) / 1000));
	else
		ack_buf_puts(out, "never");
	if (r->call)
		ack_buf_puts(out, ", being renewed");
	else if (r->failed)
		ack_buf_puts(out, ", the last attempt failed");
}
