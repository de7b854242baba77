/* SPDX-License-Identifier: MIT */
/*
 * A cluster as one line of JSON: what the sandbox made up, its tasks and node
 * pools, and the request in its classic form, which the table reads back.
 */
#include "sandbox/clusters.h"

#include <errno.h>
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
#include "sandbox/record_old.h"
#include "sandbox/tasks.h"

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
	if (ack_json_get(record, "state") ? take(k, record)
					  : record_take_old(k, record))
		return 0;
bad:
	return ack_error_set(
		e, EINVAL, NULL, "It is not a record of a cluster.");
}
