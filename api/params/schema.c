/* SPDX-License-Identifier: MIT */
/* What the table says about itself, for people and for generators. */
#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/length.h"
#include "params/params.h"
#include "params/types.h"

static const char *const needs[] = {
	[ACK_OPTIONAL] = "no",
	[ACK_REQUIRED] = "yes",
	[ACK_REQUIRED_WITH_NODES] = "with nodes",
};

/* For people, and for generators. */
static const struct {
	const char *words, *word;
} changes[ACK_CHANGES] = {
	[ACK_FIXED] = {"never", "never"},
	[ACK_MODIFY] = {"at any time", "modify"},
	[ACK_TAGS] = {"at any time", "tags"},
	[ACK_UPGRADE] = {"by an upgrade", "upgrade"},
	[ACK_SCALE] = {"at any time, by scaling", "scale"},
	[ACK_ADDONS] = {"at any time", "addons"},
	[ACK_REMOVE] = {"to remove nodes", "remove"},
	[ACK_DELETE] = {"before it is deleted", "delete"},
	[ACK_HERE] = {"without a call", "here"},
};

static const char *example(const struct ack_param *p)
{
	if (p->example)
		return p->example;
	if (p->choices && !p->type->example)
		return p->choices[0];
	return p->type->example;
}

static void put_choices(const struct ack_param *p, struct ack_buf *out)
{
	if (!p->choices)
		return;
	ack_buf_puts(out, "choices:");
	for (const char *const *c = p->choices; *c; c++)
		ack_buf_printf(out, " %s", *c);
	ack_buf_putc(out, '\n');
	if (p->flags & ACK_OPEN)
		ack_buf_puts(out, "other words: accepted with a warning\n");
}

static void put_line(struct ack_buf *out, const char *key, const char *value)
{
	if (value)
		ack_buf_printf(out, "%s: %s\n", key, value);
}

void ack_param_schema(const struct ack_param *p, struct ack_buf *out)
{
	put_line(out, "name", ack_param_file(p));
	put_line(out, "type", p->type->name);
	put_line(out, "unit", p->unit);
	put_line(out, "required", needs[p->need]);
	if (p->type->bounds && p->max)
		ack_buf_printf(out, "%s: %" PRId64 " to %" PRId64 "\n",
			p->type->bounds, p->min, p->max);
	if (p->usual)
		ack_buf_printf(out, "usually at most: %" PRId64 "\n", p->usual);
	put_choices(p, out);
	if (p->flags & ACK_ZERO)
		put_line(out, "0",
			"says that it is not set, as the service does");
	put_line(out, "shape", p->shape);
	put_line(out, "begins with", p->prefix);
	put_line(out, "default", p->fallback);
	if (p->flags & ACK_DEPRECATED)
		put_line(out, "deprecated", "yes");
	if (p->flags & ACK_SECRET)
		put_line(out, "secret", "yes");
	put_line(out, "changes", changes[p->change].words);
	put_line(out, "write", example(p));
	put_line(out, "request",
		p->place[ACK_CLASSIC] ? p->place[ACK_CLASSIC] : "not sent");
	put_line(out, "nodepools",
		p->place[ACK_NODEPOOLS] ? p->place[ACK_NODEPOOLS] : "not sent");
	put_line(out, "meaning", p->en);
	ack_buf_printf(out, "含义：%s\n", p->zh);
}

/* A number is written as it stands, so this makes a null. */
static struct ack_json *null(void)
{
	return ack_json_new_number("null");
}

static struct ack_json *text_or_null(const char *text)
{
	return text ? ack_json_new_string(text) : null();
}

static struct ack_json *bound(bool there, int64_t value)
{
	char digits[24];

	if (!there)
		return null();
	snprintf(digits, sizeof(digits), "%" PRId64, value);
	return ack_json_new_number(digits);
}

static struct ack_json *choices(const struct ack_param *p)
{
	struct ack_json *list = p->choices ? ack_json_array() : NULL;

	if (!p->choices)
		return null();
	for (const char *const *c = p->choices; list && *c; c++) {
		if (ack_json_add_string(list, NULL, *c)) {
			ack_json_free(list);
			list = NULL;
		}
	}
	return list;
}

static struct ack_json *places(const struct ack_param *p)
{
	static const char *const keys[ACK_FORMS] = {
		[ACK_CLASSIC] = "classic",
		[ACK_NODEPOOLS] = "nodepools",
		[ACK_LIVE] = "live",
		[ACK_EDIT] = "edit",
	};
	struct ack_json *object = ack_json_object();

	for (int i = 0; object && i < ACK_FORMS; i++) {
		if (ack_json_add(object, keys[i], text_or_null(p->place[i]))) {
			ack_json_free(object);
			object = NULL;
		}
	}
	return object;
}

static struct ack_json *row_json(const struct ack_param *p)
{
	bool bounded = p->type->bounds && p->max;
	const struct {
		const char *key;
		struct ack_json *value;
	} members[] = {
		{"name", text_or_null(ack_param_file(p))},
		{"type", text_or_null(p->type->name)},
		{"list", ack_json_new_boolean(p->type->list)},
		{"bounds", text_or_null(bounded ? p->type->bounds : NULL)},
		{"min", bound(bounded, p->min)},
		{"max", bound(bounded, p->max)},
		{"choices", choices(p)},
		{"prefix", text_or_null(p->prefix)},
		{"shape", text_or_null(ack_param_shape(p))},
		{"unit", text_or_null(p->unit)},
		{"default", text_or_null(p->fallback)},
		{"required", text_or_null(needs[p->need])},
		{"secret", ack_json_new_boolean(p->flags & ACK_SECRET)},
		{"deprecated", ack_json_new_boolean(p->flags & ACK_DEPRECATED)},
		{"open", ack_json_new_boolean(p->flags & ACK_OPEN)},
		{"changes", text_or_null(changes[p->change].word)},
		{"example", text_or_null(example(p))},
		{"places", places(p)},
		{"en", text_or_null(p->en)},
		{"zh", text_or_null(p->zh)},
	};
	struct ack_json *row = ack_json_object();
	bool failed = !row;

	/* Every member goes in, or is freed by failing to. */
	for (size_t i = 0; i < LENGTH(members); i++)
		failed |= ack_json_add(row, members[i].key, members[i].value) !=
			  0;
	if (!failed)
		return row;
	ack_json_free(row);
	return NULL;
}

static struct ack_json *table_json(const struct ack_table *t)
{
	struct ack_json *list = ack_json_array();

	for (unsigned i = 0; list && i < t->count; i++) {
		if (ack_json_add(list, NULL, row_json(&t->rows[i]))) {
			ack_json_free(list);
			list = NULL;
		}
	}
	return list;
}

static void print(struct ack_json *n, struct ack_buf *out)
{
	if (n)
		ack_json_print(n, true, out);
	else
		out->failed = true;
	ack_json_free(n);
}

void ack_table_json(const struct ack_table *t, struct ack_buf *out)
{
	print(table_json(t), out);
}

void ack_tables_json(struct ack_buf *out)
{
	static const struct ack_table *const tables[] = {
		&ack_cluster_table, &ack_pool_table};
	struct ack_json *all = ack_json_object();

	for (size_t i = 0; i < LENGTH(tables); i++) {
		if (ack_json_add(all, tables[i]->name, table_json(tables[i]))) {
			ack_json_free(all);
			all = NULL;
		}
	}
	print(all, out);
}
