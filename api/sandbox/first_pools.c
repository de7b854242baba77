/* SPDX-License-Identifier: MIT */
/* The node pools that a cluster is created with. */
#include <errno.h>

#include "base/buf.h"
#include "base/json.h"
#include "params/body.h"
#include "params/params.h"
#include "sandbox/clusters.h"
#include "sandbox/pools.h"
#include "sandbox/tasks.h"

#define BODY_MAX (4u << 20)

static int add(struct cluster *k, struct task *t, const struct ack_json *spec)
{
	struct pool *p = pool_new(
		spec, (unsigned)k->npools + 1, k->npools == 0, k->created_ms);

	if (!p)
		return -ENOMEM;
	if (cluster_add_pool(k, p) < 0) {
		pool_free(p);
		return -ENOMEM;
	}
	p->busy = t;
	return 0;
}

int pools_from_body(
	struct cluster *k, struct task *t, const struct ack_json *body)
{
	const struct ack_json *list = ack_json_get(body, "nodepools");
	int rc = 0;

	if (!ack_json_is_array(list))
		return pools_from_values(k, t);
	for (const struct ack_json *n = ack_json_first(list); n && rc == 0;
		n = ack_json_next(n))
		rc = add(k, t, n);
	return rc;
}

/* The table knows how the one form is said in the other. */
int pools_from_values(struct cluster *k, struct task *t)
{
	struct ack_buf text = ACK_BUF_INIT(BODY_MAX);
	struct ack_json *body = NULL;
	size_t where;
	int rc = -ENOMEM;

	if (ack_body_build(&ack_cluster_table, &k->values, ACK_NODEPOOLS, false,
		    false, &text) == 0)
		body = ack_json_parse(ack_buf_text(&text), text.len, &where);
	if (ack_json_is_array(ack_json_get(body, "nodepools")))
		rc = pools_from_body(k, t, body);
	else if (body)
		rc = 0;
	ack_json_free(body);
	ack_buf_release(&text);
	return rc;
}
