/* SPDX-License-Identifier: MIT */
#include "params/body.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/span.h"
#include "params/path.h"
#include "params/rules.h"
#include "params/types.h"
#include "params/values.h"

struct builder {
	const struct ack_table *table;
	const struct ack_values *values;
	enum ack_form form;
	bool no_pool; /* a cluster without nodes: [0] is not made */
	bool pool;    /* something that is set stands in a pool */
	bool secrets;
	struct ack_json *root;
	struct ack_json *extra; /* the element that all [+] share */
};

/* The member `key`, made if it is not there. NULL: out of memory. */
static struct ack_json *member(
	struct ack_json *parent, const char *key, bool array)
{
	struct ack_json *n = ack_json_get(parent, key);

	if (n)
		return n;
	n = array ? ack_json_array() : ack_json_object();
	return ack_json_add(parent, key, n) ? NULL : n;
}

static struct ack_json *append(struct ack_json *array)
{
	struct ack_json *n = ack_json_object();

	return ack_json_add(array, NULL, n) ? NULL : n;
}

static struct ack_json *named(struct ack_json *n, const struct ack_step *s)
{
	char name[ACK_PATH_KEY] = "";

	memcpy(name, s->name, s->name_len);
	return n && !ack_json_add_string(n, "name", name) ? n : NULL;
}

/*
 * Makes the way to the end of a path: *parent is the object in which it
 * stands, NULL when it leads through a pool that does not exist.
 */
static int make_way(struct builder *b, const char *path,
	struct ack_json **parent, struct ack_step *last)
{
	struct ack_json *n = b->root;

	for (path = ack_path_step(path, last); n && !last->last;
		path = ack_path_step(path, last)) {
		n = member(n, last->key, last->index);
		if (last->index == '0' && b->no_pool) {
			*parent = NULL;
			return n ? 0 : -ENOMEM;
		}
		if (n && last->index == '0') {
			struct ack_json *first = ack_json_first(n);

			n = first ? first : append(n);
		} else if (n && last->index == '+') {
			b->extra = b->extra ? b->extra : append(n);
			n = b->extra;
		} else if (n && last->name_len > 1) {
			n = named(append(n), last);
		}
	}
	*parent = n;
	return n ? 0 : -ENOMEM;
}

/* Only a member of what would be sent; NULL in *out when it has none. */
static int pick(
	const struct ack_step *s, struct ack_json *n, struct ack_json **out)
{
	char key[ACK_PATH_KEY] = "";

	memcpy(key, s->member, s->member_len);
	const char *text = ack_json_get_string(n, key);
	*out = text ? ack_json_new_string(text) : NULL;
	int ret = text && !*out ? -ENOMEM : 0;
	ack_json_free(n);
	return ret;
}

static int put(struct builder *b, const struct ack_param *p, const char *path,
	const char *text)
{
	struct ack_json *parent, *n;
	struct ack_step last;
	int ret = make_way(b, path, &parent, &last);

	if (ret || !parent || ack_json_get(parent, last.key))
		return ret;
	n = p->type->wire(p, text);
	if (!n)
		return -ENOMEM;
	if (last.member) {
		ret = pick(&last, n, &n);
		if (ret || !n)
			return ret;
	}
	return ack_json_add(parent, last.key, n);
}

static const char *value(const struct builder *b, unsigned row)
{
	return ack_values_get(b->values, row, NULL);
}

/* Whether any row that shares this path's extra element is set. */
static bool extra_wanted(const struct builder *b, const char *path)
{
	const char *plus = strstr(path, "[+]");

	for (unsigned i = 0; plus && i < b->table->count; i++) {
		const char *other = b->table->rows[i].place[b->form];
		size_t len = (size_t)(plus + 3 - path);

		if (other && value(b, i) && !strncmp(other, path, len))
			return true;
	}
	return false;
}

static bool pool_wanted(const struct builder *b)
{
	for (unsigned i = 0; i < b->table->count; i++) {
		const char *place = b->table->rows[i].place[b->form];

		if (place && strstr(place, "[0]") && value(b, i))
			return true;
	}
	return false;
}

/* Whether a row that is not set is sent with its fallback. */
static bool is_told(
	const struct builder *b, const struct ack_param *p, const char *path)
{
	if (b->form != ACK_CLASSIC && b->form != ACK_NODEPOOLS)
		return false;
	if (p->need == ACK_REQUIRED)
		return true;
	if (p->flags & ACK_POOL && strstr(path, "[0]"))
		return b->pool;
	return extra_wanted(b, path);
}

/* The nodes of a pool without a key pair have the cluster's password. */
static int put_password(const struct builder *b, struct ack_json *pool)
{
	const char *password = value(b, b->table->rules->pay.login_password);
	struct ack_json *group = ack_json_get(pool, "scaling_group");

	if (!b->secrets || !password || !group ||
		ack_json_get(group, "key_pair"))
		return 0;
	return ack_json_add_string(group, "login_password", password);
}

/* One element for each item. */
static int put_elements(struct builder *b, const char *path, const char *text)
{
	struct ack_span rest = ack_span_of(text);
	struct ack_step step;
	size_t where;

	ack_path_step(path, &step);
	struct ack_json *array = member(b->root, step.key, true);
	while (rest.text) {
		struct ack_span line = ack_span_cut(&rest, "\n");

		struct ack_json *pool = ack_json_parse(
			line.text, line.len, &where);

		if (ack_json_add(array, NULL, pool) || put_password(b, pool))
			return -ENOMEM;
	}
	return 0;
}

/* All but elements, or elements only: those stand behind the others. */
static int put_row(struct builder *b, unsigned row, bool elements)
{
	const struct ack_param *p = &b->table->rows[row];
	const char *path = p->place[b->form], *text;
	int ret = 0;

	if (!path || ((p->flags & ACK_SECRET) && !b->secrets) ||
		ack_path_has(path, "[*]") != elements)
		return 0;
	text = value(b, row);
	if (elements)
		return text ? put_elements(b, path, text) : 0;
	if (!text && is_told(b, p, path))
		text = p->fallback;
	for (; text && path && !ret; path = ack_path_next(path))
		ret = put(b, p, path, text);
	return ret;
}

/* Whether a constant has to be said. */
static bool is_occasion(const struct builder *b, const struct ack_constant *c)
{
	struct ack_step last;

	for (const char *path = c->with; path; path = ack_path_next(path))
		if (ack_path_locate(b->root, path, &last))
			return true;
	if (c->with)
		return false;
	ack_path_step(c->path, &last);
	return ack_json_first(ack_json_get(b->root, last.key));
}

/* What must be said although no parameter says it. */
static int put_constants(struct builder *b)
{
	const struct ack_constant *c = b->table->constants;
	struct ack_json *parent;
	struct ack_step last;
	int ret = 0;

	for (; c->path && !ret; c++) {
		if (c->form != b->form || !is_occasion(b, c))
			continue;
		ret = make_way(b, c->path, &parent, &last);
		if (!ret && parent && !ack_json_get(parent, last.key))
			ret = ack_json_add(parent, last.key,
				c->boolean ? ack_json_new_boolean(
						     !strcmp(c->text, "true"))
					   : ack_json_new_string(c->text));
	}
	return ret;
}

int ack_body_build(const struct ack_table *t, const struct ack_values *v,
	enum ack_form form, bool secrets, bool pretty, struct ack_buf *out)
{
	struct builder b = {
		.table = t, .values = v, .form = form, .secrets = secrets};
	const char *count = value(&b, t->nodes);
	int ret = 0;

	b.no_pool = count && !strcmp(count, "0");
	b.pool = pool_wanted(&b);
	b.root = ack_json_object();
	if (!b.root)
		return -ENOMEM;
	for (unsigned i = 0; i < t->count && !ret; i++)
		ret = put_row(&b, i, false);
	if (!ret)
		ret = put_constants(&b);
	for (unsigned i = 0; i < t->count && !ret; i++)
		ret = put_row(&b, i, true);
	if (!ret)
		ack_json_print(b.root, pretty, out);
	ack_json_free(b.root);
	return ret ? ret : ack_buf_status(out);
}
