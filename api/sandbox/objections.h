/* SPDX-License-Identifier: MIT */
/* What is wrong with a request, all of it, as the service says it in data[]. */
#ifndef SANDBOX_FINDINGS_H
#define SANDBOX_FINDINGS_H

#include <stdbool.h>

struct ack_json;
struct exchange;

#define FINDING_FORMAT  "InvalidParameter.Format"
#define FINDING_MISSING "MissingParameter"

struct findings {
	struct ack_json *data;        /* NULL: nothing is wrong */
	char code[96], message[1024]; /* of the first one */
	int rc;                       /* -ENOMEM: some are lost */
};

void finding_add(struct findings *f, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * False when there is something: the exchange has its refusal then. Releases
 * the findings in any case.
 */
bool findings_none(struct findings *f, struct exchange *x);

#endif
