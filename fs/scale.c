/* SPDX-License-Identifier: MIT */
#include "scale.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "json.h"

const char *scale_pool(const struct ack_json *list, struct ack_error *e)
{
	const char *only = NULL;
	unsigned count = 0;

	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n)) {
		const struct ack_json *info = ack_json_get(n, "nodepool_info");
		const char *id = ack_json_get_string(info, "nodepool_id");
		bool is_default = false;

		ack_json_boolean(ack_json_get(info, "is_default"), &is_default);
		if (id && is_default)
			return id;
		only = id;
		count++;
	}
	if (count == 1 && only)
		return only;
	ack_error_set(e, EINVAL, "num_of_nodes",
		count ? "num_of_nodes: there are several node pools, and none "
			"of them is the default one; write into "
			"nodepools/NAME/desired_size instead"
		      : "num_of_nodes: the cluster has no node pool; make one "
			"with mkdir nodepools/NAME");
	return NULL;
}
