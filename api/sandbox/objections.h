/* SPDX-License-Identifier: MIT */
/* What is wrong with a request, all of it, as the service says it in data[]. */
#ifndef SANDBOX_OBJECTIONS_H
#define SANDBOX_OBJECTIONS_H

#include <stdbool.h>

struct ack_json;
struct exchange;

#define FINDING_FORMAT  "InvalidParameter.Format"
#define FINDING_MISSING "MissingParameter"

struct objections {
	struct ack_json *data;        /* NULL: nothing is wrong */
	char code[96], message[1024]; /* of the first one */
	int rc;                       /* -ENOMEM: some are lost */
};

void objection_add(struct objections *f, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * False when there is something: the exchange has its refusal then. Releases
 * the findings in any case.
 */
bool objections_none(struct objections *f, struct exchange *x);

#endif
