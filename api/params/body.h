/* SPDX-License-Identifier: MIT */
/*
 * The bodies of CreateCluster and CreateClusterNodePool, from values and back
 * (SERVICE.md, Two forms of the request), those of the calls that modify what
 * they made, and what the service says of it.
 */
#ifndef ACK_BODY_H
#define ACK_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include "params/params.h"

struct ack_buf;
struct ack_error;
struct ack_json;
struct ack_values;

/*
 * Appends the body to `out`: one line for the wire, or indented for a
 * person. Only what is set is sent, and, in a form that creates, what the
 * request must have although it has a fallback (cluster_type). Secrets
 * only when asked for. With ACK_EDIT `v` holds edits alone; those of rows
 * whose change is not ACK_MODIFY are left out. 0 or -ENOMEM.
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

/* Whether it has a number of nodes, and that is 0: one that has no node pools
 * is read as such, too. */
bool ack_body_says_none(
	const struct ack_table *t, const char *text, size_t len);

/*
 * A whole body of a cluster that says nothing of nodes asks for no nodes: so
 * do its values from here on. 0 or -ENOMEM.
 */
int ack_body_no_nodes(
	const struct ack_table *t, struct ack_values *v, int64_t time);

/*
 * Takes what the service says of something that exists: an element of a list,
 * or the answer to DescribeClusterDetail or DescribeClusterNodePoolDetail.
 * Each row whose ACK_LIVE place is there becomes what stands there; the
 * others stay. The service's word counts: bounds and choices for new values
 * are not applied, text that has not the right form stays text, and of a list
 * the items that no one could write are left out. What says nothing (null,
 * "", []) or makes no sense leaves the row unset. A row that says so already
 * keeps its time, the others get `time`. 0, or -ENOMEM, v half changed then.
 */
int ack_body_read(const struct ack_table *t, const struct ack_json *answer,
	int64_t time, struct ack_values *v);

/* Whether the answer says anything of that row, and be it nothing. */
bool ack_body_tells(
	const struct ack_table *t, unsigned row, const struct ack_json *answer);

/*
 * A text that ack_body_read() gave once and that was kept elsewhere since:
 * the same text, or nothing when it cannot be one. 0 or -ENOMEM.
 */
int ack_body_recall(
	const struct ack_param *p, const char *text, struct ack_buf *out);

#endif
