/* SPDX-License-Identifier: MIT */
/*
 * A cluster as one line of JSON: what the sandbox made up, and the request
 * in its classic form, which the table reads back.
 */
#include "clusters.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "body.h"
#include "buf.h"
#include "error.h"
#include "json.h"
#include "params.h"

#define REQUEST_MAX (4u << 20)

/* clang-format off */
static const struct text {
	const char *key;
	size_t offset, size;
} texts[] = {
#define TEXT(key, member) { key, offsetof(struct cluster, member), \
		sizeof(((struct cluster *)0)->member) }
	TEXT("cluster_id", id),
	TEXT("task_id", task_id),
	TEXT("request_id", request_id),
	TEXT("error_code", error_code),
	TEXT("error_message", error_message),
#undef TEXT
};

static const struct number {
	const char *key;
	size_t offset;
} numbers[] = {
	{ "created_ms", offsetof(struct cluster, created_ms) },
	{ "duration_ms", offsetof(struct cluster, duration_ms) },
	{ "listed_ms", offsetof(struct cluster, listed_ms) },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* The request as a JSON node; NULL: no memory. */
static struct ack_json *request(const struct cluster *k)
{
	struct ack_buf text = ACK_BUF_INIT(REQUEST_MAX);
	struct ack_json *root = NULL;
	size_t where;

	if (ack_body_build(&ack_cluster_table, &k->values, ACK_CLASSIC, false,
		    false, &text) == 0)
		root = ack_json_parse(ack_buf_text(&text), text.len, &where);
	ack_buf_release(&text);
	return root;
}

struct ack_json *cluster_record(const struct cluster *k)
{
	struct ack_json *root = ack_json_object();
	const char *base = (const char *)k;
	int rc = 0;

	if (!root)
		return NULL;
	for (size_t i = 0; i < COUNT(texts); i++)
		rc |= ack_json_add_string(
			root, texts[i].key, base + texts[i].offset);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		int64_t value;
		char digits[24];

		memcpy(&value, base + numbers[i].offset, sizeof(value));
		snprintf(digits, sizeof(digits), "%" PRId64, value);
		rc |= ack_json_add(
			root, numbers[i].key, ack_json_new_number(digits));
	}
	rc |= ack_json_add(root, "stuck", ack_json_new_boolean(k->stuck));
	rc |= ack_json_add(root, "request", request(k));
	if (rc == 0)
		return root;
	ack_json_free(root);
	return NULL;
}

static int parse_request(
	struct cluster *k, const struct ack_json *node, struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(REQUEST_MAX);

	ack_json_print(node, false, &text);
	int rc = ack_buf_status(&text);
	if (rc < 0)
		ack_error_set(e, ENOMEM, NULL, "There is not enough memory.");
	else
		rc = ack_body_parse(&ack_cluster_table, ack_buf_text(&text),
			text.len, k->created_ms * 1000000, &k->values, e);
	ack_buf_release(&text);
	return rc;
}

int cluster_from_record(
	struct cluster *k, const struct ack_json *record, struct ack_error *e)
{
	const struct ack_json *node = ack_json_get(record, "request");
	char *base = (char *)k;
	bool fits = ack_json_is_object(node) &&
		    ack_json_boolean(ack_json_get(record, "stuck"), &k->stuck);

	for (size_t i = 0; i < COUNT(texts); i++) {
		const char *text = ack_json_get_string(record, texts[i].key);

		fits = fits && text && strlen(text) < texts[i].size;
		if (fits)
			strcpy(base + texts[i].offset, text);
	}
	for (size_t i = 0; i < COUNT(numbers); i++) {
		int64_t value = 0;

		fits = fits &&
		       ack_json_integer(
			       ack_json_get(record, numbers[i].key), &value);
		memcpy(base + numbers[i].offset, &value, sizeof(value));
	}
	if (!fits)
		return ack_error_set(
			e, EINVAL, NULL, "It is not a record of a cluster.");
	return parse_request(k, node, e);
}
