/* SPDX-License-Identifier: MIT */
#include "params/body_drop.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "params/path.h"

#define POOLS     "nodepools"
#define NAME_SIZE 256

/* Whether a row reads it under that name. */
static bool is_alias(const struct ack_table *t, const char *name)
{
	for (unsigned i = 0; i < t->count; i++)
		for (const char *path = t->rows[i].alias; path;
			path = ack_path_next(path))
			if (ack_path_match(path, name) == ACK_PATH_END)
				return true;
	return false;
}

/* What says nothing is not missed. */
static bool is_empty(const struct ack_json *n)
{
	const char *text = ack_json_string(n);

	return ack_json_is_null(n) || (text && !*text) ||
	       ((ack_json_is_array(n) || ack_json_is_object(n)) &&
		       !ack_json_first(n));
}

/* Whether places of the table lie in the object of that name; those of a list
 * are of another table. */
static bool is_way(const struct ack_table *t, const char *name)
{
	size_t len = strlen(name);

	for (unsigned i = 0; i < t->count; i++)
		for (int form = 0; form <= ACK_NODEPOOLS; form++) {
			const char *path = t->rows[i].place[form];

			if (path && !strncmp(path, name, len) &&
				path[len] == '.')
				return true;
		}
	return false;
}

/* `before` is what stands before the names of the table. */
static void drop(const struct ack_table *t, struct ack_json *object,
	const char *before, const char *parent, struct ack_buf *out);

static void drop_in_pools(
	const struct ack_table *t, struct ack_json *list, struct ack_buf *out)
{
	char before[NAME_SIZE];
	unsigned i = 0;

	for (struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n), i++) {
		snprintf(before, sizeof(before), POOLS "[%u].", i);
		drop(t, n, before, "", out);
	}
}

static void drop(const struct ack_table *t, struct ack_json *object,
	const char *before, const char *parent, struct ack_buf *out)
{
	struct ack_json *next,
		*n = ack_json_is_object(object) ? ack_json_first(object) : NULL;
	char name[NAME_SIZE];

	for (; n; n = next) {
		next = ack_json_next(n);
		snprintf(name, sizeof(name), "%s%s%s", parent,
			*parent ? "." : "", ack_json_key(n));
		if (ack_table_dropped(t, name) && !is_alias(t, name)) {
			if (!is_empty(n))
				ack_buf_printf(out, "%s%s%s",
					out->len ? "\n" : "", before, name);
			ack_json_remove(object, n);
		} else if (t->pools && !strcmp(name, POOLS)) {
			drop_in_pools(t->pools, n, out);
		} else if (is_way(t, name)) {
			bool empty = !ack_json_first(n);

			drop(t, n, before, name, out);
			if (!empty && !ack_json_first(n))
				ack_json_remove(object, n);
		}
	}
}

void ack_body_drop(const struct ack_table *t, struct ack_json *request,
	struct ack_buf *out)
{
	drop(t, request, "", "", out);
}

const char *ack_body_dropped_why(const struct ack_table *t, const char *path)
{
	const struct ack_dropped *d;

	if (t->pools && !strncmp(path, POOLS "[", strlen(POOLS "["))) {
		path = strchr(path, '.');
		return path ? ack_body_dropped_why(t->pools, path + 1) : NULL;
	}
	d = ack_table_dropped(t, path);
	return d ? d->why : NULL;
}

unsigned ack_body_dropped_row(const struct ack_table *t)
{
	return t->count;
}

unsigned ack_body_made_row(const struct ack_table *t)
{
	return t->count + 1;
}
