/* SPDX-License-Identifier: MIT */
/* The rules about worker nodes that only a cluster's own parameters need. */
#include <stdio.h>
#include <string.h>

#include "rule.h"

static void cpu_policy_version(struct ack_check *c)
{
	const char *version = ack_check_set(c, ACK_P_kubernetes_version);
	unsigned v[3];

	if (!version || !ack_check_set(c, ACK_P_cpu_policy) ||
		sscanf(version, "%u.%u.%u", &v[0], &v[1], &v[2]) != 3)
		return;
	if (v[0] * 1000000 + v[1] * 1000 + v[2] < 1012006)
		ack_check_find(c, ACK_P_cpu_policy,
			"needs Kubernetes 1.12.6 or later; "
			"kubernetes_version is %s",
			version);
}

static const enum ack_cluster_param disk_rows[] = {ACK_P_worker_data_disks,
	ACK_P_worker_data_disk_category, ACK_P_worker_data_disk_size};

/*
 * The founding document ignores the disks when the switch is false; today's
 * service has no switch and would make, and bill, them. So it is an error.
 */
static void disks_refused(struct ack_check *c)
{
	const char *wanted = ack_check_set(c, ACK_P_worker_data_disk);

	for (size_t i = 0; wanted && !strcmp(wanted, "false") && i < 3; i++) {
		if (!ack_check_set(c, disk_rows[i]))
			continue;
		ack_check_find(c, ACK_P_worker_data_disk,
			"is false although %s describes data disks; unset one "
			"of them",
			ack_cluster_table.rows[disk_rows[i]].name);
		return;
	}
}

static void disks_missing(struct ack_check *c)
{
	if (!ack_check_true(c, ACK_P_worker_data_disk))
		return;
	for (size_t i = 0; i < 3; i++) {
		if (ack_check_set(c, disk_rows[i]))
			return;
	}
	ack_check_find(c, ACK_P_worker_data_disk,
		"is true, but worker_data_disks describes no disk");
}

static void rollback(struct ack_check *c)
{
	const char *text = ack_check_set(c, ACK_P_disable_rollback);

	if (text && !strcmp(text, "false"))
		ack_check_find(c, ACK_P_disable_rollback,
			"the service does not roll back any more: after a "
			"failure what was made stays, and costs money");
	else if (text)
		ack_check_find(c, ACK_P_disable_rollback,
			"has no effect any more: the service never rolls "
			"back");
}

const struct ack_rule ack_node_rules[] = {
	{"R13", "InvalidCpuPolicy", false, cpu_policy_version},
	{"R14", "InvalidParameter.Conflict", false, disks_refused},
	{"R14", "MissingParameter", true, disks_missing},
	{"R18", "DeprecatedParameter", true, rollback},
	{NULL},
};

const struct ack_rules ack_cluster_rules = {
	.look = ack_check_networks,
	.pay = {.key_pair = ACK_P_key_pair,
		.login_password = ACK_P_login_password,
		.charge_type = ACK_P_worker_instance_charge_type,
		.period = ACK_P_worker_period,
		.period_unit = ACK_P_worker_period_unit,
		.auto_renew = ACK_P_worker_auto_renew,
		.auto_renew_period = ACK_P_worker_auto_renew_period},
	.lists = {ack_value_rules, ack_network_rules, ack_pay_rules,
		ack_node_rules},
};
