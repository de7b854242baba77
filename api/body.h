/* SPDX-License-Identifier: MIT */
/* The body of CreateCluster, from values and back (ack-api.md 1.3, 1.7). */
#ifndef ACK_BODY_H
#define ACK_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include "params.h"

struct ack_buf;
struct ack_error;
struct ack_values;

/*
 * Appends the body to `out`: one line for the wire, or indented for a
 * person. Only what is set is sent, and what the service must be told
 * although it has a fallback (cluster_type). Secrets only when asked for.
 * 0 or -ENOMEM.
 */
int ack_body_build(const struct ack_table *t, const struct ack_values *v,
	enum ack_form form, bool secrets, bool pretty, struct ack_buf *out);

/*
 * Reads a body of either form, checking every value as a write would. On
 * success `v` holds exactly what the body says (times set to `time`); on
 * failure v is untouched and `e` names the parameter, every further fault in
 * e->more. -EAGAIN: the text ends before the JSON does. Keys that no row
 * has are refused by name.
 */
int ack_body_parse(const struct ack_table *t, const char *text, size_t len,
	int64_t time, struct ack_values *v, struct ack_error *e);

#endif
