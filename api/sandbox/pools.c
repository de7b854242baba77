/* SPDX-License-Identifier: MIT */
#include "sandbox/pools.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "client/sign.h"
#include "sandbox/documents.h"
#include "sandbox/releases.h"
#include "sandbox/tasks.h"

int64_t pool_desired(const struct ack_json *spec)
{
	const struct ack_json *group = ack_json_get(spec, "scaling_group");
	const struct ack_json *scaler = ack_json_get(spec, "auto_scaling");
	int64_t otherwise = document_integer(spec, "count", 0);

	if (document_flag(scaler, "enable"))
		otherwise = document_integer(scaler, "min_instances", 0);
	return document_integer(group, "desired_size", otherwise);
}

/* What the service decides when the request does not. */
static int complete(struct ack_json **spec)
{
	/* clang-format off */
	static const struct {
		const char *part, *key, *text;
	} usual[] = {
		{ "nodepool_info", "name", "default-nodepool" },
		{ "nodepool_info", "type", "ess" },
		{ "scaling_group", "instance_charge_type", "PostPaid" },
		{ "kubernetes_config", "runtime", "containerd" },
		{ "kubernetes_config", "runtime_version", VERSION_RUNTIME },
	};
	/* clang-format on */
	int rc = 0;

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual) && rc == 0; i++)
		if (!ack_json_get_string(
			    ack_json_get(*spec, usual[i].part), usual[i].key))
			rc = document_set_in(spec, usual[i].part, usual[i].key,
				ack_json_new_string(usual[i].text));
	return rc;
}

struct pool *pool_new(const struct ack_json *spec, unsigned number,
	bool is_default, int64_t now_ms)
{
	struct pool *p = calloc(1, sizeof(*p));
	char id[ACK_NONCE_HEX];

	if (!p)
		return NULL;
	p->number = number;
	p->is_default = is_default;
	p->created_ms = p->updated_ms = now_ms;
	p->spec = document_copy(spec);
	if (p->spec && complete(&p->spec) == 0 && ack_nonce(id) == 0 &&
		pool_grow(p, pool_desired(spec)) == 0) {
		snprintf(p->id, sizeof(p->id), "np%s", id);
		return p;
	}
	pool_free(p);
	return NULL;
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	ack_json_free(p->spec);
	free(p->nodes);
	free(p);
}

const char *pool_name(const struct pool *p)
{
	const char *name = ack_json_get_string(
		ack_json_get(p->spec, "nodepool_info"), "name");

	return name ? name : "";
}

int pool_grow(struct pool *p, int64_t count)
{
	struct node *nodes;

	if (count <= 0)
		return 0;
	nodes = reallocarray(
		p->nodes, p->count + (size_t)count, sizeof(*nodes));
	if (!nodes)
		return -ENOMEM;
	p->nodes = nodes;
	while (count-- > 0)
		nodes[p->count++] = (struct node){++p->last, NODE_COMING};
	return 0;
}

static int64_t let_go(struct pool *p, enum node_state state, int64_t count)
{
	for (size_t i = p->count; i-- > 0 && count > 0;)
		if (p->nodes[i].state == state) {
			p->nodes[i].state = NODE_GOING;
			count--;
		}
	return count;
}

/* What is of no use goes first, then the youngest. */
void pool_shrink(struct pool *p, int64_t count)
{
	count = let_go(p, NODE_FAILED, count);
	let_go(p, NODE_READY, count);
}

void pool_settle(struct pool *p, enum task_state end, int64_t now_ms)
{
	bool good = end == TASK_SUCCESS;
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++) {
		struct node n = p->nodes[i];

		if ((n.state == NODE_GOING && good) ||
			(n.state == NODE_COMING && end == TASK_CANCELED))
			continue;
		if (n.state == NODE_GOING)
			n.state = NODE_READY;
		else if (n.state == NODE_COMING)
			n.state = good ? NODE_READY : NODE_FAILED;
		p->nodes[kept++] = n;
	}
	p->count = kept;
	p->busy = NULL;
	p->updated_ms = now_ms;
}

enum node_state pool_node_state(
	const struct pool *p, const struct node *n, int64_t now_ms)
{
	struct standing at;
	bool creating;

	if (n->state != NODE_COMING || !p->busy)
		return n->state;
	/* The addons of a new cluster come after its nodes. */
	creating = p->busy->kind == &task_kinds[TASK_CREATE];
	task_look(p->busy, now_ms, &at);
	return creating && at.stage > STAGE_NODES ? NODE_READY : NODE_COMING;
}

void pool_look(const struct pool *p, int64_t now_ms, struct pool_count *c)
{
	*c = (struct pool_count){.total = (int64_t)p->count};
	for (size_t i = 0; i < p->count; i++)
		switch (pool_node_state(p, &p->nodes[i], now_ms)) {
		case NODE_READY:
			c->healthy++;
			break;
		case NODE_COMING:
			c->coming++;
			break;
		case NODE_GOING:
			c->going++;
			break;
		case NODE_FAILED:
			c->failed++;
			break;
		}
}

const char *pool_state(const struct pool *p)
{
	const char *word = p->busy ? p->busy->kind->pool_state : NULL;

	return word ? word : "active";
}
