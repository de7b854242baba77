/* SPDX-License-Identifier: MIT */
#include "sandbox/tag_set.h"

#include <string.h>

#include "base/json.h"
#include "base/span.h"
#include "sandbox/documents.h"
#include "sandbox/objections.h"

#define KEY_MOST   64
#define VALUE_MOST 128

static bool is_reserved(const char *text)
{
	static const char *const heads[] = {
		"aliyun", "acs:", "http://", "https://"};

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (strncmp(text, heads[i], strlen(heads[i])) == 0)
			return true;
	return false;
}

static void check_one(
	const struct ack_json *tag, const char *what, struct findings *f)
{
	const char *key = ack_json_get_string(tag, "key");
	const char *value = ack_json_get_string(tag, "value");

	if (!key || !*key || (ack_json_get(tag, "value") && !value)) {
		finding_add(f, FINDING_FORMAT,
			"%s: A tag needs a key, and its value is a string.",
			what);
		return;
	}
	if (ack_span_chars(ack_span_of(key)) > KEY_MOST ||
		(value && ack_span_chars(ack_span_of(value)) > VALUE_MOST))
		finding_add(f, FINDING_FORMAT,
			"%s: The tag %.64s is too long: its key may have %d "
			"characters, its value %d.",
			what, key, KEY_MOST, VALUE_MOST);
	if (is_reserved(key) || (value && is_reserved(value)))
		finding_add(f, FINDING_FORMAT,
			"%s: The tag %.64s begins with aliyun, acs:, http:// "
			"or https://.",
			what, key);
}

void tag_set_check(
	const struct ack_json *list, const char *what, struct findings *f)
{
	if (!ack_json_is_array(list)) {
		finding_add(f, FINDING_FORMAT, "%s: It must be a list.", what);
		return;
	}
	if (ack_json_count(list) > TAGS_MAX)
		finding_add(f, FINDING_FORMAT,
			"%s: There are more than %d tags.", what, TAGS_MAX);
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n)) {
		const char *key = ack_json_get_string(n, "key");

		check_one(n, what, f);
		if (key && tag_set_find(list, key) != n)
			finding_add(f, FINDING_FORMAT,
				"%s: The key %.64s is there twice.", what, key);
	}
}

const struct ack_json *tag_set_find(
	const struct ack_json *list, const char *key)
{
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n)) {
		const char *own = ack_json_get_string(n, "key");

		if (own && strcmp(own, key) == 0)
			return n;
	}
	return NULL;
}

static struct ack_json *tag(const struct ack_json *n)
{
	const char *value = ack_json_get_string(n, "value");
	struct ack_json *o = ack_json_object();

	if (o &&
		ack_json_add_string(o, "key", ack_json_get_string(n, "key")) ==
			0 &&
		ack_json_add_string(o, "value", value ? value : "") == 0)
		return o;
	ack_json_free(o);
	return NULL;
}

static struct ack_json *whole(struct ack_json *list, int rc)
{
	if (rc == 0)
		return list;
	ack_json_free(list);
	return NULL;
}

struct ack_json *tag_set_with(
	const struct ack_json *list, const struct ack_json *more)
{
	struct ack_json *set = ack_json_array();
	const struct ack_json *n;
	int rc = 0;

	for (n = ack_json_first(list); set && n; n = ack_json_next(n)) {
		const struct ack_json *new = tag_set_find(
			more, ack_json_get_string(n, "key"));

		rc |= ack_json_add(set, NULL, tag(new ? new : n));
	}
	for (n = ack_json_first(more); set && n; n = ack_json_next(n))
		if (!tag_set_find(list, ack_json_get_string(n, "key")))
			rc |= ack_json_add(set, NULL, tag(n));
	return whole(set, rc);
}

static bool is_among(const struct ack_json *keys, const char *key)
{
	for (const struct ack_json *n = ack_json_first(keys); n;
		n = ack_json_next(n))
		if (strcmp(ack_json_string(n), key) == 0)
			return true;
	return false;
}

struct ack_json *tag_set_without(
	const struct ack_json *list, const struct ack_json *keys)
{
	struct ack_json *set = ack_json_array();
	int rc = 0;

	for (const struct ack_json *n = ack_json_first(list); set && n;
		n = ack_json_next(n))
		if (!is_among(keys, ack_json_get_string(n, "key")))
			rc |= ack_json_add(set, NULL, tag(n));
	return whole(set, rc);
}
