/* SPDX-License-Identifier: MIT */
/* The rules about how nodes are logged into and paid, of any table. */
#include <string.h>

#include "params/rules.h"

static const struct ack_pay_rows *pay(const struct ack_check *c)
{
	return &c->table->rules->pay;
}

static void login_missing(struct ack_check *c)
{
	if (ack_check_nodes(c) && !ack_check_set(c, pay(c)->key_pair) &&
		!ack_check_set(c, pay(c)->login_password))
		ack_check_find(c, pay(c)->login_password,
			"nodes need either this or key_pair");
}

static void login_twice(struct ack_check *c)
{
	if (ack_check_set(c, pay(c)->key_pair) &&
		ack_check_set(c, pay(c)->login_password))
		ack_check_find(c, pay(c)->login_password,
			"is set together with key_pair; keep one of the two");
}

static bool is_prepaid(const struct ack_check *c)
{
	return !strcmp(ack_check_get(c, pay(c)->charge_type), "PrePaid");
}

static void prepaid_period(struct ack_check *c)
{
	const unsigned rows[] = {pay(c)->period, pay(c)->period_unit};

	for (size_t i = 0; is_prepaid(c) && i < 2; i++) {
		if (!ack_check_set(c, rows[i]))
			ack_check_find(c, rows[i],
				"is required when %s is PrePaid",
				ack_check_name(c, pay(c)->charge_type));
	}
}

static void renew_period(struct ack_check *c)
{
	if (is_prepaid(c) && ack_check_true(c, pay(c)->auto_renew) &&
		!ack_check_get(c, pay(c)->auto_renew_period))
		ack_check_find(c, pay(c)->auto_renew_period,
			"is required with PrePaid unless %s is false",
			ack_check_name(c, pay(c)->auto_renew));
}

static void renew_ignored(struct ack_check *c)
{
	if (is_prepaid(c) && !ack_check_true(c, pay(c)->auto_renew) &&
		ack_check_set(c, pay(c)->auto_renew_period))
		ack_check_find(c, pay(c)->auto_renew_period,
			"is ignored because %s is false",
			ack_check_name(c, pay(c)->auto_renew));
}

static void period_ignored(struct ack_check *c)
{
	const unsigned rows[] = {pay(c)->period, pay(c)->period_unit,
		pay(c)->auto_renew, pay(c)->auto_renew_period};

	for (size_t i = 0; !is_prepaid(c) && i < 4; i++) {
		if (ack_check_set(c, rows[i]))
			ack_check_find(c, rows[i],
				"is ignored unless %s is PrePaid",
				ack_check_name(c, pay(c)->charge_type));
	}
}

static void prepaid_survives(struct ack_check *c)
{
	if (is_prepaid(c) && ack_check_nodes(c))
		ack_check_find(c, pay(c)->charge_type,
			"nodes paid in advance survive the deletion of the "
			"cluster and are billed to the end of their period");
}

const struct ack_rule ack_pay_rules[] = {
	{"R1", "MissingParameter", false, login_missing},
	{"R1", "InvalidParameter.Conflict", false, login_twice},
	{"R11", "MissingParameter", false, prepaid_period},
	{"R12", "MissingParameter", false, renew_period},
	{"R11", "IgnoredParameter", true, period_ignored},
	{"R12", "IgnoredParameter", true, renew_ignored},
	{"PrePaid", "PrePaidNodes", true, prepaid_survives},
	{NULL},
};
