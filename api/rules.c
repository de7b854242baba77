/* SPDX-License-Identifier: MIT */
/* Applies the rules, and holds those that look at one parameter alone. */
#include "rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rule.h"
#include "scalars.h"
#include "types.h"
#include "values.h"

const char *ack_check_set(const struct ack_check *c, enum ack_cluster_param row)
{
	return ack_values_get(c->values, row, NULL);
}

const char *ack_check_get(const struct ack_check *c, enum ack_cluster_param row)
{
	const char *text = ack_check_set(c, row);

	return text ? text : ack_cluster_table.rows[row].fallback;
}

bool ack_check_true(const struct ack_check *c, enum ack_cluster_param row)
{
	const char *text = ack_check_get(c, row);

	return text && !strcmp(text, "true");
}

bool ack_check_nodes(const struct ack_check *c)
{
	const char *count = ack_check_get(c, ACK_P_num_of_nodes);

	return !count || strcmp(count, "0") != 0;
}

void ack_check_find(
	struct ack_check *c, enum ack_cluster_param row, const char *fmt, ...)
{
	struct ack_finding finding = {
		.param = ack_cluster_table.rows[row].name,
		.code = c->rule->code,
		.warning = c->rule->warning,
	};
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	finding.text = text;
	c->report(c->arg, &finding);
}

static void required(struct ack_check *c)
{
	for (unsigned i = 0; i < ack_cluster_table.count; i++) {
		const struct ack_param *p = &ack_cluster_table.rows[i];

		if (p->need == ACK_OPTIONAL || ack_check_get(c, i))
			continue;
		if (p->need == ACK_REQUIRED)
			ack_check_find(c, i, "is required");
		else if (ack_check_nodes(c))
			ack_check_find(
				c, i, "is required unless num_of_nodes is 0");
	}
}

static void deprecated(struct ack_check *c)
{
	for (unsigned i = 0; i < ack_cluster_table.count; i++) {
		if (ack_cluster_table.rows[i].flags & ACK_DEPRECATED &&
			ack_check_set(c, i))
			ack_check_find(c, i,
				"has expired; see schema/%s for what replaces "
				"it",
				ack_cluster_table.rows[i].name);
	}
}

static void other_words(struct ack_check *c)
{
	for (unsigned i = 0; i < ack_cluster_table.count; i++) {
		const struct ack_param *p = &ack_cluster_table.rows[i];
		const char *word = ack_check_set(c, i);

		if (!(p->flags & ACK_OPEN) || !word ||
			ack_choice_known(p, ack_span_of(word)))
			continue;
		ack_check_find(c, i,
			"\"%s\" is not a word known here, such as %s; it is "
			"sent as it stands",
			word, p->choices[0]);
	}
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

const struct ack_rule ack_value_rules[] = {
	{"required", "MissingParameter", false, required},
	{"expired", "DeprecatedParameter", true, deprecated},
	{"words", "UnknownWord", true, other_words},
	{"R18", "DeprecatedParameter", true, rollback},
	{NULL},
};

static void apply(struct ack_check *c, bool warnings)
{
	static const struct ack_rule *const all[] = {
		ack_value_rules, ack_network_rules, ack_node_rules};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		for (c->rule = all[i]; c->rule->apply; c->rule++) {
			if (c->rule->warning == warnings)
				c->rule->apply(c);
		}
	}
}

void ack_rules_check(
	const struct ack_values *v, ack_finding_fn report, void *arg)
{
	struct ack_check c = {.values = v, .report = report, .arg = arg};

	ack_check_networks(&c);
	apply(&c, false);
	apply(&c, true);
}
