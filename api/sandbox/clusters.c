/* SPDX-License-Identifier: MIT */
/*
 * The list is for those who want all, the trees are for those who know an
 * ID: tsearch(3) finds clusters and tasks by the ID that they begin with.
 */
#include "sandbox/clusters.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "sandbox/clock.h"
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

/* The first one stays: it tells of the creation. */
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
