/* SPDX-License-Identifier: MIT */
#include "params/body_keys.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/span.h"
#include "params/guess.h"
#include "params/nearest.h"
#include "params/path.h"

/* The longest path of the table is half of it. */
#define NAME_SIZE 128

void ack_body_fault(
	const struct ack_body_keys *k, const struct ack_error *fault)
{
	struct ack_span rest = ack_span_of(fault->more);

	if (!k->e->err) {
		ack_error_copy(k->e, fault);
		return;
	}
	ack_error_more(k->e, "%s: %s", fault->param, fault->message);
	while (rest.len > 0) {
		struct ack_span line = ack_span_cut(&rest, "\n");

		if (line.len)
			ack_error_more(k->e, "%.*s", (int)line.len, line.text);
	}
}

__attribute__((format(printf, 3, 4))) static void refuse(
	const struct ack_body_keys *k, const char *name, const char *fmt, ...)
{
	ACK_UNSET struct ack_error fault;
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ack_error_set(&fault, EINVAL, name, "%s", text);
	ack_body_fault(k, &fault);
}

bool ack_body_own_name(
	const struct ack_table *t, unsigned row, enum ack_form form)
{
	const struct ack_param *p = &t->rows[row];

	return t->flat && (!p->place[form] || ack_path_match(p->place[form],
						      p->name) != ACK_PATH_WAY);
}

/* What a name is to the table. For a way, `list` says what it leads to. */
struct meaning {
	enum ack_path_match match;
	bool list;
	const char *constant; /* the only value that is right, or NULL */
};

static void consider(struct meaning *m, const char *path, const char *name)
{
	enum ack_path_match match = ack_path_match(path, name);

	if (match > m->match)
		m->match = match;
	if (match == ACK_PATH_WAY && path[strlen(name)] == '[')
		m->list = true;
}

static struct meaning look_up(const struct ack_body_keys *k, const char *name)
{
	struct meaning m = {.match = ACK_PATH_NONE};

	for (unsigned i = 0; i < k->table->count; i++) {
		const struct ack_param *p = &k->table->rows[i];
		const char *path = p->place[k->form];

		if (!strcmp(p->name, name) &&
			ack_body_own_name(k->table, i, k->form))
			m.match = ACK_PATH_END;
		for (; path; path = ack_path_next(path))
			consider(&m, path, name);
		for (path = p->alias; path; path = ack_path_next(path))
			consider(&m, path, name);
	}
	for (const struct ack_constant *c = k->table->constants; c->path; c++) {
		if (k->form != c->form || m.match == ACK_PATH_END)
			continue;
		consider(&m, c->path, name);
		if (m.match == ACK_PATH_END)
			m.constant = c->text;
	}
	return m;
}

/* Offers the keys that are known beside `key` in the object `parent`. */
static void offer_keys(const struct ack_body_keys *k, const char *parent,
	struct ack_nearest *n)
{
	size_t len = strlen(parent);

	for (unsigned i = 0; i < k->table->count; i++) {
		const struct ack_param *p = &k->table->rows[i];
		const char *path = p->place[k->form];

		if (!len && k->table->flat)
			ack_nearest_offer(n, p->name);
		for (; path; path = ack_path_next(path)) {
			struct ack_step s;

			if (strncmp(path, parent, len) != 0 ||
				(len && path[len] != '.'))
				continue;
			ack_path_step(path + len + (len > 0), &s);
			ack_nearest_offer(n, s.key);
		}
	}
}

static void refuse_unknown(const struct ack_body_keys *k, const char *parent,
	const char *name, const char *key)
{
	struct ack_nearest n = ACK_NEAREST_INIT(key);
	const char *meant;

	offer_keys(k, parent, &n);
	meant = *n.best          ? n.best
		: k->table->flat ? ack_guess(k->table, key)
				 : NULL;
	if (meant)
		refuse(k, name,
			"is not a key that ackfs knows; did you mean %s?",
			meant);
	else
		refuse(k, name, "is not a key that ackfs knows");
}

static bool is_repeated(
	const struct ack_json *object, const struct ack_json *child)
{
	const struct ack_json *n = ack_json_first(object);

	while (n != child && strcmp(ack_json_key(n), ack_json_key(child)) != 0)
		n = ack_json_next(n);
	return n != child;
}

static void check_way(const struct ack_body_keys *k, const struct ack_json *n,
	const char *name, bool list)
{
	char inside[NAME_SIZE + 4];

	snprintf(inside, sizeof(inside), "%s%s", name, list ? "[0]" : "");
	if (list && !ack_json_is_array(n)) {
		refuse(k, name, "has to be a JSON list");
		return;
	}
	/* The others, if not all, are another parameter's to judge. */
	if (list)
		n = k->spread ? ack_json_first(n) : NULL;
	if (n && !ack_json_is_object(n))
		refuse(k, inside, "has to be a JSON object");
	else
		ack_body_check_object(k, n, inside);
}

static void check_constant(const struct ack_body_keys *k,
	const struct ack_json *n, const char *name, const char *right)
{
	const char *text = ack_json_string(n);

	/* an empty one is none, here as elsewhere */
	if (!text || (*text && strcmp(text, right) != 0))
		refuse(k, name, "cannot be kept; ackfs sends %s here", right);
}

void ack_body_check_object(const struct ack_body_keys *k,
	const struct ack_json *object, const char *parent)
{
	for (const struct ack_json *n = ack_json_first(object); n;
		n = ack_json_next(n)) {
		const char *key = ack_json_key(n);
		char name[NAME_SIZE];

		snprintf(name, sizeof(name), "%s%s%s", parent,
			*parent ? "." : "", key);
		struct meaning m = look_up(k, name);

		/* A dot or bracket within a key must not pass for a path. */
		if (m.match == ACK_PATH_NONE || strpbrk(key, ".[ ="))
			refuse_unknown(k, parent, name, key);
		else if (is_repeated(object, n))
			refuse(k, name, "is there twice");
		else if (m.constant)
			check_constant(k, n, name, m.constant);
		else if (m.match == ACK_PATH_WAY && !ack_json_is_null(n))
			check_way(k, n, name, m.list);
	}
}

void ack_body_check_keys(const struct ack_body_keys *k)
{
	ack_body_check_object(k, k->root, "");
}
