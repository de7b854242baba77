/* SPDX-License-Identifier: MIT */
#include "sandbox/checks.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "sandbox/choices.h"
#include "sandbox/objections.h"

#define PATH_MAX_LEN 256

struct checking {
	const struct check *rows;
	size_t count;
	bool partial;
	struct objections *f;
};

static void check_members(
	const struct checking *c, const struct ack_json *o, const char *path);

static void wrong(const struct checking *c, const char *path, const char *what)
{
	objection_add(c->f, FINDING_FORMAT, "%s: It must be %s.", path, what);
}

static void check_string(const struct checking *c, const struct check *row,
	const struct ack_json *n, const char *path)
{
	const char *text = ack_json_string(n);

	if (!text)
		wrong(c, path, "a string");
	else if (row->choices && !choice_is_among(text, row->choices))
		objection_add(c->f, FINDING_FORMAT, "%s: It must be one of %s.",
			path, row->choices);
	else if (row->required && !*text)
		objection_add(c->f, FINDING_MISSING, "%s: It is empty.", path);
	else if (row->most && strlen(text) > (size_t)row->most)
		objection_add(c->f, FINDING_FORMAT,
			"%s: It is longer than %" PRId64 " bytes.", path,
			row->most);
}

static void check_integer(const struct checking *c, const struct check *row,
	const struct ack_json *n, const char *path)
{
	int64_t value;

	if (!ack_json_integer(n, &value) || value < row->least ||
		value > row->most)
		objection_add(c->f, FINDING_FORMAT,
			"%s: It must be a number from %" PRId64 " to %" PRId64
			".",
			path, row->least, row->most);
}

static void check_list(const struct checking *c, const struct check *row,
	const struct ack_json *n, const char *path)
{
	bool objects = row->type != CHECK_STRINGS;
	char inner[PATH_MAX_LEN + 2];
	int64_t count = ack_json_count(n);

	if (!ack_json_is_array(n)) {
		wrong(c, path,
			objects ? "a list of objects" : "a list of strings");
		return;
	}
	if (row->most && (count < row->least || count > row->most))
		objection_add(c->f, FINDING_FORMAT,
			"%s: It must have %" PRId64 " to %" PRId64 " items.",
			path, row->least, row->most);
	snprintf(inner, sizeof(inner), "%s[]", path);
	for (n = ack_json_first(n); n; n = ack_json_next(n))
		if (!objects && (!ack_json_string(n) || !*ack_json_string(n)))
			wrong(c, inner, "a string that is not empty");
		else if (row->type == CHECK_LIST)
			check_members(c, n, inner);
		else if (objects && !ack_json_is_object(n))
			wrong(c, inner, "an object");
}

static void check_value(const struct checking *c, const struct check *row,
	const struct ack_json *n, const char *path)
{
	bool flag;

	switch (row->type) {
	case CHECK_STRING:
		check_string(c, row, n, path);
		break;
	case CHECK_BOOLEAN:
		if (!ack_json_boolean(n, &flag))
			wrong(c, path, "true or false");
		break;
	case CHECK_INTEGER:
		check_integer(c, row, n, path);
		break;
	case CHECK_STRINGS:
	case CHECK_LIST:
	case CHECK_MAPS:
		check_list(c, row, n, path);
		break;
	case CHECK_OBJECT:
		check_members(c, n, path);
		break;
	case CHECK_MAP:
		if (!ack_json_is_object(n))
			wrong(c, path, "an object");
		break;
	}
}

static const struct check *find(const struct checking *c, const char *path)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->rows[i].path, path) == 0)
			return &c->rows[i];
	return NULL;
}

/* The name of a member when the path leads to one of this object, or NULL. */
static const char *member(const char *path, const char *object)
{
	size_t len = strlen(object);

	if (strncmp(path, object, len) != 0)
		return NULL;
	path += len;
	if (len > 0 && *path++ != '.')
		return NULL;
	return *path && !strpbrk(path, ".[") ? path : NULL;
}

static void check_required(
	const struct checking *c, const struct ack_json *o, const char *path)
{
	for (size_t i = 0; i < c->count; i++) {
		const char *key = member(c->rows[i].path, path);
		const struct ack_json *n = key ? ack_json_get(o, key) : NULL;

		if (key && c->rows[i].required && (!n || ack_json_is_null(n)))
			objection_add(c->f, FINDING_MISSING,
				"%s: It is missing.", c->rows[i].path);
	}
}

static void check_members(
	const struct checking *c, const struct ack_json *o, const char *path)
{
	if (!ack_json_is_object(o)) {
		wrong(c, *path ? path : "The body", "an object");
		return;
	}
	if (!c->partial)
		check_required(c, o, path);
	for (const struct ack_json *n = ack_json_first(o); n;
		n = ack_json_next(n)) {
		char inner[PATH_MAX_LEN];

		if (ack_json_is_null(n))
			continue;
		snprintf(inner, sizeof(inner), "%s%s%s", path, *path ? "." : "",
			ack_json_key(n));
		const struct check *row = find(c, inner);
		if (row)
			check_value(c, row, n, inner);
		else
			objection_add(c->f, FINDING_FORMAT,
				"%s: There is no such parameter.", inner);
	}
}

void check_document(const struct ack_json *root, const struct check *rows,
	size_t count, bool partial, struct objections *f)
{
	const struct checking c = {rows, count, partial, f};

	check_members(&c, root, "");
}
