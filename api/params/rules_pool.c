/* SPDX-License-Identifier: MIT */
/* The rules of node pools: mostly about who decides how many nodes it has. */
#include <stdlib.h>

#include "params/rules.h"

static bool is_scaled(const struct ack_check *c)
{
	return ack_check_true(c, ACK_POOL_P_auto_scaling);
}

static const enum ack_pool_param limits[] = {
	ACK_POOL_P_min_instances, ACK_POOL_P_max_instances};

static void limits_missing(struct ack_check *c)
{
	for (size_t i = 0; is_scaled(c) && i < 2; i++) {
		if (!ack_check_set(c, limits[i]))
			ack_check_find(c, limits[i],
				"is required because auto_scaling is true");
	}
}

static void limits_order(struct ack_check *c)
{
	const char *min = ack_check_set(c, ACK_POOL_P_min_instances);
	const char *max = ack_check_set(c, ACK_POOL_P_max_instances);

	if (min && max && strtoull(min, NULL, 10) > strtoull(max, NULL, 10))
		ack_check_find(c, ACK_POOL_P_min_instances,
			"is %s, more than max_instances, which is %s", min,
			max);
}

static void limits_ignored(struct ack_check *c)
{
	for (size_t i = 0; !is_scaled(c) && i < 2; i++) {
		if (ack_check_set(c, limits[i]))
			ack_check_find(c, limits[i],
				"is ignored unless auto_scaling is true");
	}
}

/* The service refuses it. */
static void size_refused(struct ack_check *c)
{
	if (is_scaled(c) && ack_check_set(c, ACK_POOL_P_desired_size))
		ack_check_find(c, ACK_POOL_P_desired_size,
			"is managed by the scaler because auto_scaling is "
			"true; unset it");
}

static void managed_login(struct ack_check *c)
{
	if (ack_check_true(c, ACK_POOL_P_management) &&
		ack_check_set(c, ACK_POOL_P_login_password))
		ack_check_find(c, ACK_POOL_P_login_password,
			"a managed pool takes only key_pair");
}

static const struct ack_rule pool_rules[] = {
	{"scaling", "MissingParameter", false, limits_missing},
	{"scaling", "InvalidParameter.Conflict", false, limits_order},
	{"scaling", "InvalidDesiredSizeOrCount.NotNull", false, size_refused},
	{"scaling", "IgnoredParameter", true, limits_ignored},
	{"R20", "InvalidParameter.Conflict", true, managed_login},
	{NULL},
};

const struct ack_rules ack_pool_rules = {
	.types = ACK_POOL_P_instance_types,
	.pay = {.key_pair = ACK_POOL_P_key_pair,
		.login_password = ACK_POOL_P_login_password,
		.charge_type = ACK_POOL_P_instance_charge_type,
		.period = ACK_POOL_P_period,
		.period_unit = ACK_POOL_P_period_unit,
		.auto_renew = ACK_POOL_P_auto_renew,
		.auto_renew_period = ACK_POOL_P_auto_renew_period},
	.lists = {ack_value_rules, ack_pay_rules, pool_rules},
};
