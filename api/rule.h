/* SPDX-License-Identifier: MIT */
/* A rule between parameters, for the files that hold the rules. */
#ifndef ACK_RULE_H
#define ACK_RULE_H

#include <stdbool.h>

#include "params.h"
#include "rules.h"

struct ack_check;

struct ack_rule {
	const char *id;	  /* in ack-api.md 1.4, or a word */
	const char *code; /* of its findings */
	bool warning;
	void (*apply)(struct ack_check *c);
};

struct ack_check {
	const struct ack_values *values;
	const struct ack_rule *rule; /* the one being applied */
	ack_finding_fn report;
	void *arg;
	/* What several rules ask for; see ack_check_networks(). */
	bool auto_vpc;	    /* the service makes VPC and vSwitches */
	bool flannel, terway; /* installed by the addons */
	bool pod_vswitches; /* Terway's configuration names them */
};

/* Fills these in. */
void ack_check_networks(struct ack_check *c);

/* The rules of each file, ended by a row without apply. */
extern const struct ack_rule ack_network_rules[];
extern const struct ack_rule ack_node_rules[];
extern const struct ack_rule ack_value_rules[];

/* What was written, or NULL. */
const char *ack_check_set(
	const struct ack_check *c, enum ack_cluster_param row);
/* What is in force: what was written, else the fallback, else NULL. */
const char *ack_check_get(
	const struct ack_check *c, enum ack_cluster_param row);
/* Whether a boolean in force is true. */
bool ack_check_true(const struct ack_check *c, enum ack_cluster_param row);
/* Whether there will be nodes: num_of_nodes is not 0. */
bool ack_check_nodes(const struct ack_check *c);

/* Reports a finding of the rule being applied. */
void ack_check_find(struct ack_check *c, enum ack_cluster_param row,
	const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
