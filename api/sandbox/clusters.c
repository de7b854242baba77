/* SPDX-License-Identifier: MIT */
/*
 * The list is for those who want all, the trees are for those who know an
 * ID: tsearch(3) finds clusters and tasks by the ID that they begin with.
 */
#include "sandbox/clusters.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "params/body.h"
#include "params/params.h"
#include "sandbox/documents.h"
#include "sandbox/pools.h"
#include "sandbox/tasks.h"

#define RECORD_MAX (4u << 20)
#define TASKS_MAX  100 /* of a cluster; the oldest are forgotten */

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void *found(const char *id, void *const *tree)
{
	void **node = tfind(id, tree, compare);

	return node ? *node : NULL;
}

static void keep(void *data)
{
	(void)data;
}

static void free_cluster(void *data)
{
	cluster_free(data);
}

static int no_memory(struct ack_error *e)
{
	return ack_error_set(e, ENOMEM, NULL, "There is not enough memory.");
}

static void forget_tasks(struct clusters *c, const struct cluster *k)
{
	for (size_t i = 0; i < k->ntasks; i++)
		tdelete(k->tasks[i]->id, &c->by_task, compare);
}

/* Everything in it becomes findable. 0, or -ENOMEM and nothing has changed. */
static int append(struct clusters *c, struct cluster *k)
{
	if (c->count == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 64;
		struct cluster **list = reallocarray(
			c->list, cap, sizeof(*list));

		if (!list)
			return -ENOMEM;
		c->list = list;
		c->cap = cap;
	}
	if (!tsearch(k->id, &c->by_id, compare))
		return -ENOMEM;
	for (size_t i = 0; i < k->ntasks; i++)
		if (!tsearch(k->tasks[i]->id, &c->by_task, compare)) {
			forget_tasks(c, k);
			tdelete(k->id, &c->by_id, compare);
			return -ENOMEM;
		}
	c->list[c->count++] = k;
	return 0;
}

/* A later line of the same cluster: what counts is the last one. */
static int replace(struct clusters *c, struct cluster *old, struct cluster *k)
{
	struct cluster was = *old;
	int rc = 0;

	forget_tasks(c, old);
	*old = *k;
	*k = was;
	for (size_t i = 0; i < old->ntasks; i++) {
		old->tasks[i]->cluster = old;
		if (!tsearch(old->tasks[i]->id, &c->by_task, compare))
			rc = -ENOMEM;
	}
	cluster_free(k);
	return rc;
}

/* A line of the state file. */
static int load(void *arg, const char *line, size_t len, struct ack_error *e)
{
	struct clusters *c = arg;
	size_t where;
	struct ack_json *record = ack_json_parse(line, len, &where);
	struct cluster *k = calloc(1, sizeof(*k)), *old = NULL;
	int rc;

	if (!k)
		rc = no_memory(e);
	else
		rc = cluster_from_record(k, record, e);
	ack_json_free(record);
	if (rc == 0)
		old = found(k->id, &c->by_id);
	if (rc == 0 && old)
		return replace(c, old, k) < 0 ? no_memory(e) : 0;
	if (rc == 0 && append(c, k) < 0)
		rc = no_memory(e);
	if (rc < 0)
		cluster_free(k);
	return rc;
}

int clusters_open(struct clusters *c, const char *path, struct ack_error *e)
{
	*c = (struct clusters){.file = STATE_FILE_INIT};
	return path ? state_file_open(&c->file, path, load, c, e) : 0;
}

void clusters_close(struct clusters *c)
{
	tdestroy(c->by_task, keep);
	tdestroy(c->by_id, free_cluster);
	free(c->list);
	state_file_close(&c->file);
	*c = (struct clusters){.file = STATE_FILE_INIT};
}

int clusters_save(
	struct clusters *c, const struct cluster *k, struct ack_error *e)
{
	struct ack_buf line = ACK_BUF_INIT(RECORD_MAX);
	struct ack_json *record;
	int rc;

	if (c->file.fd < 0)
		return 0;
	record = cluster_record(k);
	rc = record ? 0 : no_memory(e);
	if (rc == 0) {
		ack_json_print(record, false, &line);
		ack_buf_putc(&line, '\n');
		rc = ack_buf_status(&line) < 0
			     ? no_memory(e)
			     : state_file_append(&c->file, &line, e);
	}
	ack_json_free(record);
	ack_buf_release(&line);
	return rc;
}

int clusters_add(struct clusters *c, struct cluster *k, struct ack_error *e)
{
	int rc = append(c, k) < 0 ? no_memory(e) : 0;

	if (rc == 0) {
		rc = clusters_save(c, k, e);
		if (rc < 0) {
			c->count--;
			forget_tasks(c, k);
			tdelete(k->id, &c->by_id, compare);
		}
	}
	if (rc < 0)
		cluster_free(k);
	return rc;
}

/* The first one stays: it reports the creation. */
static void forget_oldest(struct clusters *c, struct cluster *k)
{
	for (size_t i = 1; i < k->ntasks; i++) {
		struct task *t = k->tasks[i];

		if (!t->settled)
			continue;
		tdelete(t->id, &c->by_task, compare);
		task_free(t);
		k->ntasks--;
		memmove(&k->tasks[i], &k->tasks[i + 1],
			(k->ntasks - i) * sizeof(t));
		return;
	}
}

int clusters_add_task(struct clusters *c, struct cluster *k, struct task *t)
{
	struct task **tasks;
	bool listed = found(k->id, &c->by_id) == k;

	if (k->ntasks >= TASKS_MAX)
		forget_oldest(c, k);
	tasks = reallocarray(k->tasks, k->ntasks + 1, sizeof(*tasks));
	if (!tasks)
		return -ENOMEM;
	k->tasks = tasks;
	/* One that is still being made enters the index with all it has. */
	if (listed && !tsearch(t->id, &c->by_task, compare))
		return -ENOMEM;
	t->cluster = k;
	tasks[k->ntasks++] = t;
	k->open++;
	return 0;
}

struct cluster *clusters_find(
	const struct clusters *c, const char *id, int64_t now_ms)
{
	struct cluster *k = found(id, &c->by_id);

	if (k)
		cluster_settle(k, now_ms);
	return k && !k->gone ? k : NULL;
}

struct task *clusters_find_task(
	const struct clusters *c, const char *id, int64_t now_ms)
{
	struct task *t = found(id, &c->by_task);

	if (t)
		cluster_settle(t->cluster, now_ms);
	return t;
}

void clusters_settle(struct clusters *c, int64_t now_ms)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->count; i++) {
		struct cluster *k = c->list[i];

		cluster_settle(k, now_ms);
		if (!k->gone)
			c->list[kept++] = k;
	}
	c->count = kept;
}

void cluster_free(struct cluster *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < k->ntasks; i++)
		task_free(k->tasks[i]);
	for (size_t i = 0; i < k->npools; i++)
		pool_free(k->pools[i]);
	free(k->tasks);
	free(k->pools);
	ack_json_free(k->settings);
	ack_values_release(&k->values);
	free(k);
}

/* What an end does; false: there is no memory, and it is tried again. */
static bool settle(struct cluster *k, struct task *t, const struct standing *p)
{
	bool good = p->state == TASK_SUCCESS;
	const char *state = good ? t->kind->good : t->kind->bad;

	if (good && t->kind->finish && t->kind->finish(k, t) < 0)
		return false;
	for (size_t i = 0; i < k->npools; i++)
		if (k->pools[i]->busy == t)
			pool_settle(k->pools[i], p->state, p->updated_ms);
	if (state)
		snprintf(k->state, sizeof(k->state), "%s", state);
	if (k->updated_ms < p->updated_ms)
		k->updated_ms = p->updated_ms;
	return true;
}

void cluster_settle(struct cluster *k, int64_t now_ms)
{
	for (size_t i = 0; i < k->ntasks && k->open > 0; i++) {
		struct task *t = k->tasks[i];
		struct standing p;

		if (t->settled)
			continue;
		task_look(t, now_ms, &p);
		if (task_is_over(p.state) && settle(k, t, &p)) {
			t->settled = true;
			k->open--;
		}
	}
}

int cluster_add_pool(struct cluster *k, struct pool *p)
{
	struct pool **pools = reallocarray(
		k->pools, k->npools + 1, sizeof(*pools));

	if (!pools)
		return -ENOMEM;
	k->pools = pools;
	pools[k->npools++] = p;
	return 0;
}

void cluster_drop_pool(struct cluster *k, const char *id)
{
	size_t kept = 0;

	for (size_t i = 0; i < k->npools; i++)
		if (strcmp(k->pools[i]->id, id) == 0)
			pool_free(k->pools[i]);
		else
			k->pools[kept++] = k->pools[i];
	k->npools = kept;
}

struct pool *cluster_find_pool(const struct cluster *k, const char *id)
{
	for (size_t i = 0; i < k->npools; i++)
		if (strcmp(k->pools[i]->id, id) == 0)
			return k->pools[i];
	return NULL;
}

struct task *cluster_find_task(const struct cluster *k, const char *id)
{
	for (size_t i = 0; i < k->ntasks; i++)
		if (strcmp(k->tasks[i]->id, id) == 0)
			return k->tasks[i];
	return NULL;
}

int cluster_set(struct cluster *k, const char *key, struct ack_json *value)
{
	return document_set(&k->settings, key, value);
}

const char *cluster_state(const struct cluster *k)
{
	if (strcmp(k->state, "running") != 0)
		return k->state;
	for (size_t i = k->ntasks; i-- > 0 && k->open > 0;)
		if (!k->tasks[i]->settled && k->tasks[i]->kind->cluster_state)
			return k->tasks[i]->kind->cluster_state;
	return k->state;
}

bool cluster_is_past(const struct cluster *k, int stage, int64_t now_ms)
{
	const struct task *t = k->ntasks ? k->tasks[0] : NULL;
	struct standing p;

	if (!t || t->kind != &task_kinds[TASK_CREATE])
		return true;
	task_look(t, now_ms, &p);
	return p.stage > stage;
}

int64_t cluster_size(const struct cluster *k, int64_t now_ms)
{
	int64_t size = 0;

	for (size_t i = 0; i < k->npools; i++) {
		struct pool_count c;

		pool_look(k->pools[i], now_ms, &c);
		size += c.healthy + c.going;
	}
	return size;
}

int64_t cluster_changed_ms(const struct cluster *k, int64_t now_ms)
{
	int64_t last = k->updated_ms;

	for (size_t i = 0; i < k->ntasks && k->open > 0; i++) {
		struct standing p;

		if (k->tasks[i]->settled)
			continue;
		task_look(k->tasks[i], now_ms, &p);
		if (p.updated_ms > last)
			last = p.updated_ms;
	}
	return last;
}

const char *cluster_value(const struct cluster *k, unsigned row)
{
	const char *text = ack_values_get(&k->values, row, NULL);

	return text ? text : ack_cluster_table.rows[row].fallback;
}

#define REQUEST_MAX  (4u << 20)
#define CREATED_MOST (INT64_MAX / 1000000) /* values keep it in ns */

/* The request as a JSON node; NULL: no memory. */
static struct ack_json *request(const struct cluster *k)
{
	struct ack_buf text = ACK_BUF_INIT(REQUEST_MAX);
	struct ack_json *root = NULL;
	size_t where;

	if (ack_body_build(&ack_cluster_table, &k->values, ACK_CLASSIC, false,
		    false, &text) == 0)
		root = ack_json_parse(ack_buf_text(&text), text.len, &where);
	ack_buf_release(&text);
	return root;
}

struct ack_json *cluster_record(const struct cluster *k)
{
	struct ack_json *root = ack_json_object();
	struct ack_json *tasks = ack_json_array(), *pools = ack_json_array();
	int rc = 0;

	if (!root || !tasks || !pools) {
		ack_json_free(root);
		ack_json_free(tasks);
		ack_json_free(pools);
		return NULL;
	}
	rc |= ack_json_add_string(root, "cluster_id", k->id);
	rc |= ack_json_add_string(root, "state", k->state);
	rc |= document_add_number(root, "created_ms", k->created_ms);
	rc |= document_add_number(root, "updated_ms", k->updated_ms);
	rc |= document_add_number(root, "listed_ms", k->listed_ms);
	rc |= document_add_boolean(root, "gone", k->gone);
	rc |= ack_json_add(root, "request", request(k));
	if (k->settings)
		rc |= ack_json_add(
			root, "settings", document_copy(k->settings));
	for (size_t i = 0; i < k->ntasks; i++)
		rc |= ack_json_add(tasks, NULL, task_record(k->tasks[i]));
	for (size_t i = 0; i < k->npools; i++)
		rc |= ack_json_add(pools, NULL, pool_record(k->pools[i]));
	rc |= ack_json_add(root, "tasks", tasks);
	rc |= ack_json_add(root, "nodepools", pools);
	if (rc == 0)
		return root;
	ack_json_free(root);
	return NULL;
}

static int parse_request(
	struct cluster *k, const struct ack_json *node, struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(REQUEST_MAX);

	ack_json_print(node, false, &text);
	int rc = ack_buf_status(&text);
	if (rc < 0)
		ack_error_set(e, ENOMEM, NULL, "There is not enough memory.");
	else
		rc = ack_body_parse(&ack_cluster_table, ack_buf_text(&text),
			text.len, k->created_ms * 1000000, &k->values, e);
	ack_buf_release(&text);
	return rc;
}

static bool take_tasks(struct cluster *k, const struct ack_json *list)
{
	k->tasks = calloc(ack_json_count(list) + 1, sizeof(struct task *));
	for (const struct ack_json *n = ack_json_first(list); k->tasks && n;
		n = ack_json_next(n)) {
		struct task *t = task_from_record(n);

		if (!t)
			return false;
		t->cluster = k;
		k->tasks[k->ntasks++] = t;
		k->open += !t->settled;
	}
	return k->tasks;
}

static bool take_pools(struct cluster *k, const struct ack_json *list)
{
	k->pools = calloc(ack_json_count(list) + 1, sizeof(struct pool *));
	for (const struct ack_json *n = ack_json_first(list); k->pools && n;
		n = ack_json_next(n)) {
		struct pool *p = pool_from_record(n, k);

		if (!p)
			return false;
		k->pools[k->npools++] = p;
	}
	return k->pools;
}

static bool take(struct cluster *k, const struct ack_json *record)
{
	const struct ack_json *settings = ack_json_get(record, "settings");
	const char *state = ack_json_get_string(record, "state");

	if (!state || strlen(state) >= sizeof(k->state) ||
		!ack_json_is_array(ack_json_get(record, "tasks")))
		return false;
	memcpy(k->state, state, strlen(state) + 1);
	k->updated_ms = document_integer(record, "updated_ms", k->created_ms);
	k->listed_ms = document_integer(record, "listed_ms", k->created_ms);
	k->gone = document_flag(record, "gone");
	if (settings) {
		k->settings = document_copy(settings);
		if (!k->settings)
			return false;
	}
	return take_tasks(k, ack_json_get(record, "tasks")) &&
	       take_pools(k, ack_json_get(record, "nodepools"));
}

int cluster_from_record(
	struct cluster *k, const struct ack_json *record, struct ack_error *e)
{
	const struct ack_json *node = ack_json_get(record, "request");
	const char *id = ack_json_get_string(record, "cluster_id");
	int rc;

	if (!ack_json_is_object(node) || !id || strlen(id) >= sizeof(k->id) ||
		!ack_json_integer(
			ack_json_get(record, "created_ms"), &k->created_ms) ||
		k->created_ms < 0 || k->created_ms > CREATED_MOST)
		goto bad;
	memcpy(k->id, id, strlen(id) + 1);
	rc = parse_request(k, node, e);
	if (rc < 0)
		return rc;
	if (take(k, record))
		return 0;
bad:
	return ack_error_set(
		e, EINVAL, NULL, "It is not a record of a cluster.");
}
