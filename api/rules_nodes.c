/* SPDX-License-Identifier: MIT */
/* The rules about worker nodes: how one logs in, pays, and stores. */
#include <stdio.h>
#include <string.h>

#include "rule.h"

static bool both(const struct ack_check *c, enum ack_cluster_param a,
	enum ack_cluster_param b)
{
	return ack_check_set(c, a) && ack_check_set(c, b);
}

static void login_missing(struct ack_check *c)
{
	if (ack_check_nodes(c) && !ack_check_set(c, ACK_P_key_pair) &&
		!ack_check_set(c, ACK_P_login_password))
		ack_check_find(c, ACK_P_login_password,
			"nodes need either this or key_pair");
}

static void login_twice(struct ack_check *c)
{
	if (both(c, ACK_P_key_pair, ACK_P_login_password))
		ack_check_find(c, ACK_P_login_password,
			"is set together with key_pair; keep one of the two");
}

static bool is_prepaid(const struct ack_check *c)
{
	return !strcmp(
		ack_check_get(c, ACK_P_worker_instance_charge_type), "PrePaid");
}

static void prepaid_period(struct ack_check *c)
{
	static const enum ack_cluster_param rows[] = {
		ACK_P_worker_period, ACK_P_worker_period_unit};

	for (size_t i = 0; is_prepaid(c) && i < 2; i++) {
		if (!ack_check_set(c, rows[i]))
			ack_check_find(c, rows[i],
				"is required when worker_instance_charge_type "
				"is PrePaid");
	}
}

static void renew_period(struct ack_check *c)
{
	if (is_prepaid(c) && ack_check_true(c, ACK_P_worker_auto_renew) &&
		!ack_check_set(c, ACK_P_worker_auto_renew_period))
		ack_check_find(c, ACK_P_worker_auto_renew_period,
			"is required with PrePaid unless worker_auto_renew is "
			"false");
}

static void renew_ignored(struct ack_check *c)
{
	if (is_prepaid(c) && !ack_check_true(c, ACK_P_worker_auto_renew) &&
		ack_check_set(c, ACK_P_worker_auto_renew_period))
		ack_check_find(c, ACK_P_worker_auto_renew_period,
			"is ignored because worker_auto_renew is false");
}

static void period_ignored(struct ack_check *c)
{
	static const enum ack_cluster_param rows[] = {ACK_P_worker_period,
		ACK_P_worker_period_unit, ACK_P_worker_auto_renew,
		ACK_P_worker_auto_renew_period};

	for (size_t i = 0; !is_prepaid(c) && i < 4; i++) {
		if (ack_check_set(c, rows[i]))
			ack_check_find(c, rows[i],
				"is ignored unless worker_instance_charge_type "
				"is PrePaid");
	}
}

static void prepaid_survives(struct ack_check *c)
{
	if (is_prepaid(c) && ack_check_nodes(c))
		ack_check_find(c, ACK_P_worker_instance_charge_type,
			"nodes paid in advance survive the deletion of the "
			"cluster and are billed to the end of their period");
}

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

const struct ack_rule ack_node_rules[] = {
	{"R1", "MissingParameter", false, login_missing},
	{"R1", "InvalidParameter.Conflict", false, login_twice},
	{"R11", "MissingParameter", false, prepaid_period},
	{"R12", "MissingParameter", false, renew_period},
	{"R13", "InvalidCpuPolicy", false, cpu_policy_version},
	{"R14", "InvalidParameter.Conflict", false, disks_refused},
	{"R11", "IgnoredParameter", true, period_ignored},
	{"R12", "IgnoredParameter", true, renew_ignored},
	{"R14", "MissingParameter", true, disks_missing},
	{"PrePaid", "PrePaidNodes", true, prepaid_survives},
	{NULL},
};
