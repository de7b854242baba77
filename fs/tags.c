/* SPDX-License-Identifier: MIT */
#include "tags.h"

#include <errno.h>
#include <string.h>

#include "json.h"
#include "object.h"
#include "params.h"
#include "regions.h"
#include "steps.h"

/* A line of canonical text: key=value. */
struct tag {
	const char *line;
	size_t len, key;
};

static bool next(const char **text, struct tag *t)
{
	if (!*text || !**text)
		return false;
	t->line = *text;
	t->len = strcspn(*text, "\n");
	t->key = strcspn(*text, "=\n");
	*text += t->len + (t->line[t->len] == '\n');
	return true;
}

/* Whether `text` has that key; with `whole`, that value, too. */
static bool has(const char *text, const struct tag *wanted, bool whole)
{
	struct tag t;

	while (next(&text, &t))
		if (t.key == wanted->key &&
			!memcmp(t.line, wanted->line, t.key) &&
			(!whole ||
				(t.len == wanted->len &&
					!memcmp(t.line, wanted->line, t.len))))
			return true;
	return false;
}

static const char *is(const struct object *o)
{
	return ack_values_get(&o->values, ACK_P_tags, NULL);
}

static const char *will_be(const struct object *o)
{
	return ack_values_get(&o->edits, ACK_P_tags, NULL);
}

static bool edited(const struct object *o)
{
	return !o->parent && object_edited(o, ACK_P_tags);
}

bool tags_gone(const struct object *o)
{
	const char *text = is(o);
	struct tag t;

	while (edited(o) && next(&text, &t))
		if (!has(will_be(o), &t, false))
			return true;
	return false;
}

bool tags_new(const struct object *o)
{
	const char *text = will_be(o);
	struct tag t;

	while (edited(o) && next(&text, &t))
		if (!has(is(o), &t, true))
			return true;
	return false;
}

static int add_text(
	struct ack_json *to, const char *key, const char *text, size_t len)
{
	struct ack_buf copy = ACK_BUF_INIT(65536);
	int ret;

	ack_buf_put(&copy, text, len);
	ret = ack_buf_status(&copy);
	if (!ret)
		ret = ack_json_add(
			to, key, ack_json_new_string(ack_buf_text(&copy)));
	ack_buf_release(&copy);
	return ret;
}

static int print(struct ack_json *array, int ret, struct ack_buf *out)
{
	if (!ret)
		ack_json_print(array, false, out);
	ack_json_free(array);
	return ret ? ret : ack_buf_status(out);
}

int tags_compose_untag(const struct object *o, struct step_request *s)
{
	struct ack_json *keys = ack_json_array();
	const char *text = is(o);
	struct tag t;
	int ret = keys ? 0 : -ENOMEM;

	while (!ret && next(&text, &t))
		if (!has(will_be(o), &t, false))
			ret = add_text(keys, NULL, t.line, t.key);
	ret = print(keys, ret, &s->texts[0]);
	ack_buf_printf(&s->texts[1], "[\"%s\"]", o->id);
	s->r = (struct ack_request){.action = ACK_CALL_UntagResources,
		.endpoint = regions_of(o),
		.query = {{"region_id", regions_of(o)->region},
			{"resource_type", "CLUSTER"},
			{"resource_ids", ack_buf_text(&s->texts[1])},
			{"tag_keys", ack_buf_text(&s->texts[0])}}};
	return ret;
}

static int add_tag(struct ack_json *tags, const struct tag *t)
{
	struct ack_json *one = ack_json_object();
	size_t value = t->key + (t->key < t->len);
	int ret = one ? add_text(one, "key", t->line, t->key) : -ENOMEM;

	if (!ret)
		ret = add_text(one, "value", t->line + value, t->len - value);
	if (!ret)
		return ack_json_add(tags, NULL, one);
	ack_json_free(one);
	return ret;
}

static int add_all(const struct object *o, struct ack_json *root)
{
	struct ack_json *ids = ack_json_array(), *tags = ack_json_array();
	const char *text = will_be(o);
	struct tag t;
	int ret = ack_json_add_string(root, "region_id", regions_of(o)->region);

	if (!ret)
		ret = ack_json_add_string(root, "resource_type", "CLUSTER");
	if (!ret)
		ret = ack_json_add(ids, NULL, ack_json_new_string(o->id));
	while (!ret && next(&text, &t))
		if (!has(is(o), &t, true))
			ret = add_tag(tags, &t);
	if (ret) {
		ack_json_free(ids);
		ack_json_free(tags);
		return ret;
	}
	ret = ack_json_add(root, "resource_ids", ids);
	if (ret) {
		ack_json_free(tags);
		return ret;
	}
	return ack_json_add(root, "tags", tags);
}

int tags_compose_tag(const struct object *o, struct step_request *s)
{
	struct ack_json *root = ack_json_object();

	s->r = (struct ack_request){
		.action = ACK_CALL_TagResources, .endpoint = regions_of(o)};
	return print(root, root ? add_all(o, root) : -ENOMEM, &s->body);
}
