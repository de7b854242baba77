/* SPDX-License-Identifier: MIT */
/* What is stuck on: tags of clusters and instances, labels and taints. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/length.h"
#include "params/objects.h"
#include "params/params.h"
#include "params/scalars.h"
#include "params/types.h"

enum { KEY, VALUE, EFFECT };

static bool tag_split(struct ack_span line, struct ack_object *o)
{
	struct ack_span rest = line;

	o->field[KEY] = ack_span_cut(&rest, "=");
	o->field[VALUE] = rest;
	return rest.text && o->field[KEY].len > 0;
}

static int check_tag(const struct ack_param *p, const struct ack_object *o,
	size_t longest, struct ack_error *e)
{
	static const char *const reserved[] = {
		"aliyun", "acs:", "http://", "https://"};
	struct ack_span key = o->field[KEY], value = o->field[VALUE];

	if (key.len == 0 || ack_span_chars(key) > longest ||
		ack_span_trim(key).len != key.len)
		return ack_error_set(e, EINVAL, p->name,
			"%s is not the key of a tag: 1 to %zu characters "
			"without blanks around them",
			ack_span_quote(key).text, longest);
	if (ack_span_chars(value) > 128)
		return ack_error_set(e, EINVAL, p->name,
			"the value of the tag %s has more than 128 characters",
			ack_span_quote(key).text);
	for (size_t i = 0; i < LENGTH(reserved); i++) {
		if (ack_span_starts(key, reserved[i]) ||
			ack_span_starts(value, reserved[i]))
			return ack_error_set(e, EINVAL, p->name,
				"the tag %s: neither key nor value may begin "
				"with %s",
				ack_span_quote(key).text, reserved[i]);
	}
	return 0;
}

static int tag_check(
	const struct ack_param *p, struct ack_object *o, struct ack_error *e)
{
	return check_tag(p, o, 64, e);
}

static int node_tag_check(
	const struct ack_param *p, struct ack_object *o, struct ack_error *e)
{
	return check_tag(p, o, 128, e);
}

static void tag_join(const struct ack_object *o, struct ack_buf *line)
{
	ack_buf_put(line, o->field[KEY].text, o->field[KEY].len);
	ack_buf_putc(line, '=');
	ack_buf_put(line, o->field[VALUE].text, o->field[VALUE].len);
}

static void tag_identify(const struct ack_object *o, struct ack_buf *out)
{
	ack_buf_put(out, o->field[KEY].text, o->field[KEY].len);
}

/* As kubectl has it: key=value:Effect, or key:Effect without a value. */
static bool taint_split(struct ack_span line, struct ack_object *o)
{
	const char *colon = memrchr(line.text, ':', line.len);
	struct ack_span rest = line;

	if (!colon)
		return false;
	rest.len = (size_t)(colon - line.text);
	o->field[EFFECT].text = colon + 1;
	o->field[EFFECT].len = line.len - rest.len - 1;
	o->field[KEY] = ack_span_cut(&rest, "=");
	o->field[VALUE] = rest.text ? rest : ack_span_of(NULL);
	return o->field[KEY].len > 0 && o->field[EFFECT].len > 0;
}

static bool is_word(struct ack_span s, const char *also)
{
	struct ack_span first = {s.text, 1}, last = {s.text + s.len - 1, 1};

	return ack_span_only(s, also) && ack_span_only(first, "") &&
	       ack_span_only(last, "");
}

/* What Kubernetes says of the keys and values of both. */
static int check_label(const struct ack_param *p, const struct ack_object *o,
	const char *what, struct ack_error *e)
{
	struct ack_span key = o->field[KEY], value = o->field[VALUE];

	if (key.len == 0 || key.len > 253 + 1 + 63 || !is_word(key, "._-/"))
		return ack_error_set(e, EINVAL, p->name,
			"%s is not the key of a %s: letters, digits, and "
			". _ - / between them",
			ack_span_quote(key).text, what);
	if (value.len > 63 || (value.len > 0 && !is_word(value, "._-")))
		return ack_error_set(e, EINVAL, p->name,
			"%s is not the value of a %s: at most 63 letters, "
			"digits, and . _ - between them",
			ack_span_quote(value).text, what);
	return 0;
}

static int label_check(
	const struct ack_param *p, struct ack_object *o, struct ack_error *e)
{
	return check_label(p, o, "label", e);
}

static int taint_check(
	const struct ack_param *p, struct ack_object *o, struct ack_error *e)
{
	int ret = check_label(p, o, "taint", e);

	if (o->field[EFFECT].len == 0)
		o->field[EFFECT] = ack_span_of("NoSchedule");
	return ret ? ret : ack_check_choice(p, o->field[EFFECT], e);
}

static void taint_join(const struct ack_object *o, struct ack_buf *line)
{
	ack_buf_put(line, o->field[KEY].text, o->field[KEY].len);
	if (o->field[VALUE].len > 0)
		ack_buf_putc(line, '=');
	ack_buf_put(line, o->field[VALUE].text, o->field[VALUE].len);
	ack_buf_putc(line, ':');
	ack_buf_put(line, o->field[EFFECT].text, o->field[EFFECT].len);
}

/* Kubernetes takes one taint for each key and effect. */
static void taint_identify(const struct ack_object *o, struct ack_buf *out)
{
	ack_buf_put(out, o->field[KEY].text, o->field[KEY].len);
	ack_buf_putc(out, ':');
	ack_buf_put(out, o->field[EFFECT].text, o->field[EFFECT].len);
}

static const struct ack_object_type taint = {
	.list = {.item = ack_object_item, .object = ack_object_json},
	.form = "key=value:Effect",
	.field = {{"key", ACK_FIELD_STRING, true},
		{"value", ACK_FIELD_STRING, true},
		{"effect", ACK_FIELD_STRING, true}},
	.split = taint_split,
	.check = taint_check,
	.join = taint_join,
	.identify = taint_identify,
};

/* Those that are key=value differ in what they check. */
#define PAIR(what)                                                            \
	static const struct ack_object_type what = {                          \
		.list = {.item = ack_object_item, .object = ack_object_json}, \
		.form = "key=value",                                          \
		.field = {{"key", ACK_FIELD_STRING, true},                    \
			{"value", ACK_FIELD_STRING, true}},                   \
		.split = tag_split,                                           \
		.check = what##_check,                                        \
		.join = tag_join,                                             \
		.identify = tag_identify,                                     \
	}

PAIR(tag);
PAIR(node_tag);
PAIR(label);

#define LIST_TYPE(what, text, form)                  \
	const struct ack_type ack_type_##what##s = { \
		.name = #what "s",                   \
		.example = text,                     \
		.list = true,                        \
		.bounds = "items",                   \
		.shape = form,                       \
		.items = &(what).list,               \
		.parse = ack_list_parse,             \
		.wire = ack_object_wire,             \
		.unwire = ack_list_unwire,           \
		.read = ack_list_read,               \
	}

LIST_TYPE(tag, "team=search", "[{key:string,value:string}]");
LIST_TYPE(node_tag, "team=search", "[{key:string,value:string}]");
LIST_TYPE(label, "team=search", "[{key:string,value:string}]");
LIST_TYPE(taint, "special=true:NoSchedule",
	"[{key:string,value:string,effect:string}]");
