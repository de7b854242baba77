/* SPDX-License-Identifier: MIT */
#include "ground.h"

#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "base/error.h"
#include "client/call.h"
#include "client/credentials.h"
#include "cloud/story.h"
#include "disk.h"
#include "model/kind.h"
#include "model/log.h"
#include "mount/parts.h"
#include "state/dirname.h"
#include "wire.h"

#define TEXT_MAX (8u << 20)
#define TURNS    24
#define AT_FIRST 1 /* ns since 1970, when directories were changed last */

static void forget(void *arg, uint64_t ino)
{
	(void)arg, (void)ino;
}

static void notify(void *arg, struct handle *h)
{
	(void)arg, (void)h;
}

/* In place of call_sign.c: the time that signing takes is better spent. */
int ack_call_try(struct ack_call *call, int64_t timeout_ms, ack_http_done ended,
	struct ack_error *e)
{
	const struct ack_http_request r = {.method = call->method,
		.url = "https://cs.example.com/",
		.body = call->has_body ? ack_buf_text(&call->body) : NULL,
		.len = call->body.len,
		.timeout_ms = (long)timeout_ms};

	MUST(strlen(ack_buf_text(&call->path)) == call->path.len);
	call->signed_at = call->client->clock_offset;
	call->transfer = ack_http_start(
		call->client->config.http, &r, ended, call, e);
	return call->transfer ? 0 : -e->err;
}

void ground_make(struct ground *g)
{
	struct ack_error e;

	log_open(true, LOG_EMERG);
	MUST(!ack_events_init(&g->events, &e));
	MUST(!ack_endpoint_init(&g->endpoint, "https://cs.example.com",
		"cn-beijing", ACK_NODEPOOLS, &e));
}

static void put(struct object *o, unsigned row, const char *text)
{
	MUST(!ack_values_set(&o->values, row, text, strlen(text), 1));
}

static struct object *make(struct ground *g, struct object *parent,
	const char *name, const char *id)
{
	struct object *o = fleet_restore(&g->fleet, parent, name);

	MUST(o);
	if (id) {
		MUST(fleet_set_id(o, id));
		object_become(o, COURSE_EXISTS);
		strcpy(o->word, parent ? "active" : "running");
		o->seen = 1;
	}
	o->changed = AT_FIRST;
	return o;
}

static void populate(struct ground *g)
{
	g->cluster = make(g, NULL, "test", GROUND_ID);
	put(g->cluster, ACK_P_name, "test");
	put(g->cluster, ACK_P_region_id, "cn-beijing");
	put(g->cluster, ACK_P_kubernetes_version, "1.30.1-aliyun.1");
	put(g->cluster, ACK_P_num_of_nodes, "3");
	put(g->cluster, ACK_P_tags, "a=1\nb=2");
	g->pool = make(g, g->cluster, "default", GROUND_POOL);
	put(g->pool, ACK_POOL_P_name, "default");
	g->draft = make(g, NULL, "new", NULL);
	g->fleet.refresh.generation = 1;
}

void ground_begin(struct ground *g, bool empty)
{
	struct ack_client_config client = {.events = &g->events,
		.http = wire_http(),
		.endpoint = &g->fleet.endpoint,
		.connect_timeout_ms = 1,
		.timeout_ms = 1}; /* no time for another try */
	struct ack_credentials keys = {.key_id = strdup("LTAI5tExample"),
		.key_secret = strdup("ackfsExampleSecret")};
	struct ack_error e;

	g->fleet = (struct fleet){.events = &g->events,
		.endpoint = g->endpoint,
		.sts = g->endpoint,
		.audit = -1,
		.preflight = true,
		.kubeconfig_minutes = 15,
		.settle_ms = 1,
		.tries_ms = 1000,
		.forget = forget,
		.notify = notify};
	parts_give(&g->fleet);
	g->fleet.client = ack_client_new(&client, &e);
	MUST(g->fleet.client);
	ack_client_set_credentials(g->fleet.client, &keys);
	if (!empty)
		populate(g);
}

void ground_end(struct ground *g)
{
	fleet_release(&g->fleet);
	ack_client_free(g->fleet.client);
	MUST(!g->events.first && !wire_busy());
}

/* Timers of later are left alone: nothing may take time here. */
static bool is_due(const struct ground *g)
{
	return g->events.first && g->events.first->due <= ack_now_ms();
}

void ground_run(struct ground *g)
{
	for (int i = 0; i < TURNS; i++) {
		while (is_due(g) && i++ < TURNS)
			MUST(!ack_events_turn(&g->events));
		if (!wire_turn() && !is_due(g))
			break;
	}
}

static void look(struct object *o, void *arg)
{
	struct ack_buf text = ACK_BUF_INIT(TEXT_MAX);

	(void)arg;
	MUST(dirname_sound(o->name) || o->state == COURSE_DRAFT);
	MUST(fuzz_plain(o->name) && !strchr(o->name, '/'));
	MUST(fuzz_plain(object_state_word(o)));
	MUST(!o->error || fuzz_plain(o->error));
	MUST(fuzz_plain(object_request_id(o)) && fuzz_plain(object_task_id(o)));
	MUST(!*o->id || o->kind->id_valid(o->id));
	if (o->story) {
		story_events(o->fleet, o, &text);
		if (story_progressing(o))
			story_progress(o->fleet, o, &text);
		story_line(o, &text);
	}
	MUST(fuzz_plain(ack_buf_text(&text)));
	ack_buf_release(&text);
	objects_walk(&o->pools, look, NULL);
}

static void find_changed(struct object *o, void *arg)
{
	*(bool *)arg |= o->changed != AT_FIRST;
	objects_walk(&o->pools, find_changed, arg);
}

void ground_look(struct ground *g, bool whole)
{
	bool changed = false;

	MUST(!g->fleet.error || fuzz_plain(g->fleet.error));
	objects_walk(&g->fleet.clusters, look, NULL);
	/* what nothing has happened to is not worth the time */
	objects_walk(&g->fleet.clusters, find_changed, &changed);
	if (whole && changed)
		disk_keep(&g->fleet);
}
