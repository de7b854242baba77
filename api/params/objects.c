/* SPDX-License-Identifier: MIT */
#include "params/objects.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "params/params.h"
#include "params/types.h"

static const struct ack_object_type *object_type(const struct ack_list *l)
{
	return (const struct ack_object_type *)l;
}

int ack_object_compact(struct ack_object *o, unsigned field)
{
	struct ack_span s = o->field[field];
	struct ack_buf text = ACK_BUF_INIT(o->json.max);
	size_t where = 0;
	struct ack_json *root = ack_json_parse(s.text, s.len, &where);
	int ret = 0;

	if (ack_json_is_object(root))
		ack_json_print(root, false, &text);
	else if (!root && where == ACK_JSON_NO_MEMORY)
		ret = -ENOMEM;
	else
		ret = -EINVAL;
	ack_json_free(root);
	/* s may lie in o->json, which therefore goes last. */
	ack_buf_release(&o->json);
	o->json = text;
	o->field[field] = (struct ack_span){ack_buf_text(&text), text.len};
	return ret ? ret : ack_buf_status(&text);
}

/* A member of the JSON form becomes the text of its field. */
static bool take_member(enum ack_field_kind kind, const struct ack_json *n,
	struct ack_object *o, unsigned i)
{
	const char *text = ack_json_string(n);
	bool flag;

	switch (kind) {
	case ACK_FIELD_STRING:
		break;
	case ACK_FIELD_NUMBER:
		text = text ? text : ack_json_number(n);
		break;
	case ACK_FIELD_FLAG:
		if (ack_json_boolean(n, &flag))
			text = flag ? "true" : "";
		else if (text && !strcmp(text, "false"))
			text = "";
		else if (text && *text && strcmp(text, "true") != 0)
			text = NULL;
		break;
	case ACK_FIELD_BOOLEAN:
		if (ack_json_boolean(n, &flag))
			text = flag ? "true" : "false";
		break;
	case ACK_FIELD_OBJECT:
		if (!text && ack_json_is_object(n)) {
			ack_json_print(n, false, &o->json);
			text = ack_buf_text(&o->json);
		}
		break;
	}
	if (!text && !ack_json_is_null(n))
		return false;
	o->field[i] = ack_span_of(text);
	return true;
}

int ack_object_field(const struct ack_object_type *t, struct ack_span key)
{
	for (int i = 0; i < ACK_FIELDS && t->field[i].key; i++) {
		if (ack_span_is(key, t->field[i].key))
			return i;
	}
	return -1;
}

static int read_json(const struct ack_object_type *t, const struct ack_param *p,
	const struct ack_json *root, struct ack_object *o, struct ack_error *e)
{
	bool seen[ACK_FIELDS] = {false};

	for (const struct ack_json *n = ack_json_first(root); n;
		n = ack_json_next(n)) {
		struct ack_span key = ack_span_of(ack_json_key(n));
		int i = ack_object_field(t, key);

		if (i < 0 && p->flags & ACK_LENIENT)
			continue;
		if (i < 0)
			return ack_error_set(e, EINVAL, p->name,
				"the JSON object has the member %s; known "
				"here is what a line has: %s",
				ack_span_quote(key).text, t->form);
		if (seen[i])
			return ack_error_set(e, EINVAL, p->name,
				"the JSON object has the member %s twice",
				ack_span_quote(key).text);
		seen[i] = true;
		if (!take_member(t->field[i].kind, n, o, (unsigned)i))
			return ack_error_set(e, EINVAL, p->name,
				"the member %s of the JSON object has the "
				"wrong type",
				ack_span_quote(key).text);
	}
	return 0;
}

static struct ack_json *field_wire(
	enum ack_field_kind kind, struct ack_span text)
{
	struct ack_buf copy = ACK_BUF_INIT(2 * ACK_VALUE_MAX);
	struct ack_json *n = NULL;

	ack_buf_put(&copy, text.text, text.len);
	if (ack_buf_status(&copy))
		return NULL;
	switch (kind) {
	case ACK_FIELD_STRING:
	case ACK_FIELD_OBJECT:
		n = ack_json_new_string(ack_buf_text(&copy));
		break;
	case ACK_FIELD_NUMBER:
		n = ack_json_new_number(ack_buf_text(&copy));
		break;
	case ACK_FIELD_FLAG:
	case ACK_FIELD_BOOLEAN:
		n = ack_json_new_boolean(ack_span_is(text, "true"));
		break;
	}
	ack_buf_release(&copy);
	return n;
}

static struct ack_json *object_wire(
	const struct ack_object_type *t, const struct ack_object *o)
{
	struct ack_json *root = ack_json_object();

	for (unsigned i = 0; root && i < ACK_FIELDS && t->field[i].key; i++) {
		if (!o->field[i].len && !t->field[i].always)
			continue;
		if (ack_json_add(root, t->field[i].key,
			    field_wire(t->field[i].kind, o->field[i]))) {
			ack_json_free(root);
			return NULL;
		}
	}
	return root;
}

/* A line, in either form, that was found right before. */
static struct ack_json *line_wire(
	const struct ack_object_type *t, struct ack_span line)
{
	struct ack_object o = {.json.len = 0};
	size_t where;

	if (ack_list_is_json(line))
		return ack_json_parse(line.text, line.len, &where);
	return t->split(line, &o) ? object_wire(t, &o) : NULL;
}

struct ack_json *ack_object_wire(const struct ack_param *p, const char *text)
{
	const struct ack_object_type *t = object_type(p->type->items);
	struct ack_span rest = ack_span_of(text);
	struct ack_json *array;

	if (t->list.single)
		return line_wire(t, rest);
	array = ack_json_array();
	while (array && rest.text) {
		struct ack_span line = ack_span_cut(&rest, "\n");

		if (ack_json_add(array, NULL, line_wire(t, line))) {
			ack_json_free(array);
			array = NULL;
		}
	}
	return array;
}

static bool same(const struct ack_object *a, const struct ack_object *b)
{
	for (unsigned i = 0; i < ACK_FIELDS; i++) {
		if (a->field[i].len != b->field[i].len ||
			(a->field[i].len &&
				memcmp(a->field[i].text, b->field[i].text,
					a->field[i].len)))
			return false;
	}
	return true;
}

/*
 * The line form, where reading it gives the same object again. Of what it
 * cannot hold (a tag with = in its key), the JSON form.
 */
static void put_line(const struct ack_object_type *t,
	const struct ack_object *o, struct ack_buf *line)
{
	struct ack_object again = {.json.len = 0};

	t->join(o, line);
	if (line->failed)
		return;
	struct ack_span s = {ack_buf_text(line), line->len};
	bool faithful = !ack_list_is_json(s) && ack_span_trim(s).len == s.len &&
			t->split(s, &again) && same(o, &again);

	if (faithful)
		return;
	ack_buf_clear(line);
	struct ack_json *n = object_wire(t, o);
	if (n)
		ack_json_print(n, false, line);
	else
		line->failed = true;
	ack_json_free(n);
}

static int finish(const struct ack_object_type *t, const struct ack_param *p,
	struct ack_object *o, struct ack_buf *line, struct ack_buf *identity,
	struct ack_error *e)
{
	int ret;

	if (o->json.failed)
		return ack_error_memory(e, p->name);
	ret = t->check(p, o, e);
	if (ret)
		return ret;
	for (unsigned i = 0; i < ACK_FIELDS; i++) {
		if (!ack_span_printable(o->field[i]))
			return ack_error_set(e, EINVAL, p->name,
				"an item holds a control character");
	}
	if (t->identify)
		t->identify(o, identity);
	put_line(t, o, line);
	return 0;
}

int ack_object_item(const struct ack_list *l, const struct ack_param *p,
	struct ack_span text, struct ack_buf *line, struct ack_buf *identity,
	struct ack_error *e)
{
	const struct ack_object_type *t = object_type(l);
	struct ack_object o = {.json = ACK_BUF_INIT(2 * ACK_VALUE_MAX)};
	int ret;

	if (t->split(text, &o))
		ret = finish(t, p, &o, line, identity, e);
	else
		ret = ack_error_set(e, EINVAL, p->name,
			"%s has not the form %s", ack_span_quote(text).text,
			t->form);
	ack_buf_release(&o.json);
	return ret;
}

int ack_object_json(const struct ack_list *l, const struct ack_param *p,
	const struct ack_json *n, struct ack_buf *line,
	struct ack_buf *identity, struct ack_error *e)
{
	const struct ack_object_type *t = object_type(l);
	struct ack_object o = {.json = ACK_BUF_INIT(2 * ACK_VALUE_MAX)};
	int ret = read_json(t, p, n, &o, e);

	if (!ret)
		ret = finish(t, p, &o, line, identity, e);
	ack_buf_release(&o.json);
	return ret;
}
