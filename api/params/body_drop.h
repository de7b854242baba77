/* SPDX-License-Identifier: MIT */
/*
 * Keys that a body may have and that are dropped from it (params_dropped.def).
 * A set of values that was imported says which: behind the rows of its table.
 */
#ifndef ACK_BODY_DROP_H
#define ACK_BODY_DROP_H

#include "params/params.h"

struct ack_buf;
struct ack_json;

/* Takes them out of the request; each that says something is a line of `out`:
 * its path, as "nodepools[0].scaling_group.platform". */
void ack_body_drop(const struct ack_table *t, struct ack_json *request,
	struct ack_buf *out);

/* Why a key of such a line was dropped; NULL: it is not such a line. */
const char *ack_body_dropped_why(const struct ack_table *t, const char *path);

/* The row of a set of values that has the lines. */
unsigned ack_body_dropped_row(const struct ack_table *t);

/* Behind it, that with the names of rows that a request left to the service,
 * which made something for them (ACK_MADE); a name a line. */
unsigned ack_body_made_row(const struct ack_table *t);

#endif
