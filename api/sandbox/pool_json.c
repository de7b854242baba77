/* SPDX-License-Identifier: MIT */
/* A node pool as the service answers it (SERVICE.md, Node pools). */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "sandbox/clock.h"
#include "sandbox/clusters.h"
#include "sandbox/documents.h"
#include "sandbox/fields.h"
#include "sandbox/pools.h"
#include "sandbox/tasks.h"

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
	char id[48];

	if (!o)
		return NULL;
	snprintf(id, sizeof(id), "asg-2ze%.17s", p->id + 2);
	*rc |= ack_json_add_string(o, "scaling_group_id", id);
	/* of one that scales itself nobody wants a number */
	if (!ack_json_get(group, "desired_size") &&
		!document_flag(ack_json_get(p->spec, "auto_scaling"), "enable"))
		*rc |= document_add_number(
			o, "desired_size", pool_desired(p->spec));
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

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
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
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!ack_json_get(o, parts[i]))
			*rc |= ack_json_add(o, parts[i], ack_json_object());
	*rc |= ack_json_add(o, "status", status_json(p, now_ms, rc));
	return o;
}
