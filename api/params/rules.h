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

struct ack_values;

struct ack_finding {
	const char *param; /* the file to mend */
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

#endif
