/* SPDX-License-Identifier: MIT */
/* A record back into its directory; record.c writes it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "buf.h"
#include "dirname.h"
#include "error.h"
#include "fleet.h"
#include "intent.h"
#include "json.h"
#include "kind.h"
#include "node.h"
#include "object.h"
#include "record.h"
#include "span.h"
#include "story.h"
#include "types.h"

#define FORMAT "ackfs-1"

/* What is later than that is no date: the year 9999 has four digits. */
#define DATE_MOST INT64_C(253402300799)

/* ack_json_integer() stops at 2^53; nanoseconds need more. */
static int64_t get_integer(const struct ack_json *j, const char *key)
{
	const char *digits = ack_json_number(ack_json_get(j, key));

	int64_t value = digits ? strtoll(digits, NULL, 10) : 0;

	/* nothing that is written is before 1970 */
	return value > 0 ? value : 0;
}

static int no_memory(struct ack_error *e)
{
	return ack_error_set(e, ENOMEM, NULL, "out of memory");
}

/* IDs and states are shown as they are: anything but a word is left out. */
static void put_word(
	char *to, size_t size, const struct ack_json *j, const char *key)
{
	struct ack_span word = ack_span_of(ack_json_get_string(j, key));

	if (word.len < size && ack_span_only(word, "._-"))
		strcpy(to, word.text);
}

/* The text of `error`, unless a terminal would obey it. */
static int get_error(char **out, const struct ack_json *j, struct ack_error *e)
{
	const char *text = ack_json_get_string(j, "error");
	struct ack_span rest = ack_span_of(text);

	while (rest.text)
		if (!ack_span_printable(ack_span_cut(&rest, "\n")))
			return 0;
	*out = text ? strdup(text) : NULL;
	return text && !*out ? no_memory(e) : 0;
}

/* What the service said when the edit was made; a record of former years does
 * not have it. */
static int read_base(
	struct object *o, unsigned row, const struct ack_json *one)
{
	const char *text = ack_json_get_string(one, "base");
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	int ret = 0;

	ack_values_drop(&o->bases, row);
	if (text && *text)
		ret = ack_body_recall(
			&o->kind->table->rows[row], text, &canon);
	if (!ret && text)
		ret = ack_values_set(&o->bases, row, ack_buf_text(&canon),
			canon.len, time_now_ns());
	ack_buf_release(&canon);
	return ret;
}

static int read_value(struct object *o, struct ack_values *v,
	const struct ack_json *one, struct ack_error *e)
{
	const struct ack_table *table = o->kind->table;
	int row = ack_table_find(table, ack_json_key(one));
	const struct ack_param *p = &table->rows[row < 0 ? 0 : row];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	const char *text = ack_json_get_string(one, "text");
	int64_t time = get_integer(one, "time");
	struct ack_error why;
	bool removed = false;
	int ret = 0;

	if (row < 0 || p->flags & ACK_SECRET)
		return ack_error_set(e, EINVAL, ack_json_key(one),
			"the record names an unknown parameter, %s",
			ack_json_key(one));
	/* of what exists the service's word counts, also out of bounds */
	if (text && object_exists(o) && v == &o->values)
		ret = ack_body_recall(p, text, &canon);
	else if (text)
		ret = ack_param_parse(p, text, strlen(text), &canon, &why);
	if (ret && ret != -ENOMEM)
		ret = ack_error_set(e, EINVAL, p->name, "its %s is bad: %s",
			p->name, why.message);
	/* neither set nor ever touched: that is no edit */
	if (!ret && (canon.len || time))
		ret = ack_values_set(v, (unsigned)row, ack_buf_text(&canon),
			canon.len, time);
	if (!ret && v == &o->edits)
		ret = read_base(o, (unsigned)row, one);
	if (ret == -ENOMEM)
		no_memory(e);
	ack_buf_release(&canon);
	if (ack_json_boolean(ack_json_get(one, "removed"), &removed) && removed)
		object_hide(o, NODE_PARAMS + (unsigned)row, true);
	return ret;
}

static int read_values(struct object *o, struct ack_values *v,
	const struct ack_json *values, struct ack_error *e)
{
	const struct ack_json *one = ack_json_first(values);
	int ret = 0;

	for (; !ret && one; one = ack_json_next(one))
		ret = read_value(o, v, one, e);
	return ret;
}

static int read_intent(
	struct object *o, const struct ack_json *j, struct ack_error *e)
{
	struct ack_span commit = ack_span_of(ack_json_get_string(j, "commit"));
	struct ack_span name = ack_span_of(ack_json_get_string(j, "name"));
	int64_t date = get_integer(j, "date");
	int64_t signed_at = get_integer(j, "signed");
	struct intent *i;

	if (commit.len != sizeof(i->commit) - 1 ||
		!ack_span_only(commit, "-") || !name.len ||
		!ack_span_printable(name) || date > DATE_MOST ||
		signed_at > DATE_MOST)
		return ack_error_set(
			e, EINVAL, NULL, "the record's intent is not whole");
	i = calloc(1, sizeof(*i));
	if (!i)
		return no_memory(e);
	o->intent = i;
	strcpy(i->commit, commit.text);
	i->name = strdup(name.text);
	i->date = date;
	i->signed_at = signed_at;
	ack_json_boolean(ack_json_get(j, "tagged"), &i->tagged);
	return i->name ? 0 : no_memory(e);
}

static int read_receipt(
	struct object *o, const struct ack_json *j, struct ack_error *e)
{
	struct receipt r = {"", ""};

	put_word(r.request_id, sizeof(r.request_id), j, "request_id");
	put_word(r.task_id, sizeof(r.task_id), j, "task_id");
	if (!*r.request_id && !*r.task_id)
		return 0;
	if (!object_receipt(o))
		return no_memory(e);
	*o->receipt = r;
	return 0;
}

static int read_kind(
	struct object *o, const struct ack_json *j, struct ack_error *e)
{
	const char *record = ack_json_get_string(j, "record");
	const char *id = ack_json_get_string(j, "cluster_id");
	int ret;

	ret = read_receipt(o, j, e);
	if (!ret)
		ret = get_error(&o->error, j, e);
	if (ret)
		return ret;
	if (record && !strcmp(record, "draft")) {
		object_become(o, course_recover(RECORD_DRAFT));
		return 0;
	}
	if (record && !strcmp(record, "intent")) {
		object_become(o, course_recover(RECORD_INTENT));
		return read_intent(o, ack_json_get(j, "intent"), e);
	}
	if (!record || strcmp(record, "exists") || !id ||
		!o->kind->id_valid(id) || fleet_by_id(o->fleet, id))
		return ack_error_set(e, EINVAL, NULL,
			"it does not say what became of the %s", o->kind->noun);
	if (!fleet_set_id(o, id))
		return no_memory(e);
	object_become(o, course_recover(RECORD_EXISTS));
	put_word(o->word, sizeof(o->word), j, "state");
	return 0;
}

/* A record that came from elsewhere must not make a draft that mkdir would
 * have refused. */
static int check_name(const struct object *o, struct ack_error *e)
{
	const struct ack_param *p = &o->kind->table->rows[o->kind->name_row];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX);
	struct ack_error why;
	bool sound = dirname_sound(o->name);
	int ret = 0;

	if (*o->name && !object_exists(o)) {
		ret = ack_param_parse(
			p, o->name, strlen(o->name), &canon, &why);
		sound = !ret && !strcmp(ack_buf_text(&canon), o->name);
	}
	ack_buf_release(&canon);
	if (ret == -ENOMEM)
		return no_memory(e);
	return sound ? 0
		     : ack_error_set(e, EINVAL, NULL,
			       "mkdir would have refused its name");
}

static void follow_task(struct object *o, const struct ack_json *j)
{
	const char *task = ack_json_get_string(j, "following");

	/* kept before anybody followed what makes it */
	if (!task && !strcmp(o->word, "initial"))
		task = object_task_id(o);
	if (task && *task)
		story_begin(o, task);
}

static int read_pools(
	struct object *o, const struct ack_json *list, struct ack_error *e);

static int read_whole(
	struct object *o, const struct ack_json *j, struct ack_error *e)
{
	int ret;

	o->kept = true;
	ret = read_kind(o, j, e);
	if (!ret)
		ret = check_name(o, e);
	if (!ret)
		ret = read_values(o, &o->values, ack_json_get(j, "values"), e);
	if (!ret)
		ret = read_values(o, &o->edits, ack_json_get(j, "edits"), e);
	if (!ret)
		ret = read_pools(o, ack_json_get(j, "nodepools"), e);
	if (!ret)
		follow_task(o, j);
	/* last: all of this touches it */
	o->created = get_integer(j, "created");
	o->changed = get_integer(j, "changed");
	return ret;
}

static int read_pools(
	struct object *o, const struct ack_json *list, struct ack_error *e)
{
	const struct ack_json *n = o->parent ? NULL : ack_json_first(list);
	int ret = 0;

	for (; !ret && n; n = ack_json_next(n)) {
		const char *name = ack_json_get_string(n, "directory");
		struct object *p;

		if (!name || !dirname_sound(name) ||
			objects_find(&o->pools, name))
			return ack_error_set(e, EINVAL, NULL,
				"one of its node pools has no name");
		p = fleet_restore(o->fleet, o, name);
		ret = p ? read_whole(p, n, e) : no_memory(e);
	}
	return ret;
}

int record_read(struct object *o, const struct ack_json *j, struct ack_error *e)
{
	const char *format = ack_json_get_string(j, "format");
	const char *name = ack_json_get_string(j, "directory");

	if (!format || strcmp(format, FORMAT) || !name || strcmp(name, o->name))
		return ack_error_set(e, EINVAL, NULL,
			"it is not the record of a directory of that name");
	o->line = o->saved = (uint64_t)get_integer(j, "line");
	return read_whole(o, j, e);
}

int record_read_values(
	struct object *o, const struct ack_json *values, struct ack_error *e)
{
	struct ack_values *v = object_exists(o) ? &o->edits : &o->values;
	const struct ack_json *one = ack_json_first(values);
	int ret = 0;

	for (; !ret && one; one = ack_json_next(one)) {
		int row = ack_table_find(o->kind->table, ack_json_key(one));
		int64_t time = get_integer(one, "time");

		if (row >= 0)
			object_hide(o, NODE_PARAMS + (unsigned)row, false);
		ret = read_value(o, v, one, e);
		if (!ret && !time) {
			ack_values_drop(v, (unsigned)row);
			ack_values_drop(&o->bases, (unsigned)row);
		}
		if (!ret && time > o->changed)
			o->changed = time;
	}
	/* a write that succeeds clears what the last failure said */
	free(o->error);
	o->error = NULL;
	return ret;
}
