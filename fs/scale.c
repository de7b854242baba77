/* SPDX-License-Identifier: MIT */
#include "scale.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "error.h"
#include "json.h"
#include "kind.h"
#include "object.h"
#include "steps.h"

/* No cluster has more; sums of such numbers fit. */
#define NODES_MOST 1000000

long scale_wanted(const struct object *o)
{
	const char *text = ack_values_get(
		&o->edits, o->kind->table->nodes, NULL);

	return text ? strtol(text, NULL, 10) : 0;
}

static bool is_default(const struct ack_json *pool)
{
	bool is = false;

	ack_json_boolean(
		ack_json_get(ack_json_get(pool, "nodepool_info"), "is_default"),
		&is);
	return is;
}

static long nodes(const struct ack_json *pool)
{
	int64_t n = 0;

	ack_json_integer(
		ack_json_get(ack_json_get(pool, "status"), "total_nodes"), &n);
	return n > 0 && n < NODES_MOST ? (long)n : 0;
}

int scale_pool(const struct object *o, const struct ack_json *list,
	struct step_request *s, struct ack_error *e)
{
	const struct ack_json *only = NULL, *n;
	const char *id;
	unsigned count = 0;
	long all = 0;

	for (n = ack_json_first(list); n; n = ack_json_next(n)) {
		if (!only || !is_default(only))
			only = n;
		count++;
		all += nodes(n);
	}
	if (count > 1 && !is_default(only))
		only = NULL;
	id = ack_json_get_string(
		ack_json_get(only, "nodepool_info"), "nodepool_id");
	if (id && !ack_nodepool_id_valid(id))
		return ack_error_set(e, EPROTO, NULL,
			"the list holds a node pool without an ID of the "
			"right form");
	if (!id)
		return ack_error_set(e, EINVAL, "num_of_nodes",
			count ? "num_of_nodes: there are several node pools, "
				"and none of them is the default one; write "
				"into nodepools/NAME/desired_size instead"
			      : "num_of_nodes: the cluster has no node pool; "
				"make one with mkdir nodepools/NAME");
	snprintf(s->pool, sizeof(s->pool), "%s", id);
	s->elsewhere = all - nodes(only);
	if (scale_wanted(o) >= s->elsewhere)
		return 0;
	return ack_error_set(e, EINVAL, "num_of_nodes",
		"num_of_nodes: the node pools beside the default one have %ld "
		"nodes; write into nodepools/NAME/desired_size instead",
		s->elsewhere);
}
