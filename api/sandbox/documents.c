/* SPDX-License-Identifier: MIT */
#include "sandbox/documents.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

static bool is_secret(const char *key)
{
	return strcmp(key, "login_password") == 0;
}

static bool skipped(const struct ack_json *n)
{
	return ack_json_is_null(n) || is_secret(ack_json_key(n));
}

static bool is_within(const struct ack_json *n, int levels)
{
	if (!ack_json_is_object(n) && !ack_json_is_array(n))
		return true;
	for (n = ack_json_first(n); n; n = ack_json_next(n))
		if (levels == 0 || !is_within(n, levels - 1))
			return false;
	return true;
}

bool document_is_flat(const struct ack_json *n)
{
	return is_within(n, ACK_JSON_DEPTH / 2);
}

/* `root`, or NULL when something did not get into it. */
static struct ack_json *whole(struct ack_json *root, int rc)
{
	if (rc == 0)
		return root;
	ack_json_free(root);
	return NULL;
}

struct ack_json *document_copy(const struct ack_json *n)
{
	bool object = ack_json_is_object(n);
	struct ack_json *root;
	int rc = 0;

	if (!object && !ack_json_is_array(n))
		return skipped(n) ? NULL : ack_json_copy(n);
	root = object ? ack_json_object() : ack_json_array();
	for (n = ack_json_first(n); root && n; n = ack_json_next(n))
		if (!skipped(n))
			rc |= ack_json_add(root,
				object ? ack_json_key(n) : NULL,
				document_copy(n));
	return whole(root, rc);
}

struct ack_json *document_merge(
	const struct ack_json *base, const struct ack_json *change)
{
	struct ack_json *root = ack_json_object();
	const struct ack_json *n;
	int rc = 0;

	for (n = ack_json_first(base); root && n; n = ack_json_next(n)) {
		const char *key = ack_json_key(n);
		const struct ack_json *new = ack_json_get(change, key);

		if (skipped(n) || (new &&skipped(new)))
			continue;
		if (ack_json_is_object(n) && ack_json_is_object(new))
			rc |= ack_json_add(root, key, document_merge(n, new));
		else
			rc |= ack_json_add(
				root, key, document_copy(new ? new : n));
	}
	for (n = ack_json_first(change); root && n; n = ack_json_next(n))
		if (!skipped(n) && !ack_json_get(base, ack_json_key(n)))
			rc |= ack_json_add(
				root, ack_json_key(n), document_copy(n));
	return whole(root, rc);
}

struct ack_json *document_without(const struct ack_json *o, const char *key)
{
	struct ack_json *root = ack_json_object();
	int rc = 0;

	for (o = ack_json_first(o); root && o; o = ack_json_next(o))
		if (strcmp(ack_json_key(o), key) != 0 && !skipped(o))
			rc |= ack_json_add(
				root, ack_json_key(o), document_copy(o));
	return whole(root, rc);
}

int document_set(
	struct ack_json **root, const char *key, struct ack_json *value)
{
	struct ack_json *fresh = document_without(*root, key);

	if (!fresh) {
		ack_json_free(value);
		return -ENOMEM;
	}
	if (ack_json_add(fresh, key, value) < 0) {
		ack_json_free(fresh);
		return -ENOMEM;
	}
	ack_json_free(*root);
	*root = fresh;
	return 0;
}

int document_set_in(struct ack_json **root, const char *outer, const char *key,
	struct ack_json *value)
{
	const struct ack_json *old = ack_json_get(*root, outer);
	struct ack_json *inner = old ? document_copy(old) : ack_json_object();

	if (!inner) {
		ack_json_free(value);
		return -ENOMEM;
	}
	if (document_set(&inner, key, value) == 0)
		return document_set(root, outer, inner);
	ack_json_free(inner);
	return -ENOMEM;
}

struct ack_json *document_number(int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, value);
	return ack_json_new_number(digits);
}

int document_add_number(struct ack_json *o, const char *key, int64_t value)
{
	return ack_json_add(o, key, document_number(value));
}

int document_add_boolean(struct ack_json *o, const char *key, bool value)
{
	return ack_json_add(o, key, ack_json_new_boolean(value));
}

int64_t document_integer(
	const struct ack_json *o, const char *key, int64_t otherwise)
{
	int64_t value;

	return ack_json_integer(ack_json_get(o, key), &value) ? value
							      : otherwise;
}

bool document_flag(const struct ack_json *o, const char *key)
{
	bool value = false;

	return ack_json_boolean(ack_json_get(o, key), &value) && value;
}
