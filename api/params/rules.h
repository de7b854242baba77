/* SPDX-License-Identifier: MIT */
/*
 * What must hold between parameters (SERVICE.md, Rules). Each rule is a row of
 * a table in one of the files rules_*.c; all of them are applied, and every
 * finding is reported.
 */
#ifndef ACK_RULES_H
#define ACK_RULES_H

#include <stdbool.h>

#include "params/params.h"

struct ack_check;
struct ack_values;

struct ack_finding {
	const char *param; /* the file to correct */
	const char *code;  /* the word the service uses for such a fault */
	bool warning;      /* does not stop a commit */
	const char *text;  /* a sentence without the parameter's name */
};

typedef void (*ack_finding_fn)(void *arg, const struct ack_finding *f);

/*
 * Checks the values of a new cluster or node pool: what is required, then
 * the rules between parameters, then what deserves a warning. Unset
 * parameters count with their fallback; the caller has filled in what the
 * directory gives (name, region_id). Some rules hold for one form of the
 * request only (ACK_CLASSIC, ACK_NODEPOOLS). 0, or -ENOMEM: then what was
 * reported is neither all nor surely right.
 */
int ack_rules_check(const struct ack_table *t, const struct ack_values *v,
	enum ack_form form, ack_finding_fn report, void *arg);

/* A rule between parameters, for the files that hold the rules. */

struct ack_rule {
	const char *id;   /* SERVICE.md, Rules; or a word */
	const char *code; /* of its findings */
	bool warning;
	void (*apply)(struct ack_check *c);
};

/* The rows of a table that say how nodes are paid and logged into. */
struct ack_pay_rows {
	unsigned key_pair, login_password;
	unsigned charge_type, period, period_unit;
	unsigned auto_renew, auto_renew_period;
};

/* The rules of a table. */
struct ack_rules {
	/* Fills in what several rules ask for; NULL: nothing. */
	void (*look)(struct ack_check *c);
	struct ack_pay_rows pay;
	unsigned types; /* the row of the nodes' instance types */
	const struct ack_rule *lists[6]; /* each as below; then NULL */
};

extern const struct ack_rules ack_cluster_rules, ack_pool_rules;

struct ack_check {
	const struct ack_table *table;
	const struct ack_values *values;
	enum ack_form form;
	const struct ack_rule *rule; /* the one being applied */
	ack_finding_fn report;
	void *arg;
	/* See ack_check_networks(). */
	bool auto_vpc;        /* the service makes VPC and vSwitches */
	bool flannel, terway; /* installed by the addons */
	bool pod_vswitches;   /* Terway's configuration names them */
	bool failed;          /* memory ran out, and a rule has not seen all */
};

/* Looks at the networks of a cluster. */
void ack_check_networks(struct ack_check *c);

/* The rules of each file, ended by a row without apply. */
extern const struct ack_rule ack_value_rules[];   /* of any table */
extern const struct ack_rule ack_pay_rules[];     /* by its pay rows */
extern const struct ack_rule ack_network_rules[]; /* of clusters */
extern const struct ack_rule ack_control_rules[];
extern const struct ack_rule ack_node_rules[];

/* What was written, or NULL. */
const char *ack_check_set(const struct ack_check *c, unsigned row);
/* What is in force: what was written, else the fallback, else NULL. */
const char *ack_check_get(const struct ack_check *c, unsigned row);
/* Whether a boolean in force is true. */
bool ack_check_true(const struct ack_check *c, unsigned row);
/* Whether there will be nodes: the row that counts them is not 0. */
bool ack_check_nodes(const struct ack_check *c);
/* The name of a row. */
const char *ack_check_name(const struct ack_check *c, unsigned row);

/* Reports a finding of the rule being applied. */
void ack_check_find(struct ack_check *c, unsigned row, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
