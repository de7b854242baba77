/* SPDX-License-Identifier: MIT */
/*
 * Whatever gets in is found again by the next mount: of every parameter of
 * both tables, written, imported, told by the service, or merged; also what
 * nobody could write.
 */
#include "fleet_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/draft.h"
#include "actions/import.h"
#include "actions/naming.h"
#include "base/buf.h"
#include "base/json.h"
#include "model/kind.h"
#include "model/tags.h"
#include "params/body.h"
#define ID   "c0123456789abcdef0123456789abcdef"
#define POOL "np0123456789abcdef0123456789abcdef"

/* What the next mount finds; nothing of it is told to be lost. */
static void check(struct fixture *x, const char *way, const char *name)
{
	char *before = fixture_kept(x), *after;

	fixture_again(x);
	after = fixture_kept(x);
	if (x->fleet.error || strcmp(before, after) != 0)
		fail_msg("%s, %s: %s\n%s, but then\n%s", name, way,
			x->fleet.error, before, after);
	free(before);
	free(after);
}

static const char *example(const struct ack_param *p)
{
	static char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)p->min);
	return p->example         ? p->example
	       : p->type->example ? p->type->example
	       : p->choices       ? p->choices[0]
	       : p->fallback      ? p->fallback
				  : number;
}

static struct object *named(struct fixture *x, bool pool)
{
	struct object *c = fleet_by_name(&x->fleet, "c");

	return pool ? objects_find(&c->pools, "p") : c;
}

static struct object *draft(struct fixture *x, bool pool)
{
	struct ack_error e;
	struct object *o = naming_create(
		&x->fleet, pool ? named(x, false) : NULL, "new", &e);

	assert_non_null(o);
	return o;
}

static void drop(struct object *o)
{
	struct ack_error e;

	assert_int_equal(naming_remove(o, &e), 0);
}

static struct object *again(struct fixture *x, bool pool)
{
	return pool ? objects_find(&named(x, false)->pools, "new")
		    : fleet_by_name(&x->fleet, "new");
}

static void written(struct fixture *x, bool pool, unsigned row)
{
	const struct ack_param *p = &named(x, pool)->kind->table->rows[row];
	struct object *o = draft(x, pool);
	struct ack_error e;
	struct ack_buf body = ACK_BUF_INIT(1u << 20);
	const char *text = example(p);

	if (object_write(o, row, text, strlen(text), &e))
		fail_msg("%s: %s: %s", p->name, text, e.message);
	check(x, "written", p->name);
	o = again(x, pool);
	/* a body of it, in each form */
	for (int form = ACK_CLASSIC; form <= ACK_NODEPOOLS; form++) {
		ack_buf_clear(&body);
		assert_int_equal(
			ack_body_build(o->kind->table, &o->values,
				(enum ack_form)form, false, false, &body),
			0);
		if (import_body(o, ack_buf_text(&body), body.len, &e))
			continue;
		check(x, "imported", p->name);
		o = again(x, pool);
	}
	ack_buf_release(&body);
	drop(o);
}

static void put(struct ack_values *v, unsigned row, const char *text)
{
	assert_int_equal(
		ack_values_set(v, row, text, strlen(text), time_now_ns()), 0);
}

/* A text of many lines, and one that is long: no write would take them. */
static void odd_texts(const char *text, char *lines, char *text_long)
{
	*lines = '\0';
	for (int i = 0; i < 60; i++)
		sprintf(lines + strlen(lines), "%s%.100s", i ? "\n" : "", text);
	memset(text_long, 'x', 9000);
	text_long[9000] = '\0';
}

/* In an answer, where the row has a place in it. */
static bool answer(struct object *o, unsigned row, const char *text)
{
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_buf body = ACK_BUF_INIT(1u << 20);
	struct ack_json *n;
	size_t where;
	bool placed = o->kind->table->rows[row].place[ACK_LIVE];

	put(&v, row, text);
	if (placed && !ack_body_build(o->kind->table, &v, ACK_LIVE, false,
			      false, &body)) {
		n = ack_json_parse(ack_buf_text(&body), body.len, &where);
		placed = n && !ack_body_read(o->kind->table, n, time_now_ns(),
				      &o->values);
		ack_json_free(n);
	}
	ack_buf_release(&body);
	ack_values_release(&v);
	return placed;
}

static void told(struct fixture *x, bool pool, unsigned row)
{
	struct object *o = named(x, pool);
	const struct ack_param *p = &o->kind->table->rows[row];
	char lines[8192], text_long[9001];
	const char *texts[] = {example(p), lines, text_long, "-1", "9999999999",
		"no such word", "\xc3\xa9"};
	struct ack_error e;

	odd_texts(example(p), lines, text_long);
	for (size_t i = 0; i < LENGTH(texts); i++) {
		if (!answer(o, row, texts[i]))
			return;
		assert_int_equal(saved_put(o, &e), 0);
		check(x, "told by the service", p->name);
		o = named(x, pool);
	}
}

static void edited(struct fixture *x, bool pool, unsigned row)
{
	struct object *o = named(x, pool);
	const struct ack_param *p = &o->kind->table->rows[row];
	struct ack_error e;

	if (object_row_editable(o, row, &e) ||
		object_write(o, row, example(p), strlen(example(p)), &e))
		return;
	check(x, "edited", p->name);
}

static void rows(struct fixture *x, bool pool)
{
	unsigned count = named(x, pool)->kind->table->count;

	for (unsigned row = 0; row < count; row++) {
		const struct ack_param *p =
			&named(x, pool)->kind->table->rows[row];

		if (p->flags & ACK_SECRET)
			continue;
		written(x, pool, row);
		told(x, pool, row);
		edited(x, pool, row);
	}
}

static void exists(struct object *o, const char *id)
{
	struct ack_error e;

	assert_true(fleet_set_id(o, id));
	object_become(o, COURSE_EXISTS);
	strcpy(o->word, o->parent ? "active" : "running");
	assert_int_equal(saved_put(o, &e), 0);
}

static void test_rows(void **state)
{
	struct fixture *x = *state;
	struct ack_error e;
	struct object *p;

	exists(fixture_draft(x, "c"), ID);
	p = naming_create(&x->fleet, named(x, false), "p", &e);
	assert_non_null(p);
	exists(p, POOL);
	rows(x, false);
	rows(x, true);
}

static void put_tags(struct ack_buf *out, const char *whose, int n)
{
	for (int i = 0; i < n; i++)
		ack_buf_printf(out, "%s%s%d=%0100d", out->len ? "\n" : "",
			whose, i, i);
}

/* One's own tags and a colleague's, more than may be written. */
static void test_merged(void **state)
{
	struct fixture *x = *state;
	struct ack_values now = ACK_VALUES_INIT;
	struct ack_buf mine = ACK_BUF_INIT(65536);
	struct ack_buf theirs = ACK_BUF_INIT(65536);
	struct ack_error e;
	struct object *o = fixture_draft(x, "c");

	exists(o, ID);
	put_tags(&mine, "mine", 20);
	put_tags(&theirs, "theirs", 20);
	assert_int_equal(
		object_write(o, ACK_P_tags, ack_buf_text(&mine), mine.len, &e),
		0);
	put(&now, ACK_P_tags, ack_buf_text(&theirs));
	assert_int_equal(tags_rebase(o, &now), 0);
	ack_values_release(&o->values);
	o->values = now;
	assert_int_equal(saved_put(o, &e), 0);
	check(x, "merged", "tags");
	o = named(x, false);
	assert_non_null(strstr(
		ack_values_get(&o->edits, ACK_P_tags, NULL), "theirs19="));
	ack_buf_release(&mine);
	ack_buf_release(&theirs);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_rows),
		CASE(test_merged),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
