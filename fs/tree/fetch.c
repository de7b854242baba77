/* SPDX-License-Identifier: MIT */
#include "tree/fetch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "base/span.h"
#include "base/text.h"
#include "cloud/live.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/versions.h"
#include "model/regions.h"
#include "model/waiter.h"
#include "params/params.h"
#include "tree/files.h"
#include "tree/node.h"

/* What a file may hold, and what one answer may add: an escape is up to six
 * times as long as what it stands for. */
#define TEXT_MAX   (32u << 20)
#define ANSWER_MAX (6u << 20)
#define BODY_MAX   65536

static void go_on(struct fetch *f);

static void fetch_free(struct fetch *f)
{
	ack_timer_cancel(f->fleet->events, &f->limit);
	ack_timer_cancel(f->fleet->events, &f->pause);
	ack_call_drop(f->call);
	*f->link = f->next;
	if (f->next)
		f->next->link = f->link;
	ack_buf_release(&f->text);
	ack_buf_release(&f->body);
	addons_look_release(&f->addons);
	guest_leave(f->guest, GUEST_FETCHES);
	free(f);
}

/* It stands in live/NAME/error until the same can be read. */
static void tell(const struct fetch *f, const struct ack_error *e)
{
	struct object *o = f->object;

	if (e->err || o->live_failed == f->source)
		object_fail_live(o, e);
	if (e->err)
		o->live_failed = f->source;
}

/* Everybody gets the answer, or the error; f is gone afterwards. */
static void end(struct fetch *f, const struct ack_error *e)
{
	if (f->object)
		tell(f, e);
	else if (e->err)
		fleet_fail(f->fleet, e);
	for (struct waiter *w = f->waiters.first; w; w = w->next)
		w->answer = &f->text;
	waiters_wake(&f->waiters, -e->err);
	fetch_free(f);
}

static int take_json(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	(void)e;
	ack_json_print(answer, true, &f->text);
	ack_buf_putc(&f->text, '\n');
	return 0;
}

static void answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct fetch *f = arg;
	ACK_UNSET struct ack_error own;

	ack_error_copy(&own, e);
	f->call = NULL;
	f->text.max = f->text.len + ANSWER_MAX < TEXT_MAX
			      ? f->text.len + ANSWER_MAX
			      : TEXT_MAX;
	if (own.err && f->source->missed) {
		if (f->source->missed(f, e))
			ack_error_clear(&own);
	} else if (!own.err) {
		(f->source->take ? f->source->take : take_json)(
			f, answer->json, &own);
	}
	if (!own.err && ack_buf_status(&f->text))
		ack_error_set(&own, ENOMEM, NULL,
			"the answer of the service takes more room than there "
			"is for it");
	if (own.err) {
		end(f, &own);
		return;
	}
	f->step++;
	if (f->pause_ms)
		ack_timer_set(f->fleet->events, &f->pause, f->pause_ms);
	else
		go_on(f);
}

/* Nothing is asked again and again that everybody has left. */
static void paused(void *arg)
{
	struct fetch *f = arg;

	f->pause_ms = 0;
	if (f->waiters.first)
		go_on(f);
	else
		fetch_free(f);
}

void fetch_put(struct fetch *f, const char *text)
{
	struct ack_error clean;

	ack_error_set(&clean, EINVAL, NULL, "%s", text ? text : "?");
	ack_buf_puts(&f->text, clean.message);
}

static bool ask(struct fetch *f, struct ack_request *r)
{
	if (f->source->ask)
		return f->source->ask(f, r);
	r->action = f->source->action;
	r->ids[0] = f->object ? f->object->id : NULL;
	return !f->step;
}

static void go_on(struct fetch *f)
{
	struct ack_request r = {.paced = true,
		.patient = f->guest,
		.endpoint = f->object ? regions_of(f->object) : NULL};
	struct ack_error e;

	ack_error_clear(&e);
	if (f->source->missed)
		ack_timer_set(f->fleet->events, &f->limit, f->fleet->tries_ms);
	if (!ask(f, &r)) {
		end(f, &e);
		return;
	}
	f->asked = ack_now_ms();
	f->call = ack_ask(f->fleet->client, &r, answered, f, &e);
	if (!f->call)
		end(f, &e);
}

/* Where a call that fails is part of the text, so is one that hangs. */
static void too_late(void *arg)
{
	struct fetch *f = arg;
	struct ack_error e;

	if (f->source->most_ms)
		ack_error_set(&e, ETIMEDOUT, NULL,
			"the service has not ended this within %d s",
			f->source->most_ms / 1000);
	else
		ack_error_set(&e, ETIMEDOUT, NULL,
			"no answer within timeout=; with many readers, qps= "
			"may hold calls back");
	if (!f->source->missed) {
		end(f, &e);
		return;
	}
	ack_call_drop(f->call);
	answered(f, NULL, &e);
}

static void start(void *arg)
{
	struct fetch *f = arg;

	f->limit.fire = too_late;
	ack_timer_set(f->fleet->events, &f->limit,
		f->source->most_ms ? f->source->most_ms : f->fleet->tries_ms);
	go_on(f);
}

int fetch_begin(const struct node *n, struct waiter *w, struct ack_error *e)
{
	struct fetch **list = n->object ? &n->object->fetches
					: &n->fleet->fetches;
	struct fetch *f = *list;
	bool patient = w && guest_is(n->fleet, w->uid);
	struct guest *guest = NULL;
	int ret;

	/* nobody waits as long as a guest has to but guests */
	while (f && (f->source != node_fetch(n) || (f->guest && !patient)))
		f = f->next;
	/* one that everybody has left may hang */
	if (f && !f->waiters.first) {
		fetch_free(f);
		f = NULL;
	}
	if (!f) {
		ret = w ? guest_enter(n->fleet, w->uid, GUEST_FETCHES, &guest)
			: 0;
		if (ret)
			return ret;
		f = calloc(1, sizeof(*f));
		if (!f) {
			guest_leave(guest, GUEST_FETCHES);
			return ack_error_memory(e, NULL);
		}
		f->guest = guest;
		f->began = ack_now_ms();
		f->source = node_fetch(n);
		f->fleet = n->fleet;
		f->object = n->object;
		ack_buf_init(&f->text, TEXT_MAX);
		f->text.secret = node_is_secret(n);
		ack_buf_init(&f->body, BODY_MAX);
		addons_look_init(&f->addons);
		f->next = *list;
		f->link = list;
		if (f->next)
			f->next->link = &f->next;
		*list = f;
		/* from the loop, so that the answer never comes from inside */
		f->limit = (struct ack_timer){.fire = start, .arg = f};
		f->pause = (struct ack_timer){.fire = paused, .arg = f};
		ack_timer_set(f->fleet->events, &f->limit, 0);
	}
	waiter_wait(w, &f->waiters);
	return NODE_LATER;
}

static void drop(struct fetch **list)
{
	while (*list) {
		waiters_wake(&(*list)->waiters, -EINTR);
		fetch_free(*list);
	}
}

void fetch_drop(struct object *o)
{
	drop(&o->fetches);
}

void fetch_stop(struct fleet *f)
{
	drop(&f->fetches);
}

static int not_that(struct ack_error *e, const char *what)
{
	return ack_error_set(e, EPROTO, NULL,
		"the answer of the service has no %s", ack_text(what));
}

#define A_PAGE      100
#define A_PAGE_TEXT "100"

bool fetch_page(struct fetch *f, struct ack_request *r, const char *number,
	const char *size)
{
	if (f->step && !*f->page)
		return false;
	snprintf(f->page, sizeof(f->page), "%u", f->step + 1);
	r->ids[0] = f->object ? f->object->id : f->fleet->endpoint.region;
	r->query[0] = (struct ack_query){number, f->page};
	r->query[1] = (struct ack_query){size, A_PAGE_TEXT};
	return true;
}

int fetch_paged(struct fetch *f, const struct ack_json *list,
	const struct ack_json *page, struct ack_error *e)
{
	unsigned count = ack_json_count(list);
	int64_t total = -1;

	if (!ack_json_is_array(list))
		return not_that(e, "list of them");
	f->seen += count;
	ack_json_integer(ack_json_get(page, "total_count"), &total);
	/* where the total is not given, a page that is not full is the last */
	if (total >= 0 ? !count || (int64_t)f->seen >= total : count < A_PAGE)
		*f->page = '\0';
	return 0;
}

static int take_detail(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	int ret = kind_check(f->object->kind, f->object->id, answer, e);

	if (ret)
		return ret;
	live_take(f->object, answer, f->asked);
	return take_json(f, answer, e);
}

const struct fetch_source fetch_detail = {
	.action = ACK_CALL_DescribeClusterDetail, .take = take_detail};

const struct fetch_source fetch_resources = {
	.action = ACK_CALL_DescribeClusterResources};

/* Reading this is what brings nodepools/ up to date. */
static int take_nodepools(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	const struct ack_json *list = ack_json_get(answer, "nodepools");

	if (!ack_json_is_array(list))
		return not_that(e, "node pools");
	live_nodepools(f->object, list, f->asked);
	return take_json(f, list, e);
}

const struct fetch_source fetch_nodepools = {
	.action = ACK_CALL_DescribeClusterNodePools, .take = take_nodepools};

/* All pages, as one array. */
static bool ask_nodes(struct fetch *f, struct ack_request *r)
{
	r->action = ACK_CALL_DescribeClusterNodes;
	f->is_first |= !f->step;
	if (fetch_page(f, r, "pageNumber", "pageSize"))
		return true;
	ack_buf_puts(&f->text, f->is_first ? "[]\n" : "\n]\n");
	return false;
}

static int take_nodes(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	const struct ack_json *nodes = ack_json_get(answer, "nodes");

	for (const struct ack_json *n = ack_json_first(nodes); n;
		n = ack_json_next(n)) {
		ack_buf_puts(&f->text, f->is_first ? "[\n" : ",\n");
		f->is_first = false;
		ack_json_print(n, true, &f->text);
	}
	return fetch_paged(f, nodes, ack_json_get(answer, "page"), e);
}

const struct fetch_source fetch_nodes = {.ask = ask_nodes, .take = take_nodes};

static bool ask_versions(struct fetch *f, struct ack_request *r)
{
	r->action = ACK_CALL_DescribeKubernetesVersionMetadata;
	r->query[0] = (struct ack_query){"Region",
		r->endpoint ? r->endpoint->region : f->fleet->endpoint.region};
	r->query[1] = (struct ack_query){"ClusterType", "ManagedKubernetes"};
	return !f->step;
}

/* A line each: the version, and the runtimes that go with it. */
static int take_versions(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	if (!ack_json_is_array(answer))
		return not_that(e, "versions");
	if (!f->object)
		versions_take(f->fleet, answer);
	for (const struct ack_json *n = ack_json_first(answer); n;
		n = ack_json_next(n)) {
		const struct ack_json *r = ack_json_first(
			ack_json_get(n, "runtimes"));
		const char *version = ack_json_get_string(n, "version");

		if (!version)
			continue;
		fetch_put(f, version);
		for (; r; r = ack_json_next(r)) {
			const char *name = ack_json_get_string(r, "name");
			const char *v = ack_json_get_string(r, "version");

			if (!name || !v)
				continue;
			ack_buf_putc(&f->text, ' ');
			fetch_put(f, name);
			ack_buf_putc(&f->text, '-');
			fetch_put(f, v);
		}
		ack_buf_putc(&f->text, '\n');
	}
	return 0;
}

const struct fetch_source fetch_versions = {
	.ask = ask_versions, .take = take_versions};

static bool ask_upgrades(struct fetch *f, struct ack_request *r)
{
	const char *now = ack_values_get(
		&f->object->values, ACK_P_kubernetes_version, NULL);

	ask_versions(f, r);
	r->query[2] = (struct ack_query){"KubernetesVersion", now};
	r->query[3] = (struct ack_query){"QueryUpgradableVersion", "true"};
	return !f->step && now;
}

static int take_upgrades(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	const struct ack_json *n = ack_json_first(answer);
	bool listed = false;

	if (!ack_json_is_array(answer))
		return not_that(e, "versions");
	for (; n; n = ack_json_next(n)) {
		const struct ack_json *v = ack_json_first(
			ack_json_get(n, "upgradable_versions"));

		listed |= ack_json_get(n, "upgradable_versions") != NULL;
		for (; v; v = ack_json_next(v)) {
			if (!ack_json_string(v))
				continue;
			fetch_put(f, ack_json_string(v));
			ack_buf_putc(&f->text, '\n');
		}
	}
	if (listed)
		versions_offer(f->object, ack_buf_text(&f->text));
	return 0;
}

const struct fetch_source fetch_upgrades = {
	.ask = ask_upgrades, .take = take_upgrades};

static bool ask_addons(struct fetch *f, struct ack_request *r)
{
	if (addons_ask(&f->addons, f->object, r))
		return true;
	addons_take(f->object, &f->addons.lines);
	addons_text(f->object, &f->text);
	return false;
}

static int take_addons(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	return addons_answer(&f->addons, answer, e);
}

const struct fetch_source fetch_addons = {
	.ask = ask_addons, .take = take_addons};

/* Those for the newest version of Kubernetes, which is asked for first. */
static bool ask_offered(struct fetch *f, struct ack_request *r)
{
	if (!f->step)
		return ask_versions(f, r);
	r->action = ACK_CALL_ListAddons;
	r->query[0] = (struct ack_query){
		"region_id", f->fleet->endpoint.region};
	r->query[1] = (struct ack_query){"cluster_type", "ManagedKubernetes"};
	r->query[2] = (struct ack_query){"profile", "Default"};
	r->query[3] = (struct ack_query){"cluster_spec", "ack.pro.small"};
	r->query[4] = (struct ack_query){
		"cluster_version", ack_buf_text(&f->body)};
	return f->step == 1;
}

/* A line each: name, version, category. */
static int take_offered(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	static const char *const keys[] = {"name", "version", "category"};
	const struct ack_json *list = ack_json_get(answer, "addons");

	if (!f->step) {
		versions_take(f->fleet, answer);
		ack_buf_puts(&f->body, versions_newest(f->fleet));
		return 0;
	}
	if (!ack_json_is_array(list))
		return not_that(e, "addons");
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n))
		for (size_t i = 0; i < LENGTH(keys); i++) {
			fetch_put(f, ack_json_get_string(n, keys[i]));
			ack_buf_putc(
				&f->text, i + 1 < LENGTH(keys) ? ' ' : '\n');
		}
	return 0;
}

const struct fetch_source fetch_addons_offered = {
	.ask = ask_offered, .take = take_offered};
