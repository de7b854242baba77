/* SPDX-License-Identifier: MIT */
#include "model/tags.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "model/bases.h"
#include "model/intent.h"
#include "model/object.h"
#include "model/regions.h"
#include "params/params.h"
#include "params/types.h"

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

/* The mark of a commit (-o tag) stays, whatever the user writes. */
static bool is_own(const struct tag *t)
{
	return t->key == strlen(INTENT_TAG) &&
	       !memcmp(t->line, INTENT_TAG, t->key);
}

bool tags_gone(const struct object *o)
{
	const char *text = is(o);
	struct tag t;

	while (edited(o) && next(&text, &t))
		if (!is_own(&t) && !has(will_be(o), &t, false))
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

static void put_line(struct ack_buf *out, const struct tag *t)
{
	ack_buf_printf(
		out, "%s%.*s", out->len ? "\n" : "", (int)t->len, t->line);
}

/* The line of `text` that has the key of t. */
static bool find(const char *text, const struct tag *t, struct tag *found)
{
	while (next(&text, found))
		if (found->key == t->key &&
			!memcmp(found->line, t->line, t->key))
			return true;
	return false;
}

/* What the edit changes of `old`, it changes of `now`. */
static void merge(
	const char *old, const char *now, const char *edit, struct ack_buf *out)
{
	const char *text = edit;
	struct tag t, theirs;

	while (next(&text, &t))
		if (!has(old, &t, true))
			put_line(out, &t);
		else if (find(now, &t, &theirs))
			put_line(out, &theirs);
	for (text = now; next(&text, &t);)
		if (!has(old, &t, false) && !has(edit, &t, false))
			put_line(out, &t);
}

/* Whether both say the same of that key. */
static bool agree(const char *a, const char *b, const struct tag *key)
{
	struct tag t;

	return find(a, key, &t) ? has(b, &t, true) : !has(b, key, false);
}

/* Whether the edit changes that key, and it has not come true. */
static bool is_changed(const char *old, const char *now, const char *edit,
	const struct tag *key)
{
	return !agree(old, edit, key) && !agree(now, edit, key);
}

/* The base of a key that the edit changes stays; that of the others is what
 * there is now. So it is `now` itself unless both have changed one key. */
static void merge_base(
	const char *old, const char *now, const char *edit, struct ack_buf *out)
{
	const char *text = now;
	struct tag t, was;

	while (next(&text, &t))
		if (!is_changed(old, now, edit, &t))
			put_line(out, &t);
		else if (find(old, &t, &was))
			put_line(out, &was);
	for (text = old; next(&text, &t);)
		if (!has(now, &t, false) && is_changed(old, now, edit, &t))
			put_line(out, &t);
}

static int replace(struct ack_values *v, struct ack_buf *text)
{
	int ret = ack_buf_status(text);

	if (!ret)
		ret = ack_values_set(v, ACK_P_tags, ack_buf_text(text),
			text->len, time_now_ns());
	ack_buf_release(text);
	return ret;
}

int tags_rebase(struct object *o, const struct ack_values *now)
{
	struct ack_buf text = ACK_BUF_INIT(ACK_VALUE_MAX);
	struct ack_buf base = ACK_BUF_INIT(ACK_VALUE_MAX);
	const char *there = ack_values_get(now, ACK_P_tags, NULL);
	const char *was = bases_get(o, ACK_P_tags);
	int ret;

	if (!edited(o))
		return 0;
	merge(was, there, will_be(o), &text);
	merge_base(was, there, will_be(o), &base);
	ret = replace(&o->edits, &text);
	if (ret)
		ack_buf_release(&base);
	return ret ? ret : replace(&o->bases, &base);
}

int tags_untagged(struct object *o)
{
	struct ack_buf left = ACK_BUF_INIT(ACK_VALUE_MAX);
	struct ack_buf base = ACK_BUF_INIT(ACK_VALUE_MAX);
	const char *text = is(o);
	struct tag t;
	int ret;

	while (next(&text, &t))
		if (has(will_be(o), &t, false))
			put_line(&left, &t);
	ack_buf_puts(&base, ack_buf_text(&left));
	ret = replace(&o->bases, &base);
	if (!ret)
		return replace(&o->values, &left);
	ack_buf_release(&left);
	return ret;
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

int tags_lost(const struct object *o, struct ack_buf *out)
{
	struct ack_json *keys = ack_json_array();
	const char *text = is(o);
	struct tag t;
	int ret = keys ? 0 : -ENOMEM;

	while (!ret && next(&text, &t))
		if (!is_own(&t) && !has(will_be(o), &t, false))
			ret = add_text(keys, NULL, t.line, t.key);
	return print(keys, ret, out);
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

int tags_body(const struct object *o, struct ack_buf *out)
{
	struct ack_json *root = ack_json_object();

	return print(root, root ? add_all(o, root) : -ENOMEM, out);
}
