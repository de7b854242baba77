/* SPDX-License-Identifier: MIT */
/* One cluster: what its tasks have made of it until now. */
#include "sandbox/clusters.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "params/params.h"
#include "sandbox/documents.h"
#include "sandbox/pools.h"
#include "sandbox/tasks.h"

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
