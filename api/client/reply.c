/* SPDX-License-Identifier: MIT */
/* Refusals of the service, in all their spellings (SERVICE.md, Refusals). */
#include "client/reply.h"

#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "base/text.h"
#include "client/codes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* How much of an answer that is none is shown. */
#define GLIMPSE 160

/* NULL-terminated lists of spellings. */
static const char *const code_keys[] = {"Code", "code", NULL};
static const char *const message_keys[] = {"Message", "message", "Detail",
	"detail", "Description", "description", NULL};
static const char *const id_keys[] = {
	"RequestId", "requestId", "request_id", "requestid", NULL};
static const char *const denied_keys[] = {
	"AccessDeniedDetail", "accessDeniedDetail", NULL};

static const struct ack_json *find(
	const struct ack_json *object, const char *const *keys)
{
	for (; *keys; keys++) {
		const struct ack_json *n = ack_json_get(object, *keys);

		if (n && !ack_json_is_null(n))
			return n;
	}
	return NULL;
}

/* A string, or a number as text; "" when there is neither. */
static const char *find_text(
	const struct ack_json *object, const char *const *keys)
{
	const struct ack_json *n = find(object, keys);
	const char *text = ack_json_string(n);

	if (!text)
		text = ack_json_number(n);
	return text ? text : "";
}

/* Words and IDs: nothing but printable ASCII gets in. */
static void copy_word(char *out, size_t size, const char *text)
{
	size_t n = 0;

	for (; *text && n + 1 < size; text++)
		out[n++] = *text > ' ' && *text < 0x7f ? *text : '?';
	out[n] = '\0';
}

/* Answers of 2018 have a number as their code, and the code in the message. */
static void copy_code(
	char *out, size_t size, const char *code, const char *message)
{
	static const char mark[] = "Code: ";
	const char *at = message;

	copy_word(out, size, code);
	if (!*code || code[strspn(code, "0123456789")])
		return;
	while ((at = strstr(at, mark))) {
		size_t len;

		at += strlen(mark);
		len = strcspn(at, " \t\r\n,;\"");
		if (*at < 'A' || *at > 'Z' || len >= size)
			continue;
		snprintf(out, size, "%.*s", (int)len, at);
		return;
	}
}

static void add_faults(struct ack_error *e, const struct ack_json *data)
{
	const struct ack_json *n;

	if (!ack_json_is_array(data))
		return;
	for (n = ack_json_first(data); n; n = ack_json_next(n)) {
		const char *code = find_text(n, code_keys);
		const char *message = find_text(n, message_keys);

		if (ack_json_string(n))
			message = ack_json_string(n);
		if (*code || *message)
			ack_error_more(e, "%s%s%s", code,
				*code && *message ? ": " : "", message);
	}
}

static void add_denied(struct ack_error *e, const struct ack_json *denied)
{
	/* clang-format off */
	static const struct {
		const char *key, *label;
	} rows[] = {
		{ "AuthAction", "missing_permission" },
		{ "AuthPrincipalDisplayName", "refused_principal" },
		{ "PolicyType", "policy_type" },
		{ "NoPermissionType", "denied_by" },
	};
	/* clang-format on */

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *text = ack_json_get_string(denied, rows[i].key);

		if (text && *text)
			ack_error_more(e, "%s: %s", rows[i].label, text);
	}
}

static void from_object(
	struct ack_error *e, int http_status, const struct ack_json *root)
{
	const char *code = find_text(root, code_keys);
	const char *message = find_text(root, message_keys);
	const char *recommend = ack_json_get_string(root, "Recommend");
	char word[sizeof(e->code)];

	copy_code(word, sizeof(word), code, message);
	struct ack_meaning m = ack_error_meaning(word, message, http_status);
	ack_error_set(e, m.err, m.param, "%s", message);
	strcpy(e->code, word);
	copy_word(
		e->request_id, sizeof(e->request_id), find_text(root, id_keys));
	ack_meaning_hint(&m, e);
	add_faults(e, ack_json_get(root, "data"));
	add_denied(e, find(root, denied_keys));
	if (!recommend)
		recommend = ack_json_get_string(root, "recommend");
	if (recommend && *recommend)
		ack_error_more(e, "see: %s", recommend);
}

/* What an answer is when it is not JSON of the service. */
static const char *guess(
	const char *body, size_t len, bool is_json, bool ends_early)
{
	size_t i = 0;

	if (is_json)
		return "the answer is JSON, but not one of the service";

	while (i < len && body[i] && strchr(" \t\r\n", body[i]))
		i++;
	if (i == len)
		return "the answer is empty";
	if (len - i >= 5 && memcmp(body + i, "<?xml", 5) == 0)
		return "the answer is XML instead of JSON";
	if (body[i] == '<')
		return "the answer is a web page instead of JSON";
	if (ends_early)
		return "the answer ends in the middle";
	return "the answer is not one of the service";
}

static void from_garbage(struct ack_error *e, int http_status, const char *body,
	size_t len, bool is_json, bool ends_early)
{
	int err = http_status >= 500 ? EREMOTEIO : EPROTO;
	const char *what = guess(body, len, is_json, ends_early);
	char glimpse[GLIMPSE + 1];

	/* Runs of white space are one blank; a NUL must not end the text. */
	size_t n = 0;
	for (size_t i = 0; i < len && n < GLIMPSE; i++) {
		char c = body[i] ? body[i] : '?';

		if (strchr(" \t\r\n", c)) {
			if (n == 0 || glimpse[n - 1] == ' ')
				continue;
			c = ' ';
		}
		glimpse[n++] = c;
	}
	glimpse[n] = '\0';

	if (n == 0)
		ack_error_set(e, err, NULL, "%s (HTTP %d)", ack_text(what),
			http_status);
	else
		ack_error_set(e, err, NULL,
			"%s (HTTP %d, %zu bytes); it begins: %s",
			ack_text(what), http_status, len, glimpse);
	ack_error_hint(e, "%s",
		ack_text(err == EREMOTEIO
				 ? "the service, or something in front of it, "
				   "is out of "
				   "order"
				 : "check the endpoint; a proxy or a login "
				   "page of the "
				   "network may have answered in its place"));
}

static int no_memory(struct ack_error *e, int http_status)
{
	ack_error_set(
		e, ENOMEM, NULL, "memory ran out while the answer was read");
	e->http_status = http_status;
	return -ENOMEM;
}

#define ID_LETTERS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

void ack_reply_request_id(const struct ack_json *answer, const char *header,
	char *out, size_t size)
{
	const char *id = find_text(answer, id_keys);
	size_t len;

	if (!*id && header)
		id = header;
	len = strlen(id);

	if (len >= size || strspn(id, ID_LETTERS) != len)
		id = "";
	snprintf(out, size, "%s", id);
}

void ack_error_request_id(struct ack_error *e, const char *header)
{
	static const char *const names[] = {"RequestId", "Request ID"};
	const char *at = NULL;

	if (!e->err || *e->request_id)
		return;
	ack_reply_request_id(
		NULL, header, e->request_id, sizeof(e->request_id));
	for (size_t i = 0; !at && i < LENGTH(names); i++) {
		at = strcasestr(e->message, names[i]);
		at = at ? at + strlen(names[i]) : NULL;
	}
	if (*e->request_id || !at)
		return;
	at += strspn(at, " :=\"");
	snprintf(e->request_id, sizeof(e->request_id), "%.*s",
		(int)strspn(at, ID_LETTERS), at);
}

int ack_error_no_answer(struct ack_error *e, int http_status, const char *body,
	size_t len, size_t where)
{
	if (where == ACK_JSON_NO_MEMORY)
		return no_memory(e, http_status);
	return ack_error_from_reply(e, http_status, body, len, NULL);
}

int ack_error_from_reply(struct ack_error *e, int http_status, const char *body,
	size_t len, int *own_shape)
{
	size_t where;
	struct ack_json *root = ack_json_parse_answer(body, len, &where);
	bool own = *find_text(root, code_keys) &&
		   *find_text(root, message_keys);

	if (own)
		from_object(e, http_status, root);
	else if (!root && where == ACK_JSON_NO_MEMORY)
		no_memory(e, http_status);
	else
		from_garbage(
			e, http_status, body, len, root, !root && where == len);
	e->http_status = http_status;
	copy_word(
		e->request_id, sizeof(e->request_id), find_text(root, id_keys));
	ack_json_free(root);
	if (own_shape)
		*own_shape = own;
	return -e->err;
}
