/* SPDX-License-Identifier: MIT */
#include "params.h"

#include <string.h>

#include "types.h"

#define WORDS(...)                \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

#define DISKS                                                         \
	WORDS("cloud", "cloud_efficiency", "cloud_ssd", "cloud_essd", \
		"cloud_auto", "cloud_essd_entry")
#define GROUP  "nodepools[0].scaling_group."
#define CONFIG "nodepools[0].kubernetes_config."

static const struct ack_param rows[] = {
#define ACK_PARAM(row, ...) {.name = #row, __VA_ARGS__},
#include "params_cluster.def"
#include "params_network.def"
#include "params_workers.def"
#undef ACK_PARAM
};

const struct ack_table ack_cluster_table = {
	.rows = rows,
	.count = ACK_P_COUNT,
};

_Static_assert(sizeof(rows) / sizeof(rows[0]) == ACK_P_COUNT,
	"the enum and the table have the same rows");

int ack_table_find(const struct ack_table *t, const char *name)
{
	for (unsigned i = 0; i < t->count; i++) {
		if (!strcmp(t->rows[i].name, name))
			return (int)i;
	}
	return -1;
}
