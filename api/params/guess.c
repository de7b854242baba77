/* SPDX-License-Identifier: MIT */
#include "params/guess.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/length.h"
#include "params/nearest.h"
#include "params/params.h"

/* What the console, command lines, Terraform and other clouds call them. */
static const struct {
	const char *words, *names; /* of clusters, of node pools */
} synonyms[] = {
	{"node_count count nodes size num_nodes node_number worker_number "
	 "desired_capacity initial_node_count replicas number_of_nodes",
		"num_of_nodes desired_size"},
	{"version k8s_version cluster_version", "kubernetes_version"},
	{"password ssh_password", "login_password"},
	{"key_name ssh_key ssh_key_name keypair", "key_pair"},
	{"pod_cidr cluster_cidr pod_network_cidr", "container_cidr"},
	{"svc_cidr service_network_cidr", "service_cidr"},
	{"vpc network", "vpcid"},
	{"vswitches subnets subnet_ids worker_vswitch_ids", "vswitch_ids"},
	{"new_nat_gateway nat_gateway", "snat_entry"},
	{"slb_internet_enabled public_access endpoint_public",
		"endpoint_public_access"},
	{"install_cloud_monitor cloud_monitor",
		"cloud_monitor_flags cms_enabled"},
	{"machine_type vm_size flavor", "worker_instance_types instance_types"},
	{"disk_size volume_size worker_disk_size system_disk",
		"worker_system_disk_size system_disk_size"},
	{"disk_category disk_type volume_type worker_disk_category",
		"worker_system_disk_category system_disk_category"},
	{"min min_size min_count", "min_instances"},
	{"max max_size max_count", "max_instances"},
	{"node_labels", "labels"},
	{"node_taints", "taints"},
	{"node_cidr_mask_size", "node_cidr_mask"},
	{"payment_type charge_type",
		"worker_instance_charge_type instance_charge_type"},
	{"region", "region_id"},
};

#define NSYNONYMS LENGTH(synonyms)
#define POOL      "nodepools[0]."

/* Whether `word` is one of those that `list` has, with `between` around it. */
static bool has(const char *list, const char *word, char between)
{
	size_t len = strlen(word);
	const char *at = list;

	while ((at = strstr(at, word))) {
		if ((at == list || at[-1] == between) &&
			(!at[len] || at[len] == between))
			return true;
		at++;
	}
	return false;
}

/* A row whose place in a request has that text. */
static const char *at_place(
	const struct ack_table *t, const char *prefix, const char *place)
{
	size_t len = strlen(prefix);

	for (unsigned i = 0; place && i < t->count; i++) {
		const char *own = t->rows[i].place[ACK_NODEPOOLS];

		if (own && !strncmp(own, prefix, len) &&
			!strcmp(own + len, place))
			return t->rows[i].name;
	}
	return NULL;
}

/* A pool's directory has other names than a cluster's for the same. */
static const char *of_other_table(const struct ack_table *t, const char *name)
{
	bool pool = t == &ack_pool_table;
	const struct ack_table *other = pool ? &ack_cluster_table
					     : &ack_pool_table;
	int row = ack_table_find(other, name);
	const char *place = row < 0 ? NULL
				    : other->rows[row].place[ACK_NODEPOOLS];

	if (!place || !pool)
		return at_place(t, POOL, place);
	return strncmp(place, POOL, strlen(POOL))
		       ? NULL
		       : at_place(t, "", place + strlen(POOL));
}

static const char *of_other_tools(const struct ack_table *t, const char *name)
{
	for (size_t i = 0; i < NSYNONYMS; i++) {
		if (!has(synonyms[i].words, name, ' '))
			continue;
		for (unsigned row = 0; row < t->count; row++)
			if (has(synonyms[i].names, t->rows[row].name, ' '))
				return t->rows[row].name;
	}
	return NULL;
}

static const char *spelt_nearly(const struct ack_table *t, const char *name)
{
	struct ack_nearest near = ACK_NEAREST_INIT(name);
	int row;

	for (unsigned i = 0; i < t->count; i++)
		ack_nearest_offer(&near, t->rows[i].name);
	row = *near.best ? ack_table_find(t, near.best) : -1;
	return row < 0 ? NULL : t->rows[row].name;
}

/* The shortest that has it as a word, or words. */
static const char *with_word(const struct ack_table *t, const char *name)
{
	const char *best = NULL;

	for (unsigned i = 0; i < t->count; i++) {
		const char *row = t->rows[i].name;

		if (has(row, name, '_') &&
			(!best || strlen(row) < strlen(best)))
			best = row;
	}
	return best;
}

const char *ack_guess(const struct ack_table *t, const char *name)
{
	const char *best = NULL;

	if (!*name)
		return NULL;
	best = of_other_table(t, name);
	if (!best)
		best = of_other_tools(t, name);
	if (!best)
		best = spelt_nearly(t, name);
	return best ? best : with_word(t, name);
}
