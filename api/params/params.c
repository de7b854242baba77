/* SPDX-License-Identifier: MIT */
#include "params/params.h"

#include <string.h>

#include "base/length.h"
#include "params/rules.h"
#include "params/types.h"

#define WORDS(...)                \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

#define SYSTEM_DISKS                                                       \
	WORDS("cloud_efficiency", "cloud_ssd", "cloud_essd", "cloud_auto", \
		"cloud_essd_entry")
#define DISKS                                                         \
	WORDS("cloud", "cloud_efficiency", "cloud_ssd", "cloud_essd", \
		"cloud_auto", "cloud_essd_entry",                     \
		"elastic_ephemeral_disk_premium",                     \
		"elastic_ephemeral_disk_standard")
#define ACK_PARAM(row, ...) {.name = #row, __VA_ARGS__},

#define GROUP  "nodepools[0].scaling_group."
#define CONFIG "nodepools[0].kubernetes_config."

static const struct ack_param cluster_rows[] = {
#include "params/params_cluster.def"
#include "params/params_network.def"
#include "params/params_workers.def"
#include "params/params_later.def"
};

#undef GROUP
#undef CONFIG
#define GROUP  "scaling_group."
#define CONFIG "kubernetes_config."
#define MANAGE "management."
#define SCALER "auto_scaling min_instances max_instances auto_scaling_type"
/* What is sent to a pool and read of it stands at one place; of some of it, the
 * modifying call knows nothing. */
#define AT(path)        path, path, path, path
#define AT_MAKING(path) path, path, path

static const struct ack_param pool_rows[] = {
#include "params/params_pool.def"
};

#undef ACK_PARAM

static const struct ack_constant cluster_constants[] = {
	{ACK_NODEPOOLS, "nodepools[0].nodepool_info.name", "default-nodepool"},
	{ACK_EDIT, "api_server_custom_cert_sans.action", "overwrite"},
	{.path = NULL},
};

static const struct ack_constant pool_constants[] = {
	/* or nodes that are there keep their old ones */
	{ACK_EDIT, "update_nodes", "true",
		.with = CONFIG "labels " CONFIG "taints", .boolean = true},
	{.path = NULL},
};

#define cluster_keys(path, why) {path, why},
#define pool_keys(path, why)
#define ACK_DROPPED(table, path, why) table##_keys(path, why)

static const struct ack_dropped cluster_dropped[] = {
#include "params/params_dropped.def"
	{.path = NULL},
};

#undef cluster_keys
#undef pool_keys
#define cluster_keys(path, why)
#define pool_keys(path, why) {path, why},

static const struct ack_dropped pool_dropped[] = {
#include "params/params_dropped.def"
	{.path = NULL},
};

const struct ack_table ack_cluster_table = {
	.name = "cluster",
	.rows = cluster_rows,
	.count = ACK_P_COUNT,
	.nodes = ACK_P_num_of_nodes,
	.flat = true,
	.pools = &ack_pool_table,
	.constants = cluster_constants,
	.dropped = cluster_dropped,
	.rules = &ack_cluster_rules,
};

const struct ack_table ack_pool_table = {
	.name = "nodepool",
	.rows = pool_rows,
	.count = ACK_POOL_P_COUNT,
	.nodes = ACK_POOL_P_desired_size,
	.constants = pool_constants,
	.dropped = pool_dropped,
	.rules = &ack_pool_rules,
};

_Static_assert(LENGTH(cluster_rows) == ACK_P_COUNT,
	"the enum and the table have the same rows");
_Static_assert(LENGTH(pool_rows) == ACK_POOL_P_COUNT,
	"the enum and the table have the same rows");

int ack_table_find(const struct ack_table *t, const char *name)
{
	/* most differ in their first letter */
	for (unsigned i = 0; i < t->count; i++) {
		if (*t->rows[i].name == *name && !strcmp(t->rows[i].name, name))
			return (int)i;
	}
	return -1;
}

static bool fits(const char *pattern, const char *path)
{
	size_t len = strlen(pattern);
	const char *last = strrchr(path, '.');

	if (!strncmp(pattern, "*.", 2))
		return fits(pattern + 2, last ? last + 1 : path);
	if (len && pattern[len - 1] == '*')
		return !strncmp(pattern, path, len - 1);
	return !strcmp(pattern, path);
}

const char *ack_param_file(const struct ack_param *p)
{
	return p->live ? p->live : p->name;
}

bool ack_param_later(const struct ack_param *p)
{
	return !p->place[ACK_CLASSIC] && !p->place[ACK_NODEPOOLS];
}

const struct ack_dropped *ack_table_dropped(
	const struct ack_table *t, const char *path)
{
	for (const struct ack_dropped *d = t->dropped; d->path; d++)
		if (fits(d->path, path))
			return d;
	return NULL;
}

static bool is_deprecated(const struct ack_table *t, unsigned row)
{
	return t->rows[row].flags & ACK_DEPRECATED;
}

int ack_table_next(const struct ack_table *t, int row)
{
	bool last = row >= 0 && is_deprecated(t, (unsigned)row);

	for (unsigned i = (unsigned)(row + 1); i < t->count; i++) {
		if (is_deprecated(t, i) == last)
			return (int)i;
	}
	for (unsigned i = 0; !last && i < t->count; i++) {
		if (is_deprecated(t, i))
			return (int)i;
	}
	return -1;
}
