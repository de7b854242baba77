/* SPDX-License-Identifier: MIT */
#include "clusters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "error.h"
#include "json.h"
#include "params.h"

#define RECORD_MAX (4u << 20)

void cluster_free(struct cluster *k)
{
	if (!k)
		return;
	ack_values_release(&k->values);
	free(k);
}

static int no_memory(struct ack_error *e)
{
	return ack_error_set(e, ENOMEM, NULL, "There is not enough memory.");
}

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
	c->list[c->count++] = k;
	return 0;
}

/* A line of the state file. */
static int load(void *arg, const char *line, size_t len, struct ack_error *e)
{
	struct clusters *c = arg;
	size_t where;
	struct ack_json *record = ack_json_parse(line, len, &where);
	struct cluster *k = calloc(1, sizeof(*k));
	int rc;

	if (!k)
		rc = no_memory(e);
	else
		rc = cluster_from_record(k, record, e);
	if (rc == 0 && append(c, k) < 0)
		rc = no_memory(e);
	if (rc < 0)
		cluster_free(k);
	ack_json_free(record);
	return rc;
}

int clusters_open(struct clusters *c, const char *path, struct ack_error *e)
{
	*c = (struct clusters){.file = STATE_FILE_INIT};
	return path ? state_file_open(&c->file, path, load, c, e) : 0;
}

void clusters_close(struct clusters *c)
{
	for (size_t i = 0; i < c->count; i++)
		cluster_free(c->list[i]);
	free(c->list);
	state_file_close(&c->file);
	*c = (struct clusters){.file = STATE_FILE_INIT};
}

int clusters_add(struct clusters *c, struct cluster *k, struct ack_error *e)
{
	struct ack_buf line = ACK_BUF_INIT(RECORD_MAX);
	struct ack_json *record = cluster_record(k);
	int rc = record ? 0 : no_memory(e);

	if (rc == 0) {
		ack_json_print(record, false, &line);
		ack_buf_putc(&line, '\n');
		if (ack_buf_status(&line) < 0 || append(c, k) < 0)
			rc = no_memory(e);
	}
	if (rc == 0) {
		rc = state_file_append(&c->file, &line, e);
		c->count -= rc < 0;
	}
	if (rc < 0)
		cluster_free(k);
	ack_json_free(record);
	ack_buf_release(&line);
	return rc;
}

struct cluster *clusters_find(const struct clusters *c, const char *id)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->list[i]->id, id) == 0)
			return c->list[i];
	return NULL;
}

struct cluster *clusters_find_task(const struct clusters *c, const char *id)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->list[i]->task_id, id) == 0)
			return c->list[i];
	return NULL;
}

const char *cluster_value(const struct cluster *k, unsigned row)
{
	const char *text = ack_values_get(&k->values, row, NULL);

	return text ? text : ack_cluster_table.rows[row].fallback;
}
