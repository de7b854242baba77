/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "client.h"
#include "cluster.h"
#include "draft.h"
#include "error.h"
#include "intent.h"
#include "json.h"
#include "node.h"
#include "params.h"
#include "record.h"
#include "types.h"

#define FORMAT "ackfs-1"

static int add_integer(struct ack_json *to, const char *key, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, value);
	return ack_json_add(to, key, ack_json_new_number(digits));
}

static int add_text(struct ack_json *to, const char *key, const char *text)
{
	return text && *text ? ack_json_add_string(to, key, text) : 0;
}

static int add_value(
	struct ack_json *values, const struct cluster *c, unsigned row)
{
	const char *text = ack_values_get(&c->values, row, NULL);
	int64_t time = ack_values_time(&c->values, row);
	bool removed = cluster_hidden(c, NODE_PARAMS + row);
	struct ack_json *one;
	int ret;

	if ((!text && !removed && !time) ||
		ack_cluster_table.rows[row].flags & ACK_SECRET)
		return 0;
	one = ack_json_object();
	ret = one ? add_text(one, "text", text) : -ENOMEM;
	if (!ret)
		ret = add_integer(one, "time", time);
	if (!ret && removed)
		ret = ack_json_add(one, "removed", ack_json_new_boolean(true));
	if (ret) {
		ack_json_free(one);
		return ret;
	}
	return ack_json_add(values, ack_cluster_table.rows[row].name, one);
}

static int add_values(struct ack_json *to, const struct cluster *c)
{
	struct ack_json *values = ack_json_object();
	int ret = values ? 0 : -ENOMEM;

	for (unsigned i = 0; !ret && i < ack_cluster_table.count; i++)
		ret = add_value(values, c, i);
	if (ret) {
		ack_json_free(values);
		return ret;
	}
	return ack_json_add(to, "values", values);
}

static int add_intent(struct ack_json *to, const struct intent *i)
{
	struct ack_json *one = ack_json_object();
	int ret = one ? add_text(one, "commit", i->commit) : -ENOMEM;

	if (!ret)
		ret = add_text(one, "name", i->name);
	if (!ret)
		ret = add_integer(one, "date", i->date);
	if (!ret && i->tagged)
		ret = ack_json_add(one, "tagged", ack_json_new_boolean(true));
	if (ret) {
		ack_json_free(one);
		return ret;
	}
	return ack_json_add(to, "intent", one);
}

static const char *kind(const struct cluster *c)
{
	if (c->state == COURSE_EXISTS)
		return "exists";
	return c->intent ? "intent" : "draft";
}

int record_write(const struct cluster *c, struct ack_buf *out)
{
	struct ack_json *j = ack_json_object();
	int ret = j ? ack_json_add_string(j, "format", FORMAT) : -ENOMEM;

	if (!ret)
		ret = ack_json_add_string(j, "directory", c->name);
	if (!ret)
		ret = ack_json_add_string(j, "record", kind(c));
	if (!ret)
		ret = add_integer(j, "created", c->created);
	if (!ret)
		ret = add_integer(j, "changed", c->changed);
	if (!ret)
		ret = add_values(j, c);
	if (!ret && c->intent)
		ret = add_intent(j, c->intent);
	if (!ret)
		ret = add_text(j, "cluster_id", c->cluster_id);
	if (!ret)
		ret = add_text(j, "request_id", c->request_id);
	if (!ret)
		ret = add_text(j, "task_id", c->task_id);
	if (!ret)
		ret = add_text(j, "state", c->word);
	if (!ret)
		ret = add_text(j, "error", c->error);
	if (!ret) {
		ack_json_print(j, false, out);
		ack_buf_putc(out, '\n');
		ret = ack_buf_status(out);
	}
	ack_json_free(j);
	return ret;
}

/* ack_json_integer() stops at 2^53; nanoseconds need more. */
static int64_t get_integer(const struct ack_json *j, const char *key)
{
	const char *digits = ack_json_number(ack_json_get(j, key));

	return digits ? strtoll(digits, NULL, 10) : 0;
}

static char *get_text(const struct ack_json *j, const char *key)
{
	const char *text = ack_json_get_string(j, key);

	return text ? strdup(text) : NULL;
}

static void put_text(
	char *to, size_t size, const struct ack_json *j, const char *key)
{
	const char *text = ack_json_get_string(j, key);

	snprintf(to, size, "%s", text ? text : "");
}

static int read_value(
	struct cluster *c, const struct ack_json *one, struct ack_error *e)
{
	int row = ack_table_find(&ack_cluster_table, ack_json_key(one));
	const struct ack_param *p = &ack_cluster_table.rows[row < 0 ? 0 : row];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	const char *text = ack_json_get_string(one, "text");
	struct ack_error why;
	bool removed = false;
	int ret = 0;

	if (row < 0 || p->flags & ACK_SECRET)
		return ack_error_set(e, EINVAL, ack_json_key(one),
			"the record names an unknown parameter, %s",
			ack_json_key(one));
	if (text && ack_param_parse(p, text, strlen(text), &canon, &why))
		ret = ack_error_set(e, EINVAL, p->name, "its %s is bad: %s",
			p->name, why.message);
	if (!ret)
		ret = ack_values_set(&c->values, (unsigned)row,
			ack_buf_text(&canon), canon.len,
			get_integer(one, "time"));
	ack_buf_release(&canon);
	if (ack_json_boolean(ack_json_get(one, "removed"), &removed) && removed)
		cluster_hide(c, NODE_PARAMS + (unsigned)row, true);
	return ret;
}

static int read_intent(
	struct cluster *c, const struct ack_json *j, struct ack_error *e)
{
	const char *commit = ack_json_get_string(j, "commit");
	const char *name = ack_json_get_string(j, "name");
	struct intent *i;

	if (!commit || strlen(commit) != 36 || !name || !*name)
		return ack_error_set(
			e, EINVAL, NULL, "the record's intent is not whole");
	i = calloc(1, sizeof(*i));
	if (!i)
		return ack_error_set(e, ENOMEM, NULL, "out of memory");
	c->intent = i;
	strcpy(i->commit, commit);
	i->name = strdup(name);
	i->date = get_integer(j, "date");
	ack_json_boolean(ack_json_get(j, "tagged"), &i->tagged);
	return i->name ? 0 : ack_error_set(e, ENOMEM, NULL, "out of memory");
}

static int read_kind(
	struct cluster *c, const struct ack_json *j, struct ack_error *e)
{
	const char *record = ack_json_get_string(j, "record");

	put_text(c->cluster_id, sizeof(c->cluster_id), j, "cluster_id");
	put_text(c->request_id, sizeof(c->request_id), j, "request_id");
	put_text(c->task_id, sizeof(c->task_id), j, "task_id");
	c->error = get_text(j, "error");
	if (record && !strcmp(record, "draft")) {
		c->state = course_recover(RECORD_DRAFT);
		return 0;
	}
	if (record && !strcmp(record, "intent")) {
		c->state = course_recover(RECORD_INTENT);
		return read_intent(c, ack_json_get(j, "intent"), e);
	}
	if (!record || strcmp(record, "exists") ||
		!ack_cluster_id_valid(c->cluster_id))
		return ack_error_set(e, EINVAL, NULL,
			"it does not say what became of the cluster");
	c->state = course_recover(RECORD_EXISTS);
	put_text(c->word, sizeof(c->word), j, "state");
	return 0;
}

/* A record that came from elsewhere must not make a directory that mkdir
 * would have refused. */
static bool name_sound(const char *name)
{
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX);
	struct ack_error e;
	bool sound = !ack_param_parse(&ack_cluster_table.rows[ACK_P_name], name,
			     strlen(name), &canon, &e) &&
		     !strcmp(ack_buf_text(&canon), name);

	ack_buf_release(&canon);
	return sound;
}

int record_read(
	struct cluster *c, const char *text, size_t len, struct ack_error *e)
{
	size_t where;
	struct ack_json *j = ack_json_parse(text, len, &where);
	const char *format = ack_json_get_string(j, "format");
	const char *name = ack_json_get_string(j, "directory");
	const struct ack_json *one;
	int ret = 0;

	if (!j)
		ret = ack_error_set(e, EINVAL, NULL,
			"it is not JSON from byte %zu on", where);
	else if (!format || strcmp(format, FORMAT) || !name ||
		 strcmp(name, c->name) || !name_sound(name))
		ret = ack_error_set(e, EINVAL, NULL,
			"it is not the record of a directory of that name");
	if (!ret) {
		c->created = get_integer(j, "created");
		c->changed = get_integer(j, "changed");
		ret = read_kind(c, j, e);
	}
	one = ack_json_first(ack_json_get(j, "values"));
	for (; !ret && one; one = ack_json_next(one))
		ret = read_value(c, one, e);
	ack_json_free(j);
	return ret;
}
