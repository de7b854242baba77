/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "error.h"
#include "objects.h"
#include "params.h"
#include "scalars.h"
#include "types.h"

#define SIZE_MIN_GIB 40
#define SIZE_MAX_GIB 32768

enum { CATEGORY, SIZE };

static bool disk_split(struct ack_span line, struct ack_object *o)
{
	struct ack_span rest = line;

	o->field[CATEGORY] = ack_span_cut(&rest, " \t");
	if (!rest.text)
		return false;
	o->field[SIZE] = ack_span_trim(rest);
	return o->field[CATEGORY].len > 0 && o->field[SIZE].len > 0;
}

static int disk_check(
	const struct ack_param *p, struct ack_object *o, struct ack_error *e)
{
	int ret = 0;

	if (o->field[CATEGORY].len == 0 || o->field[SIZE].len == 0)
		return ack_error_set(e, EINVAL, p->name,
			"a disk needs both a category and a size");
	ret = ack_check_choice(p, o->field[CATEGORY], e);
	if (ret)
		return ret;
	if (p->flags & ACK_LENIENT)
		return ack_check_integer(p, o->field[SIZE], 0, INT64_MAX, e);
	return ack_check_integer(
		p, o->field[SIZE], SIZE_MIN_GIB, SIZE_MAX_GIB, e);
}

static void disk_join(const struct ack_object *o, struct ack_buf *line)
{
	ack_buf_put(line, o->field[CATEGORY].text, o->field[CATEGORY].len);
	ack_buf_putc(line, ' ');
	ack_buf_put(line, o->field[SIZE].text, o->field[SIZE].len);
}

/* Two disks may well be alike, so none has an identity. */
static const struct ack_object_type disk = {
	.list = {.item = ack_object_item, .object = ack_object_json},
	.form = "category size",
	.field = {{"category", ACK_FIELD_STRING, true},
		{"size", ACK_FIELD_NUMBER, true}},
	.split = disk_split,
	.check = disk_check,
	.join = disk_join,
};

static int disks_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	return ack_list_parse(&disk.list, p, text, len, out, e);
}

static struct ack_json *disks_wire(const struct ack_param *p, const char *text)
{
	(void)p;
	return ack_object_wire(&disk, text);
}

const struct ack_type ack_type_disks = {
	.name = "disks",
	.example = "cloud_ssd 500",
	.list = true,
	.bounds = "items",
	.parse = disks_parse,
	.wire = disks_wire,
	.unwire = ack_list_unwire,
};
