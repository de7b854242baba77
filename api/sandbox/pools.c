/* SPDX-License-Identifier: MIT */
#include "sandbox/pools.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/length.h"
#include "client/sign.h"
#include "params/body.h"
#include "params/params.h"
#include "sandbox/clock.h"
#include "sandbox/clusters.h"
#include "sandbox/describe.h"
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

	for (size_t i = 0; i < LENGTH(usual) && rc == 0; i++)
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

/* The parts that an answer always has. */
static const char *const parts[] = {
	"kubernetes_config", "auto_scaling", "management", "tee_config"};

static struct ack_json *info_json(
	const struct pool *p, const struct cluster *k, int *rc)
{
	const struct ack_json *info = ack_json_get(p->spec, "nodepool_info");
	const char *type = ack_json_get_string(info, "type");
	const char *group = ack_json_get_string(info, "resource_group_id");
	struct ack_json *o = ack_json_object();
	char created[CLOCK_TEXT], updated[CLOCK_TEXT];

	if (!o)
		return NULL;
	clock_rfc3339(p->created_ms, created);
	clock_rfc3339(p->updated_ms, updated);
	*rc |= ack_json_add_string(o, "nodepool_id", p->id);
	*rc |= ack_json_add_string(o, "name", pool_name(p));
	*rc |= ack_json_add_string(o, "type", type ? type : "ess");
	*rc |= document_add_boolean(o, "is_default", p->is_default);
	*rc |= ack_json_add_string(o, "region_id", field_text(k, "region_id"));
	*rc |= ack_json_add_string(o, "resource_group_id",
		group ? group : field_text(k, "resource_group_id"));
	*rc |= ack_json_add_string(o, "created", created);
	*rc |= ack_json_add_string(o, "updated", updated);
	return o;
}

static struct ack_json *group_json(const struct pool *p, int *rc)
{
	const struct ack_json *group = ack_json_get(p->spec, "scaling_group");
	struct ack_json *o = group ? document_copy(group) : ack_json_object();
	struct ack_json *size = ack_json_get(o, "desired_size");
	char id[48];

	if (!o)
		return NULL;
	snprintf(id, sizeof(id), "asg-2ze%.17s", p->id + 2);
	*rc |= ack_json_add_string(o, "scaling_group_id", id);
	/* what one that scales itself began with is wanted no more */
	if (document_flag(ack_json_get(p->spec, "auto_scaling"), "enable")) {
		if (size)
			ack_json_remove(o, size);
	} else if (!size) {
		*rc |= document_add_number(
			o, "desired_size", pool_desired(p->spec));
	}
	return o;
}

static struct ack_json *status_json(
	const struct pool *p, int64_t now_ms, int *rc)
{
	struct ack_json *o = ack_json_object();
	struct pool_count c;

	if (!o)
		return NULL;
	pool_look(p, now_ms, &c);
	*rc |= ack_json_add_string(o, "state", pool_state(p));
	*rc |= document_add_number(o, "total_nodes", c.total);
	*rc |= document_add_number(o, "healthy_nodes", c.healthy);
	*rc |= document_add_number(o, "serving_nodes", c.healthy);
	*rc |= document_add_number(o, "initial_nodes", c.coming);
	*rc |= document_add_number(o, "removing_nodes", c.going);
	*rc |= document_add_number(o, "offline_nodes", 0);
	*rc |= document_add_number(o, "failed_nodes", c.failed);
	return o;
}

static bool is_answered_otherwise(const char *key)
{
	static const char *const keys[] = {
		"nodepool_info", "scaling_group", "count"};

	for (size_t i = 0; i < LENGTH(keys); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

#define COMPONENTS "node_components"

const char *pool_version(const struct pool *p, const struct cluster *k)
{
	const struct ack_json *n = ack_json_first(
		ack_json_get(p->spec, COMPONENTS));

	for (; n; n = ack_json_next(n))
		if (!strcmp(ack_json_get_string(n, "name"), "kubelet"))
			return ack_json_get_string(n, "version");
	return field_text(k, "current_version");
}

static struct ack_json *components(const char *version)
{
	struct ack_json *list = ack_json_array(), *o = ack_json_object();
	int rc = ack_json_add_string(o, "name", "kubelet");

	rc |= ack_json_add_string(o, "version", version);
	rc |= ack_json_add(list, NULL, o);
	if (rc == 0)
		return list;
	ack_json_free(list);
	return NULL;
}

int pool_keep_version(struct pool *p, const char *version)
{
	return document_set(&p->spec, COMPONENTS, components(version));
}

int pool_upgrade(struct pool *p, const struct ack_json *body)
{
	static const struct {
		const char *key, *part, *into;
	} rows[] = {
		{"image_id", "scaling_group", "image_id"},
		{"runtime_type", "kubernetes_config", "runtime"},
		{"runtime_version", "kubernetes_config", "runtime_version"},
	};
	const char *text = ack_json_get_string(body, "kubernetes_version");
	int rc = text ? pool_keep_version(p, text) : 0;

	for (size_t i = 0; i < LENGTH(rows) && rc == 0; i++) {
		text = ack_json_get_string(body, rows[i].key);
		if (text)
			rc = document_set_in(&p->spec, rows[i].part,
				rows[i].into, ack_json_new_string(text));
	}
	return rc;
}

struct ack_json *pool_json(
	const struct pool *p, const struct cluster *k, int64_t now_ms, int *rc)
{
	struct ack_json *o = ack_json_object();

	if (!o)
		return NULL;
	*rc |= ack_json_add(o, "nodepool_info", info_json(p, k, rc));
	*rc |= ack_json_add(o, "scaling_group", group_json(p, rc));
	for (const struct ack_json *n = ack_json_first(p->spec); n;
		n = ack_json_next(n))
		if (!is_answered_otherwise(ack_json_key(n)))
			*rc |= ack_json_add(
				o, ack_json_key(n), document_copy(n));
	for (size_t i = 0; i < LENGTH(parts); i++)
		if (!ack_json_get(o, parts[i]))
			*rc |= ack_json_add(o, parts[i], ack_json_object());
	if (!ack_json_get(o, COMPONENTS))
		*rc |= ack_json_add(
			o, COMPONENTS, components(pool_version(p, k)));
	*rc |= ack_json_add(o, "status", status_json(p, now_ms, rc));
	return o;
}

#define BODY_MAX (4u << 20)

static int add(struct cluster *k, struct task *t, const struct ack_json *spec)
{
	struct pool *p = pool_new(
		spec, (unsigned)k->npools + 1, k->npools == 0, k->created_ms);

	if (!p)
		return -ENOMEM;
	if (cluster_add_pool(k, p) < 0) {
		pool_free(p);
		return -ENOMEM;
	}
	p->busy = t;
	return 0;
}

int pools_from_body(
	struct cluster *k, struct task *t, const struct ack_json *body)
{
	const struct ack_json *list = ack_json_get(body, "nodepools");
	int rc = 0;

	if (!ack_json_is_array(list))
		return pools_from_values(k, t);
	for (const struct ack_json *n = ack_json_first(list); n && rc == 0;
		n = ack_json_next(n))
		rc = add(k, t, n);
	return rc;
}

/* The table knows how the one form is said in the other. */
int pools_from_values(struct cluster *k, struct task *t)
{
	struct ack_buf text = ACK_BUF_INIT(BODY_MAX);
	struct ack_json *body = NULL;
	size_t where;
	int rc = -ENOMEM;

	if (ack_body_build(&ack_cluster_table, &k->values, ACK_NODEPOOLS, false,
		    false, &text) == 0)
		body = ack_json_parse(ack_buf_text(&text), text.len, &where);
	if (ack_json_is_array(ack_json_get(body, "nodepools")))
		rc = pools_from_body(k, t, body);
	else if (body)
		rc = 0;
	ack_json_free(body);
	ack_buf_release(&text);
	return rc;
}

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
