/* SPDX-License-Identifier: MIT */
#include "model/versions.h"

#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/span.h"
#include "client/client.h"
#include "model/fleet.h"
#include "model/log.h"
#include "model/object.h"

/* A failure is asked again after that time, and so is an old answer. */
#define AGAIN_MS (60 * 1000)
#define OLD_MS   (24 * 3600 * 1000)

#define RUNTIMES 8

struct version {
	char name[64];
	bool creatable;
	struct {
		char name[32], version[32];
	} runtimes[RUNTIMES];
	unsigned nruntimes;
};

/* Words of the service end up in requests and files. */
static bool put_word(char *out, size_t size, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (!len || len >= size ||
		strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789._-") != len)
		return false;
	memcpy(out, text, len + 1);
	return true;
}

static void take_runtimes(struct version *v, const struct ack_json *n)
{
	for (n = ack_json_first(n); n && v->nruntimes < RUNTIMES;
		n = ack_json_next(n)) {
		unsigned i = v->nruntimes;

		v->nruntimes += put_word(v->runtimes[i].name,
					sizeof(v->runtimes[i].name),
					ack_json_get_string(n, "name")) &&
				put_word(v->runtimes[i].version,
					sizeof(v->runtimes[i].version),
					ack_json_get_string(n, "version"));
	}
}

/* Drafts that waited for it look different now. */
static void touch(struct object *o, void *arg)
{
	objects_walk(&o->pools, touch, arg);
	if (!object_exists(o))
		object_touch(o);
}

void versions_take(struct fleet *f, const struct ack_json *answer)
{
	struct versions *vs = &f->versions;
	struct version *list = calloc(
		ack_json_count(answer) + 1u, sizeof(*list));
	unsigned count = 0;

	if (!list)
		return;
	for (const struct ack_json *n = ack_json_first(answer); n;
		n = ack_json_next(n)) {
		struct version *v = &list[count];

		if (!put_word(v->name, sizeof(v->name),
			    ack_json_get_string(n, "version")))
			continue;
		ack_json_boolean(ack_json_get(n, "creatable"), &v->creatable);
		take_runtimes(v, ack_json_get(n, "runtimes"));
		count++;
	}
	free(vs->list);
	vs->list = list;
	vs->count = count;
	vs->known = true;
	objects_walk(&f->clusters, touch, NULL);
}

const char *versions_newest(const struct fleet *f)
{
	const struct versions *vs = &f->versions;

	for (unsigned i = 0; i < vs->count; i++)
		if (vs->list[i].creatable)
			return vs->list[i].name;
	return "";
}

static void answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct fleet *f = arg;

	f->versions.call = NULL;
	if (e->err)
		log_line(LOG_NOTICE, "the versions are not known: %s",
			e->message);
	else
		versions_take(f, answer->json);
}

static void want(struct fleet *f)
{
	struct versions *vs = &f->versions;
	struct ack_request r = {
		.action = ACK_CALL_DescribeKubernetesVersionMetadata,
		.query = {{"Region", f->endpoint.region},
			{"ClusterType", "ManagedKubernetes"},
			{"Mode", "supported"}},
		.paced = true};
	struct ack_error e;

	if (vs->call || (vs->asked && ack_now_ms() - vs->asked <
					      (vs->known ? OLD_MS : AGAIN_MS)))
		return;
	vs->asked = ack_now_ms();
	vs->call = ack_ask(f->client, &r, answered, f, &e);
}

static const struct version *find(
	const struct versions *vs, const char *kubernetes)
{
	const struct version *newest = NULL;

	for (unsigned i = 0; i < vs->count; i++) {
		const struct version *v = &vs->list[i];

		if (kubernetes && !strcmp(v->name, kubernetes))
			return v;
		if (!kubernetes && v->creatable &&
			(!newest || strverscmp(v->name, newest->name) > 0))
			newest = v;
	}
	return newest;
}

const char *versions_runtime(
	struct fleet *f, const char *kubernetes, const char *runtime)
{
	const struct version *v = find(&f->versions, kubernetes);
	const char *newest = NULL;

	want(f);
	for (unsigned i = 0; v && i < v->nruntimes; i++)
		if (!strcmp(v->runtimes[i].name, runtime) &&
			(!newest ||
				strverscmp(v->runtimes[i].version, newest) > 0))
			newest = v->runtimes[i].version;
	return newest;
}

bool versions_lack(const struct fleet *f, const char *kubernetes)
{
	const struct versions *vs = &f->versions;

	for (unsigned i = 0; i < vs->count; i++)
		if (!strcmp(vs->list[i].name, kubernetes))
			return !vs->list[i].creatable;
	return vs->count > 0;
}

static const char *version_of(const struct object *o)
{
	const char *now = ack_values_get(
		&o->values, ACK_P_kubernetes_version, NULL);

	return now ? now : "";
}

void versions_offer(struct object *o, const char *lines)
{
	struct ack_buf text = ACK_BUF_INIT(4096);

	ack_buf_printf(&text, "%s\n%s", version_of(o), lines);
	free(o->upgrades);
	/* without memory it is as if nobody had asked */
	o->upgrades = ack_buf_steal(&text);
	ack_buf_release(&text);
	object_touch(o);
}

bool versions_refuse(const struct object *o, const char *kubernetes)
{
	struct ack_span rest = ack_span_of(o->upgrades);
	struct ack_span now = ack_span_cut(&rest, "\n");

	if (!o->upgrades || !ack_span_is(now, version_of(o)))
		return false;
	while (rest.len > 0)
		if (ack_span_is(ack_span_cut(&rest, "\n"), kubernetes))
			return false;
	return true;
}

void versions_release(struct fleet *f)
{
	ack_call_drop(f->versions.call);
	free(f->versions.list);
	f->versions = (struct versions){.list = NULL};
}
