/* SPDX-License-Identifier: MIT */
/* The rules about worker nodes that only a cluster's own parameters need. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "params/body.h"
#include "params/rules.h"
#include "params/values.h"

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

/* docker went with 1.23; what the service's newest is, is not known here. */
static void runtime_version(struct ack_check *c)
{
	const char *version = ack_check_set(c, ACK_P_kubernetes_version);
	const char *runtime = ack_check_set(c, ACK_P_runtime);
	unsigned major, minor;

	if (!version || !runtime || strncmp(runtime, "docker", 6) != 0 ||
		sscanf(version, "%u.%u", &major, &minor) != 2)
		return;
	if (major > 1 || minor > 22)
		ack_check_find(c, ACK_P_runtime,
			"docker goes up to Kubernetes 1.22; "
			"kubernetes_version is %s",
			version);
}

/* Of a classic request, the service chooses what is not said. */
static void pool_runtime(struct ack_check *c)
{
	const char *runtime = ack_check_set(c, ACK_P_runtime);

	if (c->form != ACK_NODEPOOLS || !ack_check_nodes(c) ||
		(runtime && strchr(runtime, ' ')))
		return;
	ack_check_find(c, ACK_P_runtime,
		"does not say the version, so the service takes one that goes "
		"with kubernetes_version");
}

/* A finding about one of the pools that extra_nodepools describes. */
struct pool_check {
	struct ack_check *check;
	const char *name;
};

static void find_in_pool(void *arg, const struct ack_finding *f)
{
	struct pool_check *p = arg;

	if (f->warning == p->check->rule->warning)
		ack_check_find(p->check, ACK_P_extra_nodepools, "%s: %s: %s",
			p->name ? p->name : ack_text("a pool without name"),
			f->param, f->text);
}

/* The nodes of a pool without a key pair have the cluster's password; that it
 * is set is enough to know here. */
static int share_password(const struct ack_check *c, struct ack_values *pool)
{
	if (!ack_check_set(c, ACK_P_login_password) ||
		ack_values_get(pool, ACK_POOL_P_key_pair, NULL))
		return 0;
	return ack_values_set(pool, ACK_POOL_P_login_password, "set", 3, 0);
}

static void further_pools(struct ack_check *c)
{
	struct ack_span rest = ack_span_of(
		ack_check_set(c, ACK_P_extra_nodepools));

	while (c->form == ACK_NODEPOOLS && rest.len > 0) {
		struct ack_span line = ack_span_cut(&rest, "\n");
		struct ack_values v = ACK_VALUES_INIT;
		struct pool_check p = {.check = c};
		struct ack_error e;

		/* It was found right when it was written. */
		int ret = ack_body_parse(
			&ack_pool_table, line.text, line.len, 0, &v, &e);
		if (!ret) {
			p.name = ack_values_get(&v, ACK_POOL_P_name, NULL);
			ret = share_password(c, &v);
		}
		if (!ret)
			ret = ack_rules_check(
				&ack_pool_table, &v, c->form, find_in_pool, &p);
		c->failed |= ret == -ENOMEM;
		ack_values_release(&v);
	}
}

static const enum ack_cluster_param disk_rows[] = {ACK_P_worker_data_disks,
	ACK_P_worker_data_disk_category, ACK_P_worker_data_disk_size};

/*
 * The classic request ignores the disks when the switch is false; today's
 * service has no switch and would make, and bill, them (SERVICE.md, Rules:
 * R14). So it is an error.
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

/* A node pool has one image. */
static void image_twice(struct ack_check *c)
{
	const char *platform = ack_check_set(c, ACK_P_platform);
	const char *image = ack_check_set(c, ACK_P_image_type);

	if (c->form == ACK_NODEPOOLS && ack_check_nodes(c) && platform &&
		image && strcmp(platform, image) != 0)
		ack_check_find(c, ACK_P_platform,
			"is %s, but image_type is %s, which is sent instead",
			platform, image);
}

const struct ack_rule ack_node_rules[] = {
	{"R13", "InvalidCpuPolicy", false, cpu_policy_version},
	{"R14", "InvalidParameter.Conflict", false, disks_refused},
	{"R16", "InvalidRuntime", false, runtime_version},
	{"pool", "InvalidNodepool", false, further_pools},
	{"pool", "InvalidNodepool", true, further_pools},
	{"pool", "MissingParameter", true, pool_runtime},
	{"image", "IgnoredParameter", true, image_twice},
	{"R14", "MissingParameter", true, disks_missing},
	{"R18", "DeprecatedParameter", true, rollback},
	{NULL},
};

const struct ack_rules ack_cluster_rules = {
	.look = ack_check_networks,
	.types = ACK_P_worker_instance_types,
	.pay = {.key_pair = ACK_P_key_pair,
		.login_password = ACK_P_login_password,
		.charge_type = ACK_P_worker_instance_charge_type,
		.period = ACK_P_worker_period,
		.period_unit = ACK_P_worker_period_unit,
		.auto_renew = ACK_P_worker_auto_renew,
		.auto_renew_period = ACK_P_worker_auto_renew_period},
	.lists = {ack_value_rules, ack_network_rules, ack_control_rules,
		ack_pay_rules, ack_node_rules},
};
