/* SPDX-License-Identifier: MIT */
/* A node pool as a member of its cluster's record. */
#include "sandbox/pools.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "sandbox/clusters.h"
#include "sandbox/documents.h"
#include "sandbox/tasks.h"

static const char *const words[NODE_STATES] = {
	[NODE_READY] = "ready",
	[NODE_COMING] = "coming",
	[NODE_GOING] = "going",
	[NODE_FAILED] = "failed",
};

/* The serial numbers of the nodes in a state. */
static struct ack_json *serials(const struct pool *p, enum node_state state)
{
	struct ack_json *list = ack_json_array();
	int rc = 0;

	for (size_t i = 0; list && i < p->count; i++)
		if (p->nodes[i].state == state)
			rc |= ack_json_add(list, NULL,
				document_number(p->nodes[i].serial));
	if (rc == 0)
		return list;
	ack_json_free(list);
	return NULL;
}

struct ack_json *pool_record(const struct pool *p)
{
	struct ack_json *root = ack_json_object();
	int rc = 0;

	if (!root)
		return NULL;
	rc |= ack_json_add_string(root, "nodepool_id", p->id);
	rc |= document_add_number(root, "number", p->number);
	rc |= document_add_boolean(root, "is_default", p->is_default);
	rc |= document_add_number(root, "created_ms", p->created_ms);
	rc |= document_add_number(root, "updated_ms", p->updated_ms);
	rc |= document_add_number(root, "last", p->last);
	rc |= ack_json_add_string(root, "busy", p->busy ? p->busy->id : "");
	for (int i = 0; i < NODE_STATES; i++)
		rc |= ack_json_add(
			root, words[i], serials(p, (enum node_state)i));
	rc |= ack_json_add(root, "spec", document_copy(p->spec));
	if (rc == 0)
		return root;
	ack_json_free(root);
	return NULL;
}

static int by_serial(const void *a, const void *b)
{
	const struct node *one = a, *other = b;

	return (one->serial > other->serial) - (one->serial < other->serial);
}

static bool take_nodes(struct pool *p, const struct ack_json *record)
{
	size_t count = 0;

	for (int i = 0; i < NODE_STATES; i++)
		count += ack_json_count(ack_json_get(record, words[i]));
	p->nodes = calloc(count + 1, sizeof(*p->nodes));
	if (!p->nodes)
		return false;
	for (int i = 0; i < NODE_STATES; i++) {
		const struct ack_json *n = ack_json_first(
			ack_json_get(record, words[i]));

		for (; n; n = ack_json_next(n)) {
			int64_t serial;

			if (!ack_json_integer(n, &serial) || serial < 1 ||
				serial > p->last)
				return false;
			p->nodes[p->count++] = (struct node){
				(unsigned)serial, (enum node_state)i};
		}
	}
	qsort(p->nodes, p->count, sizeof(*p->nodes), by_serial);
	return true;
}

struct pool *pool_from_record(
	const struct ack_json *record, const struct cluster *k)
{
	const char *id = ack_json_get_string(record, "nodepool_id");
	const char *busy = ack_json_get_string(record, "busy");
	const struct ack_json *spec = ack_json_get(record, "spec");
	int64_t number = document_integer(record, "number", 0);
	int64_t last = document_integer(record, "last", -1);
	struct pool *p = calloc(1, sizeof(*p));

	if (!p || !id || strlen(id) >= sizeof(p->id) || !busy || number < 1 ||
		number > INT_MAX || last < 0 || last > INT_MAX ||
		!ack_json_is_object(spec))
		goto bad;
	memcpy(p->id, id, strlen(id) + 1);
	p->number = (unsigned)number;
	p->last = (unsigned)last;
	p->is_default = document_flag(record, "is_default");
	p->created_ms = document_integer(record, "created_ms", 0);
	p->updated_ms = document_integer(record, "updated_ms", 0);
	p->busy = *busy ? cluster_find_task(k, busy) : NULL;
	p->spec = document_copy(spec);
	if (p->spec && take_nodes(p, record) && (p->busy || !*busy))
		return p;
bad:
	pool_free(p);
	return NULL;
}
