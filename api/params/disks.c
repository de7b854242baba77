/* SPDX-License-Identifier: MIT */
/* Data disks (SERVICE.md, Values). */
#include <errno.h>
#include <stdint.h>

#include "base/error.h"
#include "params/objects.h"
#include "params/params.h"
#include "params/scalars.h"
#include "params/types.h"

#define SIZE_MIN_GIB 40
#define SIZE_MAX_GIB 32768

enum { CATEGORY, SIZE, OPTIONS };

static const struct ack_object_type disk;

/* key=value, as often as wanted; false: not of that form, or unknown. */
static bool split_options(struct ack_span rest, struct ack_object *o)
{
	while (rest.text) {
		struct ack_span value = ack_span_cut(&rest, " \t");
		struct ack_span key = ack_span_cut(&value, "=");
		int i = ack_object_field(&disk, key);

		if (key.len == 0 && !value.text)
			continue;
		if (i < OPTIONS || !value.len || o->field[i].len)
			return false;
		o->field[i] = value;
	}
	return true;
}

static bool disk_split(struct ack_span line, struct ack_object *o)
{
	struct ack_span rest = line;

	o->field[CATEGORY] = ack_span_cut(&rest, " \t");
	if (!rest.text)
		return false;
	rest = ack_span_trim(rest);
	o->field[SIZE] = ack_span_cut(&rest, " \t");
	return o->field[CATEGORY].len > 0 && o->field[SIZE].len > 0 &&
	       split_options(rest, o);
}

static int check_option(const struct ack_param *p, int i, struct ack_span value,
	struct ack_error *e)
{
	if (disk.field[i].kind == ACK_FIELD_NUMBER)
		return ack_check_integer(p, value, 0, INT32_MAX, e);
	if (disk.field[i].kind != ACK_FIELD_BOOLEAN ||
		ack_span_is(value, "true") || ack_span_is(value, "false"))
		return 0;
	return ack_error_set(e, EINVAL, p->name,
		"the %s of a disk is true or false, not %s", disk.field[i].key,
		ack_span_quote(value).text);
}

static int disk_check(
	const struct ack_param *p, struct ack_object *o, struct ack_error *e)
{
	bool lenient = p->flags & ACK_LENIENT;
	int ret = 0;

	if (o->field[CATEGORY].len == 0 || o->field[SIZE].len == 0)
		return ack_error_set(e, EINVAL, p->name,
			"a disk needs both a category and a size");
	ret = ack_check_choice(p, o->field[CATEGORY], e);
	if (!ret)
		ret = ack_check_integer(p, o->field[SIZE],
			lenient ? 0 : SIZE_MIN_GIB,
			lenient ? INT64_MAX : SIZE_MAX_GIB, e);
	for (int i = OPTIONS; !ret && i < ACK_FIELDS; i++) {
		if (o->field[i].len > 0)
			ret = check_option(p, i, o->field[i], e);
	}
	return ret;
}

static void disk_join(const struct ack_object *o, struct ack_buf *line)
{
	ack_buf_put(line, o->field[CATEGORY].text, o->field[CATEGORY].len);
	ack_buf_putc(line, ' ');
	ack_buf_put(line, o->field[SIZE].text, o->field[SIZE].len);
	for (int i = OPTIONS; i < ACK_FIELDS; i++) {
		if (o->field[i].len == 0)
			continue;
		ack_buf_printf(line, " %s=", disk.field[i].key);
		ack_buf_put(line, o->field[i].text, o->field[i].len);
	}
}

/* Two disks may well be alike, so none has an identity. */
static const struct ack_object_type disk = {
	.list = {.item = ack_object_item, .object = ack_object_json},
	.form = "category size[ key=value...]",
	.field = {{"category", ACK_FIELD_STRING, true},
		{"size", ACK_FIELD_NUMBER, true},
		{"encrypted", ACK_FIELD_STRING, false},
		{"kms_key_id", ACK_FIELD_STRING, false},
		{"performance_level", ACK_FIELD_STRING, false},
		{"auto_snapshot_policy_id", ACK_FIELD_STRING, false},
		{"snapshot_id", ACK_FIELD_STRING, false},
		{"device", ACK_FIELD_STRING, false},
		{"disk_name", ACK_FIELD_STRING, false},
		{"bursting_enabled", ACK_FIELD_BOOLEAN, false},
		{"provisioned_iops", ACK_FIELD_NUMBER, false},
		{"auto_format", ACK_FIELD_BOOLEAN, false},
		{"file_system", ACK_FIELD_STRING, false},
		{"mount_target", ACK_FIELD_STRING, false}},
	.split = disk_split,
	.check = disk_check,
	.join = disk_join,
};

_Static_assert(ACK_FIELDS == 14, "the disk has as many fields");

const struct ack_type ack_type_disks = {
	.name = "disks",
	.example = "cloud_ssd 500",
	.list = true,
	.bounds = "items",
	.shape = "[{category:string,size:number,encrypted:string,"
		 "kms_key_id:string,performance_level:string,"
		 "auto_snapshot_policy_id:string,snapshot_id:string,"
		 "device:string,disk_name:string,bursting_enabled:boolean,"
		 "provisioned_iops:number,auto_format:boolean,"
		 "file_system:string,mount_target:string}]",
	.items = &disk.list,
	.parse = ack_list_parse,
	.wire = ack_object_wire,
	.unwire = ack_list_unwire,
	.read = ack_list_read,
};
