/* SPDX-License-Identifier: MIT */
/* /_sandbox/…: what steers and shows the sandbox itself. */
#include "sandbox/control.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "client/sign.h"
#include "sandbox/checks.h"
#include "sandbox/clock.h"
#include "sandbox/describe.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/pools.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

/* What `curl -u ID:SECRET` sends, for HTTP Basic. */
static bool has_key(const struct verifier *v, const struct exchange *x)
{
	const char *given = exchange_header(x, "authorization");
	struct ack_buf pair = ACK_BUF_INIT(2 * KEY_MAX);
	struct ack_buf wants = ACK_BUF_INIT(4 * KEY_MAX);
	bool has;

	ack_buf_printf(&pair, "%s:%s", v->key_id, v->key_secret);
	ack_buf_puts(&wants, "Basic ");
	ack_base64(ack_buf_text(&pair), pair.len, &wants);
	has = given && !pair.failed && !wants.failed &&
	      !ack_secret_compare(given, ack_buf_text(&wants));
	ack_buf_release(&pair);
	ack_buf_release(&wants);
	return has;
}

bool control_check(const struct sandbox *s, struct exchange *x)
{
	if ((x->own && !s->locked) || has_key(&s->verifier, x))
		return true;
	answer_gateway(x, 401, "Unauthorized",
		"What steers the sandbox needs its AccessKey: curl -u "
		"ID:SECRET.");
	return false;
}

void control_set_faults(struct sandbox *s, struct exchange *x)
{
	struct ack_json *list, *root;
	struct ack_error e;
	size_t where = 0;
	char digits[24];
	int rc;

	list = ack_json_parse(ack_buf_text(&x->body), x->body.len, &where);
	if (!list)
		rc = ack_error_set(&e, EINVAL, NULL,
			"The rules are not JSON; see byte %zu.", where);
	else
		rc = faults_set(&s->faults, list, &e);
	ack_json_free(list);
	if (rc < 0) {
		answer_service(x, rc == -EINVAL ? 400 : 500, "InvalidFault",
			e.message, NULL);
		return;
	}
	snprintf(digits, sizeof(digits), "%zu", s->faults.count);
	root = ack_json_object();
	if (root)
		rc = ack_json_add(root, "rules", ack_json_new_number(digits));
	answer_json(x, 200, root, rc);
}

void control_list_requests(struct sandbox *s, struct exchange *x)
{
	int rc = 0;
	struct ack_json *list = requests_json(&s->requests, &rc);

	answer_json(x, 200, list, rc);
}

void control_list_clusters(struct sandbox *s, struct exchange *x)
{
	struct ack_json *list = ack_json_array();
	int64_t now = clock_ms();
	int rc = 0;

	clusters_settle(&s->clusters, now);
	for (size_t i = 0; list && i < s->clusters.count; i++) {
		const struct cluster *k = s->clusters.list[i];
		const struct task *first = k->ntasks ? k->tasks[0] : NULL;
		struct ack_json *o = cluster_record(k);
		struct standing p;

		if (o) {
			rc |= document_set(&o, "state",
				ack_json_new_string(cluster_state(k)));
			rc |= ack_json_add_string(
				o, "name", field_text(k, "name"));
		}
		if (o && first) {
			task_look(first, now, &p);
			rc |= ack_json_add_string(o, "task_id", first->id);
			rc |= ack_json_add_string(
				o, "task_state", task_state_word(p.state));
		}
		rc |= ack_json_add(list, NULL, o);
	}
	answer_json(x, 200, list, rc);
}

#define COUNT_MOST 100000
#define REGION     "cn-beijing"

/* clang-format off */
static const struct check rows[] = {
	{ "count", CHECK_INTEGER, false, 1, COUNT_MOST },
	{ "name", CHECK_STRING, .most = 200 },
	{ "region_id", CHECK_STRING, .most = 64 },
	{ "nodes", CHECK_INTEGER, false, 0, POOL_NODES_MAX },
	{ "clusters", CHECK_MAPS, false, 0, COUNT_MOST },
};

static const struct check cluster_rows[] = {
	{ "name", CHECK_STRING },
	{ "state", CHECK_STRING, .choices = "initial|running|failed|inactive|"
		"unavailable|deleting|delete_failed|updating|upgrading|"
		"scaling|waiting|disconnected|stopped|updating_failed" },
	{ "region_id", CHECK_STRING },
	{ "cluster_type", CHECK_STRING },
	{ "profile", CHECK_STRING },
	{ "cluster_spec", CHECK_STRING },
	{ "current_version", CHECK_STRING },
	{ "init_version", CHECK_STRING },
	{ "deletion_protection", CHECK_BOOLEAN },
	{ "endpoint_public_access", CHECK_BOOLEAN },
	{ "timezone", CHECK_STRING },
	{ "resource_group_id", CHECK_STRING },
	{ "vpc_id", CHECK_STRING },
	{ "vswitch_ids", CHECK_STRINGS },
	{ "security_group_id", CHECK_STRING },
	{ "tags", CHECK_LIST },
	{ "tags[].key", CHECK_STRING, true },
	{ "tags[].value", CHECK_STRING },
	{ "nodes", CHECK_INTEGER, false, 0, POOL_NODES_MAX },
};
/* clang-format on */

static int add_pool(struct cluster *k, int64_t nodes)
{
	static const char spec[] =
		"{\"scaling_group\":{\"instance_types\":[\"ecs.g7.xlarge\"]}}";
	size_t where;
	struct ack_json *doc = ack_json_parse(spec, sizeof(spec) - 1, &where);
	struct pool *p = NULL;

	if (doc && document_set_in(&doc, "scaling_group", "desired_size",
			   document_number(nodes)) == 0)
		p = pool_new(doc, 1, true, k->created_ms);
	ack_json_free(doc);
	if (p && cluster_add_pool(k, p) == 0) {
		pool_settle(p, TASK_SUCCESS, k->created_ms);
		return 0;
	}
	pool_free(p);
	return -1;
}

/* What the object says of it goes into its settings as it stands. */
static int furnish(struct cluster *k, const struct ack_json *o)
{
	const char *state = ack_json_get_string(o, "state");
	int64_t nodes = document_integer(o, "nodes", 0);
	int rc = 0;

	snprintf(k->state, sizeof(k->state), "%s", state ? state : "running");
	k->settings = ack_json_object();
	if (!k->settings)
		return -1;
	for (const struct ack_json *n = ack_json_first(o); n;
		n = ack_json_next(n)) {
		const char *key = ack_json_key(n);

		if (strcmp(key, "state") != 0 && strcmp(key, "nodes") != 0)
			rc |= ack_json_add(k->settings, key, document_copy(n));
	}
	if (!ack_json_get(o, "region_id"))
		rc |= ack_json_add_string(k->settings, "region_id", REGION);
	if (!ack_json_get(o, "cluster_type"))
		rc |= ack_json_add_string(
			k->settings, "cluster_type", "ManagedKubernetes");
	return rc == 0 && nodes > 0 ? add_pool(k, nodes) : rc;
}

/* Its ID goes into the list. False: the exchange has its refusal. */
static bool plant(struct sandbox *s, struct exchange *x,
	const struct ack_json *o, struct ack_json *ids)
{
	struct cluster *k = calloc(1, sizeof(*k));
	char id[ACK_NONCE_HEX];
	struct ack_error e;

	if (!k || ack_nonce(id) < 0) {
		free(k);
		answer_broken(x);
		return false;
	}
	snprintf(k->id, sizeof(k->id), "c%s", id);
	k->created_ms = k->updated_ms = k->listed_ms = clock_ms();
	if (furnish(k, o) < 0 || ack_json_add_string(ids, NULL, k->id) < 0) {
		cluster_free(k);
		answer_broken(x);
		return false;
	}
	if (clusters_add(&s->clusters, k, &e) == 0)
		return true;
	answer_service(x, 500, "InternalError", e.message, NULL);
	return false;
}

/* The i-th of many: prefix-00001. */
static struct ack_json *numbered(const struct ack_json *body, int64_t i)
{
	const char *prefix = ack_json_get_string(body, "name");
	const char *region = ack_json_get_string(body, "region_id");
	struct ack_json *o = ack_json_object();
	char name[256];
	int rc = 0;

	if (!o)
		return NULL;
	snprintf(name, sizeof(name), "%s-%05" PRId64,
		prefix ? prefix : "cluster", i);
	rc |= ack_json_add_string(o, "name", name);
	rc |= ack_json_add_string(o, "region_id", region ? region : REGION);
	rc |= document_add_number(
		o, "nodes", document_integer(body, "nodes", 0));
	if (rc == 0)
		return o;
	ack_json_free(o);
	return NULL;
}

static bool plant_all(struct sandbox *s, struct exchange *x,
	const struct ack_json *body, struct ack_json *ids)
{
	const struct ack_json *n = ack_json_first(
		ack_json_get(body, "clusters"));
	int64_t count = document_integer(body, "count", 0);

	for (; n; n = ack_json_next(n))
		if (!plant(s, x, n, ids))
			return false;
	for (int64_t i = 1; i <= count; i++) {
		struct ack_json *o = numbered(body, i);
		bool done = o && plant(s, x, o, ids);

		ack_json_free(o);
		if (!done) {
			if (!o)
				answer_broken(x);
			return false;
		}
	}
	return true;
}

void control_plant_clusters(struct sandbox *s, struct exchange *x)
{
	struct ack_json *body = lookup_body(x), *ids, *root;
	struct objections f = {NULL};

	if (!body)
		return;
	check_document(body, rows, LENGTH(rows), false, &f);
	for (const struct ack_json *n =
			ack_json_first(ack_json_get(body, "clusters"));
		n; n = ack_json_next(n))
		check_document(
			n, cluster_rows, LENGTH(cluster_rows), false, &f);
	ids = ack_json_array();
	if (objections_none(&f, x) && ids && plant_all(s, x, body, ids)) {
		root = ack_json_object();
		int rc = ack_json_add(root, "cluster_ids", ids);
		answer_json(x, 200, root, rc);
		ids = NULL;
	}
	ack_json_free(ids);
	ack_json_free(body);
}
