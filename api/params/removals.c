/* SPDX-License-Identifier: MIT */
/* What becomes of what a cluster leaves behind (SERVICE.md, Deleting). */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "params/objects.h"
#include "params/params.h"
#include "params/scalars.h"
#include "params/types.h"

enum { TYPE, MODE };

static bool removal_split(struct ack_span line, struct ack_object *o)
{
	struct ack_span rest = line;

	o->field[TYPE] = ack_span_cut(&rest, " \t");
	if (!rest.text)
		return false;
	o->field[MODE] = ack_span_trim(rest);
	return o->field[TYPE].len > 0 && o->field[MODE].len > 0;
}

static bool is(struct ack_span s, const char *word)
{
	return s.len == strlen(word) && !memcmp(s.text, word, s.len);
}

static int removal_check(
	const struct ack_param *p, struct ack_object *o, struct ack_error *e)
{
	if (!is(o->field[MODE], "delete") && !is(o->field[MODE], "retain"))
		return ack_error_set(e, EINVAL, p->name,
			"after the type of a resource comes delete or retain");
	return ack_check_choice(p, o->field[TYPE], e);
}

static void removal_join(const struct ack_object *o, struct ack_buf *line)
{
	ack_buf_put(line, o->field[TYPE].text, o->field[TYPE].len);
	ack_buf_putc(line, ' ');
	ack_buf_put(line, o->field[MODE].text, o->field[MODE].len);
}

static void removal_identify(const struct ack_object *o, struct ack_buf *out)
{
	ack_buf_put(out, o->field[TYPE].text, o->field[TYPE].len);
}

static const struct ack_object_type removal = {
	.list = {.item = ack_object_item, .object = ack_object_json},
	.form = "type delete|retain",
	.field = {{"resource_type", ACK_FIELD_STRING, true},
		{"delete_mode", ACK_FIELD_STRING, true}},
	.split = removal_split,
	.check = removal_check,
	.join = removal_join,
	.identify = removal_identify,
};

const struct ack_type ack_type_removals = {
	.name = "removals",
	.example = "ALB delete",
	.list = true,
	.bounds = "items",
	.shape = "[{resource_type:string,delete_mode:string}]",
	.items = &removal.list,
	.parse = ack_list_parse,
	.wire = ack_object_wire,
	.unwire = ack_list_unwire,
	.read = ack_list_read,
};
