/* SPDX-License-Identifier: MIT */
/*
 * Node pools as the items of a list: each is the JSON of one, on a line, and
 * right if the table of node pools says so.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "params/body.h"
#include "params/body_drop.h"
#include "params/lists.h"
#include "params/params.h"
#include "params/types.h"
#include "params/values.h"

static int item(const struct ack_list *l, const struct ack_param *p,
	struct ack_span text, struct ack_buf *line, struct ack_buf *identity,
	struct ack_error *e)
{
	(void)l;
	(void)line;
	(void)identity;
	return ack_error_set(e, EINVAL, p->name,
		"%s is not a node pool, which is a JSON object",
		ack_span_quote(text).text);
}

/* The fault is in the pool; the file to correct is this one. */
static int explain(const struct ack_param *p, const struct ack_error *fault,
	struct ack_error *e)
{
	if (fault->err != EINVAL && fault->err != EFBIG)
		return ack_error_memory(e, p->name);
	ack_error_set(e, fault->err, p->name, "in a node pool, %s: %s",
		fault->param, fault->message);
	for (struct ack_span rest = ack_span_of(fault->more); rest.len > 0;) {
		struct ack_span line = ack_span_cut(&rest, "\n");

		ack_error_more(e, "%s: in a node pool, %.*s", p->name,
			(int)line.len, line.text);
	}
	return -e->err;
}

/* What has no place is dropped of a request alone, where `check` warns. */
static int refuse_dropped(
	const struct ack_param *p, const char *dropped, struct ack_error *e)
{
	struct ack_span rest = ack_span_of(dropped);
	struct ack_span line = ack_span_cut(&rest, "\n");
	char path[128];

	snprintf(path, sizeof(path), "%.*s", (int)line.len, line.text);
	return ack_error_set(e, EINVAL, p->name,
		"in a node pool, %s: it %s; leave it out", path,
		ack_body_dropped_why(&ack_pool_table, path));
}

static int put_pool(const struct ack_param *p, const struct ack_values *v,
	struct ack_buf *line, struct ack_buf *identity, struct ack_error *e)
{
	const char *name = ack_values_get(v, ACK_POOL_P_name, NULL);
	const char *dropped = ack_values_get(
		v, ack_body_dropped_row(&ack_pool_table), NULL);

	if (ack_values_get(v, ACK_POOL_P_login_password, NULL))
		return ack_error_set(e, EINVAL, p->name,
			"login_password does not belong here, where everybody "
			"can read it; use key_pair, or the cluster's "
			"login_password, which these nodes have, too");
	if (dropped)
		return refuse_dropped(p, dropped, e);
	ack_buf_puts(identity, name ? name : "");
	if (ack_body_build(
		    &ack_pool_table, v, ACK_NODEPOOLS, false, false, line))
		return ack_error_memory(e, p->name);
	return 0;
}

static int object(const struct ack_list *l, const struct ack_param *p,
	const struct ack_json *n, struct ack_buf *line,
	struct ack_buf *identity, struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(SIZE_MAX / 2);
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_error fault;
	int ret;

	(void)l;
	ack_json_print(n, false, &text);
	ret = ack_buf_status(&text);
	ack_error_clear(&fault);
	if (!ret)
		ret = ack_body_parse(
			&ack_pool_table, text.data, text.len, 0, &v, &fault);
	ret = ret ? explain(p, &fault, e) : put_pool(p, &v, line, identity, e);
	ack_values_release(&v);
	ack_buf_release(&text);
	return ret;
}

static const struct ack_list pools = {.item = item, .object = object};

static struct ack_json *pools_wire(const struct ack_param *p, const char *text)
{
	struct ack_json *array = ack_json_array();
	struct ack_span rest = ack_span_of(text);
	size_t where;

	(void)p;
	while (array && rest.text) {
		struct ack_span line = ack_span_cut(&rest, "\n");

		if (ack_json_add(array, NULL,
			    ack_json_parse(line.text, line.len, &where))) {
			ack_json_free(array);
			array = NULL;
		}
	}
	return array;
}

const struct ack_type ack_type_pools = {
	.name = "pools",
	.example =
		"{\"nodepool_info\":{\"name\":\"web\"},\"scaling_group\":{"
		"\"vswitch_ids\":[\"vsw-2ze48rkq464rsdts1abcd\"],"
		"\"instance_types\":[\"ecs.g7.xlarge\"],"
		"\"instance_charge_type\":\"PostPaid\",\"desired_size\":2,"
		"\"key_pair\":\"my-key\"},\"kubernetes_config\":{"
		"\"runtime\":\"containerd\",\"runtime_version\":\"1.6.38\"}}",
	.list = true,
	.bounds = "items",
	.shape = "[object]",
	.items = &pools,
	.parse = ack_list_parse,
	.wire = pools_wire,
	.unwire = ack_list_unwire,
	.read = ack_list_read,
};
