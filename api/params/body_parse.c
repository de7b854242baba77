/* SPDX-License-Identifier: MIT */
#include "params/body.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/span.h"
#include "params/body_drop.h"
#include "params/body_keys.h"
#include "params/path.h"
#include "params/rules.h"
#include "params/types.h"
#include "params/values.h"

#define POOLS "nodepools"

struct reader {
	struct ack_body_keys keys; /* what is read, and where faults go */
	struct ack_values values;
	struct ack_buf dropped; /* keys of it, a path a line */
	int64_t time;
	bool failed; /* out of memory */
};

static bool is_contradicted(
	const struct reader *r, unsigned row, const struct ack_buf *text)
{
	const char *old = ack_values_get(&r->values, row, NULL);

	return old && strcmp(old, ack_buf_text(text)) != 0;
}

/* What came of reading a value: it is kept, or *e is one fault more. That
 * memory ran out is not a fault of the body. */
static void keep(struct reader *r, unsigned row, int ret, struct ack_buf *canon,
	struct ack_error *e)
{
	if (!ret && is_contradicted(r, row, canon))
		ret = ack_error_set(e, EINVAL, r->keys.table->rows[row].name,
			"is there twice, with different values");
	if (ret == -ENOMEM)
		r->failed = true;
	else if (ret)
		ack_body_fault(&r->keys, e);
	else if (canon->len > 0 && ack_values_set(&r->values, row, canon->data,
					   canon->len, r->time))
		r->failed = true;
	ack_buf_release(canon);
}

/* A value as it stands in the body: checked as a write would be, and kept. */
static void take(struct reader *r, unsigned row, const struct ack_json *n)
{
	const struct ack_param *p = &r->keys.table->rows[row];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	ACK_UNSET struct ack_error e;

	if (!n || ack_json_is_null(n))
		return;
	ack_error_clear(&e);
	int ret = ack_param_read(p, n, &canon, &e);
	keep(r, row, ret, &canon, &e);
}

/* Where a row stands in bodies of other years. What contradicts its value is a
 * fault, or is dropped where the table says so. */
static void take_aliases(struct reader *r, unsigned row)
{
	const struct ack_param *p = &r->keys.table->rows[row];
	const char *path = p->alias;
	struct ack_step last;

	for (; path; path = ack_path_next(path)) {
		const struct ack_json *n = ack_path_locate(
			r->keys.root, path, &last);
		struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
		ACK_UNSET struct ack_error e;

		if (!n || ack_json_is_null(n))
			continue;
		ack_error_clear(&e);
		int ret = ack_param_read(p, n, &canon, &e);
		if (ret || !is_contradicted(r, row, &canon) ||
			!ack_table_dropped(r->keys.table, last.key)) {
			keep(r, row, ret, &canon, &e);
			continue;
		}
		ack_buf_printf(&r->dropped, "%s%s", r->dropped.len ? "\n" : "",
			last.key);
		ack_buf_release(&canon);
	}
}

/* Each by itself, so that all faults of all of them are found. */
static bool check_elements(
	struct reader *r, const struct ack_param *p, const struct ack_json *n)
{
	struct ack_buf line = ACK_BUF_INIT(SIZE_MAX / 2);
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	ACK_UNSET struct ack_error e;
	bool right = true;

	for (; n && !r->failed; n = ack_json_next(n)) {
		ack_buf_clear(&line);
		ack_buf_clear(&canon);
		ack_json_print(n, false, &line);
		ack_error_clear(&e);
		int ret = ack_buf_status(&line);
		if (!ret)
			ret = ack_param_parse(
				p, line.data, line.len, &canon, &e);
		right &= !ret;
		r->failed |= ret == -ENOMEM;
		if (ret && ret != -ENOMEM)
			ack_body_fault(&r->keys, &e);
	}
	ack_buf_release(&line);
	ack_buf_release(&canon);
	return right;
}

/* The elements of a list, less the first if that stands in [0] places. */
static void take_elements(struct reader *r, unsigned row, const char *path)
{
	const struct ack_param *p = &r->keys.table->rows[row];
	struct ack_buf lines = ACK_BUF_INIT(SIZE_MAX / 2);
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	struct ack_step step;
	ACK_UNSET struct ack_error e;

	ack_path_step(path, &step);
	const struct ack_json *n = ack_json_first(
		ack_json_get(r->keys.root, step.key));
	if (n && r->keys.spread)
		n = ack_json_next(n);
	if (!check_elements(r, p, n))
		return;
	for (; n; n = ack_json_next(n)) {
		ack_json_print(n, false, &lines);
		ack_buf_putc(&lines, '\n');
	}
	ack_error_clear(&e);
	int ret = ack_buf_status(&lines);
	if (ret)
		r->failed = true;
	else if (lines.len > 0)
		ret = ack_param_parse(p, lines.data, lines.len, &canon, &e);
	ack_buf_release(&lines);
	if (!r->failed)
		keep(r, row, ret, &canon, &e);
}

/* A row whose object is spread over separate strings. */
static void take_members(struct reader *r, unsigned row, const char *path)
{
	struct ack_json *whole = ack_json_object();
	bool found = false;

	for (; whole && path; path = ack_path_next(path)) {
		struct ack_step last;
		const struct ack_json *n = ack_path_locate(
			r->keys.root, path, &last);
		const char *text = ack_json_string(n);
		char key[ACK_PATH_KEY] = "";

		if (!n || ack_json_is_null(n))
			continue;
		found = true;
		/* What is no string gets a type that unwire() refuses. */
		memcpy(key, last.member, last.member_len);
		if (ack_json_add(whole, key,
			    text ? ack_json_new_string(text)
				 : ack_json_new_boolean(false))) {
			ack_json_free(whole);
			whole = NULL;
		}
	}
	r->failed |= !whole;
	if (whole && found)
		take(r, row, whole);
	ack_json_free(whole);
}

/*
 * Besides its place, a parameter may be known by its own name at the top, in
 * both forms. An alias is known by that alone.
 */
static void read_row(struct reader *r, unsigned row)
{
	const struct ack_param *p = &r->keys.table->rows[row];
	const char *path = p->place[r->keys.form];
	struct ack_step last;

	if (p->flags & ACK_ALIAS)
		path = NULL;
	if (path && strstr(path, "[*]")) {
		take_elements(r, row, path);
		path = NULL;
	}
	if (path && strchr(path, '=')) {
		take_members(r, row, path);
		path = NULL;
	}
	if (ack_body_own_name(r->keys.table, row, r->keys.form))
		take(r, row, ack_json_get(r->keys.root, p->name));
	for (; path; path = ack_path_next(path)) {
		if (strcmp(path, p->name) != 0 &&
			(r->keys.spread || !ack_path_has(path, "[0]")))
			take(r, row,
				ack_path_locate(r->keys.root, path, &last));
	}
	take_aliases(r, row);
}

/*
 * Whether the first pool says nothing but what the [0] places of the table
 * hold: then it stands there. A pool that is to be empty does not.
 */
static bool is_spread(struct reader *r, const struct ack_json *first)
{
	struct reader trial = {.keys = r->keys,
		.values = ACK_VALUES_INIT,
		.dropped = ACK_BUF_INIT(ACK_VALUE_MAX),
		.time = r->time};
	ACK_UNSET struct ack_error e;

	if (!ack_json_is_object(first))
		return false;
	ack_error_clear(&e);
	trial.keys.e = &e;
	trial.keys.spread = true;
	for (unsigned i = 0; i < r->keys.table->count; i++) {
		const char *place = r->keys.table->rows[i].place[r->keys.form];

		if (place && strstr(place, "[0]"))
			read_row(&trial, i);
	}
	ack_body_check_object(&trial.keys, first, POOLS "[0]");
	const char *nodes = ack_values_get(
		&trial.values, r->keys.table->nodes, NULL);
	bool empty = nodes && !strcmp(nodes, "0");
	r->failed |= trial.failed;
	ack_values_release(&trial.values);
	ack_buf_release(&trial.dropped);
	return !e.err && !empty;
}

/*
 * A pool that stands in no [0] places is kept as a text that everybody can
 * read, so the password of its nodes is that of the cluster from here on.
 */
static void take_passwords(struct reader *r)
{
	const struct ack_table *t = r->keys.table;
	struct ack_json *n = ack_json_first(ack_json_get(r->keys.root, POOLS));

	if (n && r->keys.spread)
		n = ack_json_next(n);
	for (; n && t->pools; n = ack_json_next(n)) {
		struct ack_json *group = ack_json_get(n, "scaling_group");
		struct ack_json *password = ack_json_get(
			group, "login_password");

		if (!password)
			continue;
		take(r, t->rules->pay.login_password, password);
		ack_json_remove(group, password);
	}
}

static void keep_dropped(struct reader *r)
{
	const struct ack_buf *d = &r->dropped;

	if (ack_buf_status(d) ||
		(d->len && ack_values_set(&r->values,
				   ack_body_dropped_row(r->keys.table), d->data,
				   d->len, r->time)))
		r->failed = true;
}

/* A body whose pools leave nothing for [0] says that it has no such nodes. */
static void read_no_pool(struct reader *r)
{
	const struct ack_json *pools = ack_json_get(r->keys.root, POOLS);
	unsigned row = r->keys.table->nodes;
	const char *nodes = ack_values_get(&r->values, row, NULL);
	ACK_UNSET struct ack_error e;

	if (!ack_json_is_array(pools) || r->keys.spread)
		return;
	if (!nodes && ack_values_set(&r->values, row, "0", 1, r->time))
		r->failed = true;
	if (!nodes || !strcmp(nodes, "0") || !ack_json_count(pools))
		return;
	ack_error_set(&e, EINVAL, r->keys.table->rows[row].name,
		"does not go with the first of " POOLS
		", which has its own number of nodes");
	ack_body_fault(&r->keys, &e);
}

static int refuse(
	const char *text, size_t len, size_t where, struct ack_error *e)
{
	char place[ACK_JSON_PLACE];

	if (where == ACK_JSON_NO_MEMORY)
		return ack_error_memory(e, NULL);
	if (where == len) {
		ack_error_set(e, EINVAL, NULL,
			"the request ends before its JSON does");
		return -EAGAIN;
	}
	ack_json_place(text, len, where, place);
	return ack_error_set(
		e, EINVAL, NULL, "the request is not JSON: see %s", place);
}

int ack_body_parse(const struct ack_table *t, const char *text, size_t len,
	int64_t time, struct ack_values *v, struct ack_error *e)
{
	struct reader r = {
		.keys = {.table = t, .e = e},
		.values = ACK_VALUES_INIT,
		.dropped = ACK_BUF_INIT(ACK_VALUE_MAX),
		.time = time,
	};
	size_t where = 0;
	struct ack_json *root = ack_json_parse(text, len, &where);

	ack_error_clear(e);
	if (!root)
		return refuse(text, len, where, e);
	ack_body_drop(t, root, &r.dropped);
	r.keys.root = root;
	r.keys.form = ack_json_get(root, POOLS) ? ACK_NODEPOOLS : ACK_CLASSIC;
	r.keys.spread = is_spread(
		&r, ack_json_first(ack_json_get(root, POOLS)));
	if (ack_json_is_object(root)) {
		take_passwords(&r);
		for (unsigned i = 0; i < t->count; i++)
			read_row(&r, i);
		read_no_pool(&r);
		keep_dropped(&r);
		ack_body_check_keys(&r.keys);
	} else {
		ack_error_set(e, EINVAL, NULL, "a request is a JSON object");
	}
	ack_json_free(root);
	ack_buf_release(&r.dropped);
	if (r.failed)
		ack_error_memory(e, NULL);
	if (e->err) {
		ack_values_release(&r.values);
		return -e->err;
	}
	ack_values_release(v);
	*v = r.values;
	return 0;
}

int ack_body_no_nodes(
	const struct ack_table *t, struct ack_values *v, int64_t time)
{
	for (unsigned i = 0; i < t->count; i++) {
		const char *place = t->rows[i].place[ACK_NODEPOOLS];

		if (place && ack_path_has(place, "[0]") &&
			ack_values_get(v, i, NULL))
			return 0;
	}
	if (!t->pools || ack_values_get(v, t->nodes, NULL))
		return 0;
	return ack_values_set(v, t->nodes, "0", 1, time);
}

bool ack_body_says_none(const struct ack_table *t, const char *text, size_t len)
{
	const char *path = t->rows[t->nodes].place[ACK_NODEPOOLS];
	size_t where;
	struct ack_json *root = ack_json_parse(text, len, &where);
	bool says = ack_json_get(root, t->rows[t->nodes].name);

	for (; !says && path; path = ack_path_next(path)) {
		struct ack_step last;
		int64_t nodes;

		says = ack_json_integer(
			       ack_path_locate(root, path, &last), &nodes) &&
		       !nodes;
	}
	ack_json_free(root);
	return says;
}
