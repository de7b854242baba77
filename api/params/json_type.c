/* SPDX-License-Identifier: MIT */
/*
 * Values that are JSON, of the shape that their row gives; and those of which
 * the JSON says no more than on or off.
 */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "params/lists.h"
#include "params/params.h"
#include "params/shape.h"
#include "params/types.h"

/* A new node of the shape. NULL: *ret is what parse() returns. */
static struct ack_json *read_shape(const struct ack_param *p, const char *shape,
	struct ack_span s, int *ret, struct ack_error *e)
{
	struct ack_json *root, *fit;
	size_t where = 0;

	*ret = 0;
	if (!ack_list_is_json(s)) {
		*ret = ack_error_set(
			e, EINVAL, p->name, "is JSON of the shape %s", shape);
		return NULL;
	}
	root = ack_json_parse(s.text, s.len, &where);
	if (!root && where == s.len && *s.text == *shape)
		*ret = -EAGAIN;
	else if (!root && where == s.len) /* closing it would not complete it */
		*ret = ack_error_set(
			e, EINVAL, p->name, "is JSON of the shape %s", shape);
	else if (!root && where == ACK_JSON_NO_MEMORY)
		*ret = ack_error_memory(e, p->name);
	else if (!root)
		*ret = ack_list_refuse_json(p, s.text, where, e);
	if (!root)
		return NULL;
	fit = ack_shape_fit(p, shape, root, e);
	ack_json_free(root);
	*ret = -e->err;
	return fit;
}

/* An empty list is nothing at all. */
static void print(const struct ack_json *n, struct ack_buf *out)
{
	if (n && (ack_json_is_object(n) || ack_json_first(n)))
		ack_json_print(n, false, out);
}

static int json_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	struct ack_span s = ack_span_trim((struct ack_span){text, len});
	int ret;
	struct ack_json *n = read_shape(p, p->shape, s, &ret, e);

	print(n, out);
	ack_json_free(n);
	return ret;
}

static int json_read(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e)
{
	struct ack_json *fit = ack_shape_fit(p, p->shape, n, e);

	print(fit, out);
	ack_json_free(fit);
	return -e->err;
}

static struct ack_json *json_wire(const struct ack_param *p, const char *text)
{
	size_t where;

	(void)p;
	return ack_json_parse(text, strlen(text), &where);
}

/* {"enabled":true}, or {"enable":true}: the service has both. */
static int switch_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	struct ack_span s = ack_span_trim((struct ack_span){text, len});
	struct ack_json *n;
	bool on = false;
	int ret;

	if (!ack_list_is_json(s))
		return ack_type_boolean.parse(p, text, len, out, e);
	n = read_shape(p, "{enabled:boolean,enable:boolean}", s, &ret, e);
	if (n && ack_json_count(n) != 1)
		ret = ack_error_set(e, EINVAL, p->name,
			"the JSON object says neither enabled nor enable");
	if (n && !ret) {
		ack_json_boolean(ack_json_first(n), &on);
		ack_buf_puts(out, on ? "true" : "false");
	}
	ack_json_free(n);
	return ret;
}

static struct ack_json *switch_wire(const struct ack_param *p, const char *text)
{
	return ack_type_boolean.wire(p, text);
}

static int switch_unwire(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e)
{
	return ack_type_boolean.unwire(p, n, out, e);
}

const struct ack_type ack_type_json = {
	.name = "json",
	.document = true,
	.parse = json_parse,
	.wire = json_wire,
	.unwire = ack_list_unwire,
	.read = json_read,
};

/* Its place is that of the boolean within the object. */
const struct ack_type ack_type_switch = {
	.name = "switch",
	.example = "true",
	.document = true,
	.shape = "boolean",
	.parse = switch_parse,
	.wire = switch_wire,
	.unwire = switch_unwire,
};
