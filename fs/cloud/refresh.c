/* SPDX-License-Identifier: MIT */
#include "cloud/refresh.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "client/client.h"
#include "cloud/live.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/log.h"
#include "model/object.h"
#include "model/regions.h"
#include "state/dirname.h"

/* Lists may lag behind a creation by 10 s (SERVICE.md, Lists). */
#define LAG_MS 60000

/* Until there has been one, a list is fetched again so soon. */
#define AGAIN_MS 5000

/* Other kinds are not ackfs's to manage (SERVICE.md, Clusters). */
static bool is_managed(const struct ack_json *n)
{
	const char *type = ack_json_get_string(n, "cluster_type");

	return !type || !strcmp(type, "ManagedKubernetes");
}

static void take(struct fleet *f, const struct ack_json *n)
{
	struct object *o = live_find(f, NULL, n);

	if (!o)
		return;
	o->seen = f->refresh.generation;
	live_take(o, n, f->refresh.began);
}

/* A new one, whose name a directory has that this list may show to be gone. */
static bool is_contested(const struct fleet *f, const struct ack_json *n)
{
	struct identity i = {NULL};
	char name[DIRNAME_MAX];
	struct object *o;

	kind_cluster.identify(n, &i);
	if (!i.id || !i.name || fleet_by_id(f, i.id))
		return false;
	dirname_encode(name, i.name, NULL);
	o = fleet_by_name(f, name);
	return o && object_exists(o) && o->seen != f->refresh.generation;
}

/* Until the list is complete; without memory for that it gets another name. */
static bool put_off(struct refresh *r, const struct ack_json *n)
{
	struct ack_buf text = ACK_BUF_INIT(1u << 20);
	struct ack_json *copy;
	size_t where;

	ack_json_print(n, false, &text);
	copy = ack_json_parse(ack_buf_text(&text), text.len, &where);
	ack_buf_release(&text);
	if (!r->late)
		r->late = ack_json_array();
	if (copy && r->late)
		return !ack_json_add(r->late, NULL, copy);
	ack_json_free(copy);
	return false;
}

static void take_late(struct fleet *f)
{
	struct ack_json *late = f->refresh.late;

	f->refresh.late = NULL;
	for (const struct ack_json *n = ack_json_first(late); n;
		n = ack_json_next(n))
		take(f, n);
	ack_json_free(late);
}

struct sweep {
	struct object **gone;
	size_t count, room;
	unsigned generation;
	int64_t began;
};

/* One that no list has shown yet may be too new for lists. */
static void find_gone(struct object *o, void *arg)
{
	struct sweep *s = arg;

	if (object_exists(o) && o->seen != s->generation &&
		(o->seen || s->began - o->since > LAG_MS) && s->count < s->room)
		s->gone[s->count++] = o;
}

/* What the list has no more is gone; where more than a view of it is kept
 * here, or the pages did not fit together, the service is asked for it by its
 * ID first. */
static void sweep(struct fleet *f, bool whole)
{
	const struct refresh *r = &f->refresh;
	struct sweep s = {.room = f->clusters.count,
		.generation = r->generation,
		.began = r->began};

	s.gone = calloc(s.room ? s.room : 1, sizeof(*s.gone));
	if (!s.gone)
		return;
	objects_walk(&f->clusters, find_gone, &s);
	for (size_t i = 0; i < s.count; i++)
		live_absent(s.gone[i],
			whole && regions_of(s.gone[i]) == &f->endpoint);
	free(s.gone);
}

/* A failure is no action of the user's, so it is logged, once. */
static void ended(struct fleet *f, const struct ack_error *e)
{
	struct refresh *r = &f->refresh;
	bool whole = r->call && ack_list_whole(r->call);

	r->call = NULL;
	r->ended = ack_now_ms();
	if (e->err)
		log_trouble(&r->trouble, "the clusters could not be listed: %s",
			e->message);
	else
		log_trouble_over(&r->trouble, "the clusters can be listed");
	/* said once */
	if (e->err && !r->why.err)
		fleet_fail(f, e);
	if (!e->err && r->why.err)
		fleet_fail(f, NULL);
	ack_error_copy(&r->why, e);
	if (!e->err) {
		r->complete = r->ended;
		sweep(f, whole);
		take_late(f);
	}
	/* no name became free; the next list has them again */
	ack_json_free(r->late);
	r->late = NULL;
}

static void listed(void *arg, const struct ack_json *page, bool more,
	const struct ack_error *e)
{
	struct fleet *f = arg;

	if (!more) {
		ended(f, e);
		return;
	}
	for (const struct ack_json *n = ack_json_first(page); n;
		n = ack_json_next(n)) {
		if (is_managed(n) &&
			!(is_contested(f, n) && put_off(&f->refresh, n)))
			take(f, n);
		/* nothing that a reader can do touches the page */
		ack_events_breathe(f->events);
	}
}

void refresh_now(struct fleet *f)
{
	struct refresh *r = &f->refresh;
	ACK_UNSET struct ack_error e;

	if (r->call)
		return;
	r->generation++;
	r->began = ack_now_ms();
	r->call = ack_list_clusters(f->client, NULL, NULL, true, listed, f, &e);
	if (!r->call)
		ended(f, &e);
}

void refresh_look(struct fleet *f)
{
	const struct refresh *r = &f->refresh;
	int64_t age = r->max_age_ms;

	if (!r->complete && age > AGAIN_MS)
		age = AGAIN_MS;
	if (!r->max_age_ms || (r->ended && ack_now_ms() - r->ended < age))
		return;
	refresh_now(f);
}

int refresh_missing(const struct fleet *f, struct ack_error *e)
{
	const struct refresh *r = &f->refresh;

	if (r->complete || f->clusters.count)
		return 0;
	if (!r->why.err)
		return ack_error_set(e, EAGAIN, NULL,
			"the service has not listed the clusters yet; try "
			"again, or mount with -o wait_ready");
	ack_error_copy(e, &r->why);
	return -e->err;
}

void refresh_stop(struct fleet *f)
{
	ack_call_drop(f->refresh.call);
	f->refresh.call = NULL;
	ack_json_free(f->refresh.late);
	f->refresh.late = NULL;
}

void refresh_age(const struct fleet *f, struct ack_buf *out)
{
	const struct refresh *r = &f->refresh;

	if (r->complete)
		ack_buf_printf(out, "%ld s ago",
			(long)((ack_now_ms() - r->complete) / 1000));
	else
		ack_buf_puts(out, ack_text("never"));
	if (r->call)
		ack_buf_puts(out, ack_text(", being renewed"));
	else if (r->why.err)
		ack_buf_puts(out, ack_text(", the last attempt failed"));
}
