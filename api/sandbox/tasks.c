/* SPDX-License-Identifier: MIT */
#include "sandbox/tasks.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/length.h"
#include "sandbox/addon_calls.h"
#include "sandbox/clock.h"
#include "sandbox/clusters.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/happenings.h"
#include "sandbox/pools.h"
#include "sandbox/sandbox.h"

int64_t task_stage_ms(const struct task *t, int stage)
{
	int64_t parts = 0;

	for (int i = 0; i < stage; i++)
		parts += t->kind->stages[i].share;
	return t->begun_ms + t->lost_ms + t->duration_ms * parts / 100;
}

bool task_is_sound(const struct task *t)
{
	return !t->stuck && t->error_code[0] == '\0';
}

void task_look(const struct task *t, int64_t now_ms, struct standing *p)
{
	bool fails = t->error_code[0] != '\0';
	int last = task_is_sound(t) ? t->kind->count : t->kind->fatal;
	int64_t end = task_stage_ms(t, last + fails);
	/* One that is canceled while it is paused has come no further. */
	int64_t stop = t->paused_ms ? t->paused_ms : t->canceled_ms;

	if (stop && stop < now_ms)
		now_ms = stop;
	p->stage = 0;
	while (p->stage < last && now_ms >= task_stage_ms(t, p->stage + 1))
		p->stage++;
	p->updated_ms = task_stage_ms(t, p->stage);
	if (p->stage == t->kind->count)
		p->state = TASK_SUCCESS;
	else if (fails && now_ms >= end)
		p->state = TASK_FAILED;
	else if (t->canceled_ms)
		p->state = TASK_CANCELED;
	else
		p->state = t->paused_ms ? TASK_PAUSED : TASK_RUNNING;
	if (p->state == TASK_FAILED)
		p->updated_ms = end;
	else if (p->state == TASK_CANCELED)
		p->updated_ms = t->canceled_ms;
	else if (p->state == TASK_PAUSED)
		p->updated_ms = t->paused_ms;
}

const char *task_state_word(enum task_state state)
{
	static const char *const words[] = {
		[TASK_RUNNING] = "running",
		[TASK_PAUSED] = "paused",
		[TASK_SUCCESS] = "success",
		[TASK_FAILED] = "failed",
		[TASK_CANCELED] = "canceled",
	};

	return words[state];
}

bool task_is_over(enum task_state state)
{
	return state != TASK_RUNNING && state != TASK_PAUSED;
}

void task_free(struct task *t)
{
	if (!t)
		return;
	ack_json_free(t->parameters);
	free(t);
}

/* What goes wrong with it, as it was ordered. */
static void take_fault(
	struct sandbox *s, const struct exchange *x, struct task *t)
{
	const struct fault *f = NULL;

	if (t->kind == &task_kinds[TASK_DELETE])
		f = faults_take(&s->faults, FAULT_DELETE, x);
	if (!f)
		f = faults_take(&s->faults, FAULT_TASK, x);
	if (f)
		fault_play_task(f, t);
}

struct task *task_begin(struct sandbox *s, struct exchange *x,
	struct cluster *k, enum task_word word, struct pool *pool)
{
	struct task *t = calloc(1, sizeof(*t));
	char id[ACK_NONCE_HEX];

	if (!t || ack_nonce(id) < 0) {
		free(t);
		answer_broken(x);
		return NULL;
	}
	snprintf(t->id, sizeof(t->id), "T-%.24s", id);
	memcpy(t->request_id, x->request_id, sizeof(t->request_id));
	t->kind = &task_kinds[word];
	t->begun_ms = clock_ms();
	t->duration_ms = (int64_t)((double)t->kind->ms / s->speed);
	if (pool)
		memcpy(t->target, pool->id, sizeof(pool->id));
	take_fault(s, x, t);
	if (clusters_add_task(&s->clusters, k, t) < 0) {
		task_free(t);
		answer_broken(x);
		return NULL;
	}
	if (pool)
		pool->busy = t;
	return t;
}

/* The nodes of its pools keep what they have. */
static int finish_upgrade(struct cluster *k, const struct task *t)
{
	const char *version = ack_json_get_string(
		t->parameters, "next_version");

	if (!version)
		return 0;
	for (size_t i = 0; i < k->npools; i++)
		if (pool_keep_version(
			    k->pools[i], pool_version(k->pools[i], k)) < 0)
			return -ENOMEM;
	return cluster_set(k, "current_version", ack_json_new_string(version));
}

static int finish_migrate(struct cluster *k, const struct task *t)
{
	(void)t;
	return cluster_set(
		k, "cluster_spec", ack_json_new_string("ack.pro.small"));
}

static int finish_delete(struct cluster *k, const struct task *t)
{
	(void)t;
	k->gone = true;
	return 0;
}

static int finish_pool_upgrade(struct cluster *k, const struct task *t)
{
	struct pool *p = cluster_find_pool(k, t->target);

	return p ? pool_upgrade(p, t->parameters) : 0;
}

static int finish_pool_delete(struct cluster *k, const struct task *t)
{
	cluster_drop_pool(k, t->target);
	return 0;
}

/* clang-format off */
static const struct stage creating[] = {
	[STAGE_CHECK] = { "precheck", 5,
		"Checking quotas, service roles and the network",
		"Quotas, service roles and the network are in order" },
	[STAGE_NETWORK] = { "network", 20,
		"Preparing vSwitches, security group and routes",
		"vSwitches, security group and routes are ready" },
	[STAGE_CONTROL_PLANE] = { "control_plane", 40,
		"Starting the control plane",
		"The control plane answers" },
	[STAGE_NODES] = { "nodes", 25,
		"Adding the worker nodes",
		"The worker nodes have joined" },
	{ "addons", 10,
		"Installing the addons",
		"The addons are installed" },
};

static const struct stage deleting[] = {
	{ "nodes", 40, "Releasing the worker nodes",
		"The worker nodes are released" },
	{ "control_plane", 30, "Stopping the control plane",
		"The control plane has stopped" },
	{ "resources", 30, "Releasing load balancers and network resources",
		"Load balancers and network resources are released" },
};

static const struct stage modifying[] = {
	{ "precheck", 20, "Checking the change", "The change is possible" },
	{ "apply", 80, "Applying the change", "The change is in effect" },
};

static const struct stage upgrading[] = {
	{ "precheck", 10, "Checking whether the cluster can be upgraded",
		"The cluster can be upgraded" },
	{ "control_plane", 60, "Upgrading the control plane",
		"The control plane is upgraded" },
	{ "addons", 30, "Upgrading the system components",
		"The system components are upgraded" },
};

static const struct stage checking[] = {
	{ "check", 100, "Checking the cluster", "The cluster is checked" },
};

static const struct stage upgrading_nodes[] = {
	{ "precheck", 10, "Checking whether the nodes can be upgraded",
		"The nodes can be upgraded" },
	{ "nodes", 90, "Upgrading the nodes, batch by batch",
		"The nodes are upgraded" },
};

static const struct stage adding[] = {
	{ "precheck", 10, "Checking stock, quotas and addresses",
		"Stock, quotas and addresses will do" },
	{ "instances", 60, "Creating the instances",
		"The instances are running" },
	{ "join", 30, "Waiting for the nodes to join the cluster",
		"The nodes have joined" },
};

static const struct stage removing[] = {
	{ "drain", 50, "Draining the nodes", "The nodes are drained" },
	{ "release", 50, "Releasing the instances",
		"The instances are released" },
};

#define STAGES(list) (list), LENGTH(list)
const struct task_kind task_kinds[TASK_WORDS] = {
	[TASK_CREATE] = { "cluster_create", 12000, STAGES(creating),
		STAGE_NODES, .pool_state = "scaling", .good = "running",
		.bad = "failed", .cancels = true },
	[TASK_DELETE] = { "cluster_delete", 6000, STAGES(deleting), 2,
		.pool_state = "deleting", .bad = "delete_failed",
		.finish = finish_delete },
	[TASK_MODIFY] = { "cluster_modify", 2000, STAGES(modifying), 1,
		.cluster_state = "updating" },
	[TASK_UPGRADE] = { "cluster_upgrade", 8000, STAGES(upgrading), 1,
		.cluster_state = "upgrading", .pauses = true, .cancels = true,
		.finish = finish_upgrade },
	[TASK_MIGRATE] = { "cluster_migrate", 4000, STAGES(modifying), 1,
		.cluster_state = "updating", .finish = finish_migrate },
	[TASK_SCALE_OUT] = { "cluster_scaleout", 4000, STAGES(adding), 1,
		.cluster_state = "scaling", .pool_state = "scaling",
		.cancels = true },
	[TASK_SCALE_IN] = { "cluster_node_delete", 3000, STAGES(removing), 1,
		.cluster_state = "scaling", .pool_state = "removing" },
	[TASK_POOL_CREATE] = { "nodepool_create", 4000, STAGES(adding), 1,
		.pool_state = "scaling", .cancels = true },
	[TASK_POOL_MODIFY] = { "nodepool_update", 2000, STAGES(modifying), 1,
		.pool_state = "updating" },
	[TASK_POOL_UPGRADE] = { "nodepool_upgrade", 6000, STAGES(upgrading_nodes),
		1, .pool_state = "updating", .pauses = true, .cancels = true,
		.finish = finish_pool_upgrade },
	[TASK_ADDON_INSTALL] = { "cluster_addon_install", 2000,
		STAGES(modifying), 1, .finish = addon_calls_finish },
	[TASK_ADDON_UPGRADE] = { "cluster_addon_upgrade", 2000,
		STAGES(modifying), 1, .finish = addon_calls_finish },
	[TASK_ADDON_UNINSTALL] = { "cluster_addon_uninstall", 2000,
		STAGES(modifying), 1, .finish = addon_calls_finish },
	[TASK_CHECK] = { "cluster_check", 4000, STAGES(checking), 0 },
	[TASK_POOL_DELETE] = { "nodepool_delete", 3000, STAGES(removing), 1,
		.pool_state = "deleting", .finish = finish_pool_delete },
};
/* clang-format on */

static const char *stage_word(const struct standing *p, int stage)
{
	if (stage < p->stage)
		return "success";
	if (stage > p->stage)
		return "pending";
	return task_state_word(p->state);
}

static const char *stage_text(
	const struct task *t, const struct standing *p, int stage)
{
	if (stage < p->stage)
		return t->kind->stages[stage].done;
	if (stage == p->stage && p->state == TASK_FAILED)
		return t->error_message;
	return t->kind->stages[stage].doing;
}

static struct ack_json *stage_json(
	const struct task *t, const struct standing *p, int stage, int *rc)
{
	bool stopped = stage == p->stage && task_is_over(p->state);
	struct ack_json *o = ack_json_object();
	char begun[CLOCK_TEXT] = "", ended[CLOCK_TEXT] = "";

	if (!o)
		return NULL;
	if (stage <= p->stage)
		clock_plain(task_stage_ms(t, stage), begun);
	if (stage < p->stage)
		clock_plain(task_stage_ms(t, stage + 1), ended);
	else if (stopped)
		clock_plain(p->updated_ms, ended);
	*rc |= ack_json_add_string(o, "state", stage_word(p, stage));
	*rc |= ack_json_add_string(o, "start_time", begun);
	*rc |= ack_json_add_string(o, "end_time", ended);
	*rc |= ack_json_add_string(o, "message", stage_text(t, p, stage));
	*rc |= ack_json_add(o, "outputs", ack_json_object());
	return o;
}

static struct ack_json *event_json(
	const struct task *t, const struct happening *h, int *rc)
{
	struct ack_json *o = ack_json_object();
	char digits[24];

	if (!o)
		return NULL;
	snprintf(digits, sizeof(digits), "%" PRId64, h->ms);
	*rc |= ack_json_add_string(o, "action", t->kind->word);
	*rc |= ack_json_add_string(o, "level", h->level);
	*rc |= ack_json_add_string(o, "message", h->message);
	*rc |= ack_json_add_string(o, "reason", h->reason);
	*rc |= ack_json_add_string(o, "source", "task");
	*rc |= ack_json_add_string(o, "timestamp", digits);
	return o;
}

static void add_stages(struct ack_json *root, const struct task *t,
	const struct standing *p, int *rc)
{
	struct ack_json *stages = ack_json_array(), *events = ack_json_array();
	struct happening h;

	for (int i = 0; stages && i < t->kind->count; i++)
		*rc |= ack_json_add(stages, NULL, stage_json(t, p, i, rc));
	for (int i = 0; events && happening_get(t, p, i, &h); i++)
		*rc |= ack_json_add(events, NULL, event_json(t, &h, rc));
	*rc |= ack_json_add(root, "stages", stages);
	*rc |= ack_json_add(root, "events", events);
}

static void add_error(struct ack_json *root, const struct task *t, int *rc)
{
	struct ack_json *o = ack_json_object();

	if (o) {
		*rc |= ack_json_add_string(o, "code", t->error_code);
		*rc |= ack_json_add_string(o, "message", t->error_message);
	}
	*rc |= ack_json_add(root, "error", o);
}

static void add_result(struct ack_json *root, const struct task *t,
	const struct standing *p, int *rc)
{
	const char *status = p->state == TASK_SUCCESS  ? "success"
			     : !task_is_over(p->state) ? "initial"
						       : "failed";
	const char *id = t->target[0] ? t->target : t->cluster->id;
	struct ack_json *list = ack_json_array(), *item = ack_json_object();
	struct ack_json *target = ack_json_object();

	if (item) {
		*rc |= ack_json_add_string(item, "data", id);
		*rc |= ack_json_add_string(item, "status", status);
	}
	if (list)
		*rc |= ack_json_add(list, NULL, item);
	else
		ack_json_free(item);
	*rc |= ack_json_add(root, "task_result", list);
	if (target) {
		*rc |= ack_json_add_string(target, "id", id);
		*rc |= ack_json_add_string(
			target, "type", t->target[0] ? "nodepool" : "cluster");
	}
	*rc |= ack_json_add(root, "target", target);
}

struct ack_json *task_json(
	const struct task *t, int64_t now_ms, bool brief, int *rc)
{
	struct ack_json *root = ack_json_object();
	char created[CLOCK_TEXT], updated[CLOCK_TEXT];
	struct standing p;

	if (!root)
		return NULL;
	task_look(t, now_ms, &p);
	clock_rfc3339(t->begun_ms, created);
	clock_rfc3339(p.updated_ms, updated);
	*rc |= ack_json_add_string(root, "task_id", t->id);
	*rc |= ack_json_add_string(root, "cluster_id", t->cluster->id);
	*rc |= ack_json_add_string(root, "task_type", t->kind->word);
	*rc |= ack_json_add_string(root, "state", task_state_word(p.state));
	*rc |= ack_json_add_string(root, "created", created);
	*rc |= ack_json_add_string(root, "updated", updated);
	if (p.state == TASK_FAILED)
		add_error(root, t, rc);
	if (brief)
		return root;
	*rc |= ack_json_add_string(root, "current_stage",
		p.stage < t->kind->count ? t->kind->stages[p.stage].name : "");
	add_stages(root, t, &p, rc);
	add_result(root, t, &p, rc);
	*rc |= ack_json_add(root, "parameters",
		t->parameters ? document_copy(t->parameters)
			      : ack_json_object());
	*rc |= ack_json_add(root, "outputs", ack_json_object());
	return root;
}

/* clang-format off */
static const struct text {
	const char *key;
	size_t offset, size;
} texts[] = {
#define TEXT(key, member) { key, offsetof(struct task, member), \
		sizeof(((struct task *)0)->member) }
	TEXT("task_id", id),
	TEXT("request_id", request_id),
	TEXT("target", target),
	TEXT("token", token),
	TEXT("body_sum", body_sum),
	TEXT("error_code", error_code),
	TEXT("error_message", error_message),
#undef TEXT
};

static const struct number {
	const char *key;
	size_t offset;
} numbers[] = {
	{ "begun_ms", offsetof(struct task, begun_ms) },
	{ "duration_ms", offsetof(struct task, duration_ms) },
	{ "paused_ms", offsetof(struct task, paused_ms) },
	{ "canceled_ms", offsetof(struct task, canceled_ms) },
	{ "lost_ms", offsetof(struct task, lost_ms) },
};
/* clang-format on */

struct ack_json *task_record(const struct task *t)
{
	struct ack_json *root = ack_json_object();
	const char *base = (const char *)t;
	int rc = 0;

	if (!root)
		return NULL;
	for (size_t i = 0; i < LENGTH(texts); i++)
		rc |= ack_json_add_string(
			root, texts[i].key, base + texts[i].offset);
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		int64_t value;

		memcpy(&value, base + numbers[i].offset, sizeof(value));
		rc |= document_add_number(root, numbers[i].key, value);
	}
	rc |= ack_json_add_string(root, "kind", t->kind->word);
	rc |= document_add_boolean(root, "stuck", t->stuck);
	rc |= document_add_boolean(root, "settled", t->settled);
	if (t->parameters)
		rc |= ack_json_add(
			root, "parameters", document_copy(t->parameters));
	if (rc == 0)
		return root;
	ack_json_free(root);
	return NULL;
}

static const struct task_kind *find_kind(const char *word)
{
	for (int i = 0; word && i < TASK_WORDS; i++)
		if (strcmp(task_kinds[i].word, word) == 0)
			return &task_kinds[i];
	return NULL;
}

struct task *task_from_record(const struct ack_json *record)
{
	const struct ack_json *parameters = ack_json_get(record, "parameters");
	struct task *t = calloc(1, sizeof(*t));
	char *base = (char *)t;
	bool fits = t;

	for (size_t i = 0; i < LENGTH(texts) && fits; i++) {
		const char *text = ack_json_get_string(record, texts[i].key);

		fits = text && strlen(text) < texts[i].size;
		if (fits)
			memcpy(base + texts[i].offset, text, strlen(text) + 1);
	}
	for (size_t i = 0; i < LENGTH(numbers) && fits; i++) {
		int64_t value = 0;

		fits = ack_json_integer(
			ack_json_get(record, numbers[i].key), &value);
		memcpy(base + numbers[i].offset, &value, sizeof(value));
	}
	if (fits) {
		t->kind = find_kind(ack_json_get_string(record, "kind"));
		t->stuck = document_flag(record, "stuck");
		t->settled = document_flag(record, "settled");
		t->parameters = parameters ? document_copy(parameters) : NULL;
	}
	if (fits && t->kind && (t->parameters || !parameters))
		return t;
	task_free(t);
	return NULL;
}
