/* SPDX-License-Identifier: MIT */
/* A task as a member of its cluster's record. */
#include "sandbox/tasks.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "sandbox/documents.h"

/* clang-format off */
static const struct text {
	const char *key;
	size_t offset, size;
} texts[] = {
#define TEXT(key, member) { key, offsetof(struct task, member), \
		sizeof(((struct task *)0)->member) }
	TEXT("task_id", id),
	TEXT("request_id", request_id),
	TEXT("target", target),
	TEXT("token", token),
	TEXT("body_sum", body_sum),
	TEXT("error_code", error_code),
	TEXT("error_message", error_message),
#undef TEXT
};

static const struct number {
	const char *key;
	size_t offset;
} numbers[] = {
	{ "begun_ms", offsetof(struct task, begun_ms) },
	{ "duration_ms", offsetof(struct task, duration_ms) },
	{ "paused_ms", offsetof(struct task, paused_ms) },
	{ "canceled_ms", offsetof(struct task, canceled_ms) },
	{ "lost_ms", offsetof(struct task, lost_ms) },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct ack_json *task_record(const struct task *t)
{
	struct ack_json *root = ack_json_object();
	const char *base = (const char *)t;
	int rc = 0;

	if (!root)
		return NULL;
	for (size_t i = 0; i < COUNT(texts); i++)
		rc |= ack_json_add_string(
			root, texts[i].key, base + texts[i].offset);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		int64_t value;

		memcpy(&value, base + numbers[i].offset, sizeof(value));
		rc |= document_add_number(root, numbers[i].key, value);
	}
	rc |= ack_json_add_string(root, "kind", t->kind->word);
	rc |= document_add_boolean(root, "stuck", t->stuck);
	rc |= document_add_boolean(root, "settled", t->settled);
	if (t->parameters)
		rc |= ack_json_add(
			root, "parameters", document_copy(t->parameters));
	if (rc == 0)
		return root;
	ack_json_free(root);
	return NULL;
}

static const struct task_kind *find_kind(const char *word)
{
	for (int i = 0; word && i < TASK_WORDS; i++)
		if (strcmp(task_kinds[i].word, word) == 0)
			return &task_kinds[i];
	return NULL;
}

struct task *task_from_record(const struct ack_json *record)
{
	const struct ack_json *parameters = ack_json_get(record, "parameters");
	struct task *t = calloc(1, sizeof(*t));
	char *base = (char *)t;
	bool fits = t;

	for (size_t i = 0; i < COUNT(texts) && fits; i++) {
		const char *text = ack_json_get_string(record, texts[i].key);

		fits = text && strlen(text) < texts[i].size;
		if (fits)
			memcpy(base + texts[i].offset, text, strlen(text) + 1);
	}
	for (size_t i = 0; i < COUNT(numbers) && fits; i++) {
		int64_t value = 0;

		fits = ack_json_integer(
			ack_json_get(record, numbers[i].key), &value);
		memcpy(base + numbers[i].offset, &value, sizeof(value));
	}
	if (fits) {
		t->kind = find_kind(ack_json_get_string(record, "kind"));
		t->stuck = document_flag(record, "stuck");
		t->settled = document_flag(record, "settled");
		t->parameters = parameters ? document_copy(parameters) : NULL;
	}
	if (fits && t->kind && (t->parameters || !parameters))
		return t;
	task_free(t);
	return NULL;
}
