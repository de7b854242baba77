/* SPDX-License-Identifier: MIT */
/*
 * RunClusterCheck, GetClusterCheck and DescribeClusterVuls (SERVICE.md,
 * Checks). A check is a task, so the faults of tasks are its faults.
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "sandbox/begun.h"
#include "sandbox/choices.h"
#include "sandbox/clock.h"
#include "sandbox/clusters.h"
#include "sandbox/describe.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/pools.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

#define TYPES                                                            \
	"ClusterUpgrade|MasterUpgrade|NodePoolUpgrade|ClusterMigration|" \
	"AddonInstall|AddonUpgrade"

void call_RunClusterCheck(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct ack_json *body = k ? lookup_body(x) : NULL, *root;
	const char *type = ack_json_get_string(body, "type");
	struct task *t = NULL;
	int rc = 0;

	if (!body)
		return;
	if (!type || !choice_is_among(type, TYPES))
		answer_service(x, 400, "InvalidParameter.Format",
			"type: It must be one of " TYPES ".", NULL);
	else if (lookup_is_in(x, k, "running"))
		t = task_begin(s, x, k, TASK_CHECK, NULL);
	if (t)
		t->parameters = body;
	else
		ack_json_free(body);
	if (!t || !keep_cluster(s, x, k))
		return;
	root = ack_json_object();
	rc |= ack_json_add_string(root, "check_id", t->id);
	rc |= ack_json_add_string(root, "request_id", t->request_id);
	answer_json(x, 200, root, rc);
}

static struct ack_json *item_json(
	const char *name, bool is_well, const char *message, int *rc)
{
	struct ack_json *o = ack_json_object();

	*rc |= ack_json_add_string(o, "name", name);
	*rc |= ack_json_add_string(o, "status", is_well ? "success" : "failed");
	*rc |= ack_json_add_string(o, "message", message);
	return o;
}

/* Nodes must not fall behind by two upgrades. */
static struct ack_json *items_json(const struct cluster *k, int *rc)
{
	struct ack_json *root = ack_json_object();
	struct ack_json *resources = ack_json_array(),
			*nodes = ack_json_array();
	const char *version = field_text(k, "current_version");
	char text[256];

	*rc |= ack_json_add(
		resources, NULL, item_json("vswitch", true, "", rc));
	for (size_t i = 0; i < k->npools; i++) {
		const struct pool *p = k->pools[i];
		const char *own = pool_version(p, k);
		bool is_well = !strcmp(own, version);

		snprintf(text, sizeof(text),
			"The nodes of the node pool %.64s have the version "
			"%.40s; upgrade them first.",
			pool_name(p), own);
		*rc |= ack_json_add(nodes, NULL,
			item_json("kubelet_version", is_well,
				is_well ? "" : text, rc));
	}
	*rc |= ack_json_add(root, "cluster_resources", resources);
	*rc |= ack_json_add(root, "nodes", nodes);
	return root;
}

static struct ack_json *check_json(
	const struct task *t, int64_t now_ms, int *rc)
{
	struct ack_json *root = ack_json_object();
	char created[CLOCK_TEXT], ended[CLOCK_TEXT];
	struct standing p;

	task_look(t, now_ms, &p);
	clock_utc(t->begun_ms, created);
	clock_utc(p.updated_ms, ended);
	*rc |= ack_json_add_string(root, "check_id", t->id);
	*rc |= ack_json_add_string(
		root, "type", ack_json_get_string(t->parameters, "type"));
	*rc |= ack_json_add_string(root, "created_at", created);
	if (!task_is_over(p.state)) {
		*rc |= ack_json_add_string(root, "status", "Running");
		*rc |= ack_json_add_string(root, "message", "task running");
		return root;
	}
	*rc |= ack_json_add_string(root, "finished_at", ended);
	if (p.state == TASK_SUCCESS) {
		*rc |= ack_json_add_string(root, "status", "Succeeded");
		*rc |= ack_json_add_string(root, "message", "task succeed");
		*rc |= ack_json_add(
			root, "check_items", items_json(t->cluster, rc));
	} else {
		*rc |= ack_json_add_string(root, "status", "Failed");
		*rc |= ack_json_add_string(root, "message", t->error_message);
	}
	return root;
}

void call_GetClusterCheck(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	const struct cluster *k = lookup_cluster(s, x, now);
	const struct task *t = NULL;
	int rc = 0;

	for (size_t i = 0; k && i < k->ntasks; i++)
		if (k->tasks[i]->kind == &task_kinds[TASK_CHECK] &&
			!strcmp(k->tasks[i]->id, x->args[1]))
			t = k->tasks[i];
	if (t)
		answer_json(x, 200, check_json(t, now, &rc), rc);
	else if (k)
		answer_service(x, 404, "ErrorCheckNotFound",
			"The cluster has no check of this ID.", NULL);
}

/* The system image that pools have until they are upgraded to another. */
static struct ack_json *record_json(const struct pool *p, int *rc)
{
	struct ack_json *o = ack_json_object(), *cve = ack_json_array();

	*rc |= ack_json_add_string(cve, NULL, "CVE-2026-10001");
	*rc |= ack_json_add_string(cve, NULL, "CVE-2026-10002");
	*rc |= ack_json_add_string(o, "nodepool_id", p->id);
	*rc |= ack_json_add_string(o, "nodepool_name", pool_name(p));
	*rc |= document_add_number(o, "node_count", (int64_t)p->count);
	*rc |= ack_json_add_string(o, "vul_name", "alinux3-sa-2026:0001");
	*rc |= ack_json_add_string(
		o, "vul_alias_name", "ALINUX3-SA-2026:0001: openssl update");
	*rc |= ack_json_add_string(o, "vul_type", "cve");
	*rc |= ack_json_add_string(o, "necessity", "asap");
	*rc |= ack_json_add(o, "cve_list", cve);
	return o;
}

void call_DescribeClusterVuls(struct sandbox *s, struct exchange *x)
{
	const struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct ack_json *root, *list;
	int rc = 0;

	if (!k)
		return;
	root = ack_json_object();
	list = ack_json_array();
	for (size_t i = 0; i < k->npools; i++) {
		const struct pool *p = k->pools[i];

		if (p->count &&
			!ack_json_get(ack_json_get(p->spec, "scaling_group"),
				"image_id"))
			rc |= ack_json_add(list, NULL, record_json(p, &rc));
	}
	rc |= ack_json_add(root, "vul_records", list);
	answer_json(x, 200, root, rc);
}
