/* SPDX-License-Identifier: MIT */
/* Rules of faults from JSON. */
#include "sandbox/faults.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"

#define RULES_MAX 1000
#define DAY_MS    86400000
#define EVER      INT64_C(1000000000)

/* clang-format off */
static const struct key {
	const char *name;
	unsigned taken_by; /* 0: every kind */
	size_t offset;
	size_t size; /* of a text; 0: a number */
	int64_t min, max;
} keys[] = {
#define NUMBER(name, taken_by, min, max) \
	{ #name, taken_by, offsetof(struct fault, name), 0, min, max }
#define TEXT(name, taken_by) \
	{ #name, taken_by, offsetof(struct fault, name), \
		sizeof(((struct fault *)0)->name), 0, 0 }
	TEXT(method, 0),
	TEXT(path, 0),
	NUMBER(times, 0, -1, EVER),
	NUMBER(after, 0, 0, EVER),
	NUMBER(ms, FAULT_KEY_MS, 0, DAY_MS),
	NUMBER(status, FAULT_KEY_STATUS, 200, 599),
	NUMBER(bytes, FAULT_KEY_BYTES, 1, INT64_C(1) << 40),
	NUMBER(retry_after_ms, FAULT_KEY_RETRY_AFTER, 0, DAY_MS),
	TEXT(code, FAULT_KEY_TEXTS),
	TEXT(message, FAULT_KEY_TEXTS),
#undef NUMBER
#undef TEXT
};
/* clang-format on */

/* Finds the row of "do", and which of its two moments is meant. */
static int parse_kind(struct fault *r, const char *word, struct ack_error *e)
{
	static const char suffix[] = "_after";
	size_t len = word ? strlen(word) : 0, tail = sizeof(suffix) - 1;
	bool after = len > tail && strcmp(word + len - tail, suffix) == 0;
	char words[512] = "";
	size_t n = 0;

	for (size_t i = 0; i < fault_nkinds; i++) {
		const struct fault_kind *k = &fault_kinds[i];
		bool two = k->after != k->moment;

		n += (size_t)snprintf(words + n, sizeof(words) - n, "%s%s%s",
			n ? ", " : "", k->word, two ? "[_after]" : "");
		if (!word || strncmp(word, k->word, strlen(k->word)) != 0)
			continue;
		size_t rest = len - strlen(k->word);
		if (rest != 0 && !(after && rest == tail && two))
			continue;
		r->kind = k;
		r->moment = rest ? k->after : k->moment;
		return 0;
	}
	return ack_error_set(
		e, EINVAL, NULL, "\"do\" must be one of %s.", words);
}

static void set_defaults(struct fault *r)
{
	const struct fault_kind *k = r->kind;

	strcpy(r->path, "*");
	r->times = 1;
	r->ms = k->ms;
	r->status = k->status;
	r->bytes = k->bytes;
	r->retry_after_ms = k->keys & FAULT_KEY_RETRY_AFTER ? 1500 : 0;
	snprintf(r->code, sizeof(r->code), "%s", k->code ? k->code : "");
	snprintf(r->message, sizeof(r->message), "%s",
		k->message ? k->message : "");
}

static int parse_number(struct fault *r, const struct key *key,
	const struct ack_json *n, struct ack_error *e)
{
	int64_t value;

	if (!ack_json_integer(n, &value) || value < key->min ||
		value > key->max)
		return ack_error_set(e, EINVAL, NULL,
			"\"%s\" must be a number from %" PRId64 " to %" PRId64
			".",
			key->name, key->min, key->max);
	memcpy((char *)r + key->offset, &value, sizeof(value));
	return 0;
}

static int parse_text(struct fault *r, const struct key *key,
	const struct ack_json *n, struct ack_error *e)
{
	const char *text = ack_json_string(n);

	if (!text || !*text || strlen(text) >= key->size)
		return ack_error_set(e, EINVAL, NULL,
			"\"%s\" must be a string of 1 to %zu bytes.", key->name,
			key->size - 1);
	strcpy((char *)r + key->offset, text);
	return 0;
}

static int parse_case(
	struct fault *r, const struct ack_json *n, struct ack_error *e)
{
	const char *text = ack_json_string(n);

	if (!text || (strcmp(text, "upper") && strcmp(text, "lower")))
		return ack_error_set(e, EINVAL, NULL,
			"\"case\" must be \"upper\" or \"lower\".");
	r->spelled = text[0] == 'u' ? FAULT_UPPER : FAULT_LOWER;
	return 0;
}

static int parse_member(
	struct fault *r, const struct ack_json *n, struct ack_error *e)
{
	const char *name = ack_json_key(n);

	if (strcmp(name, "do") == 0)
		return 0;
	if (strcmp(name, "case") == 0 && r->kind->keys & FAULT_KEY_CASE)
		return parse_case(r, n, e);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const struct key *key = &keys[i];

		if (strcmp(name, key->name) != 0)
			continue;
		if (key->taken_by && !(key->taken_by & r->kind->keys))
			break;
		return key->size ? parse_text(r, key, n, e)
				 : parse_number(r, key, n, e);
	}
	return ack_error_set(
		e, EINVAL, NULL, "\"%s\" has no \"%s\".", r->kind->word, name);
}

static int parse_rule(
	struct fault *r, const struct ack_json *rule, struct ack_error *e)
{
	int rc = parse_kind(r, ack_json_get_string(rule, "do"), e);

	if (rc < 0)
		return rc;
	set_defaults(r);
	for (const struct ack_json *n = ack_json_first(rule); n && rc == 0;
		n = ack_json_next(n))
		rc = parse_member(r, n, e);
	return rc;
}

int faults_set(
	struct faults *f, const struct ack_json *list, struct ack_error *e)
{
	struct faults fresh = {NULL, ack_json_count(list)};
	struct ack_error inner;
	size_t i = 0;

	if (!ack_json_is_array(list) || fresh.count > RULES_MAX)
		return ack_error_set(e, EINVAL, NULL,
			"The rules must be a JSON array of at most %d objects.",
			RULES_MAX);
	fresh.list = calloc(fresh.count + 1, sizeof(*fresh.list));
	if (!fresh.list)
		return ack_error_set(
			e, ENOMEM, NULL, "There is not enough memory.");
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n), i++) {
		if (parse_rule(&fresh.list[i], n, &inner) == 0)
			continue;
		faults_release(&fresh);
		return ack_error_set(
			e, EINVAL, NULL, "Rule %zu: %s", i + 1, inner.message);
	}
	faults_release(f);
	*f = fresh;
	return 0;
}
