/* SPDX-License-Identifier: MIT */
/*
 * struct ack_json is never defined: it stands for cJSON, which stays inside
 * this file. cJSON is lenient (control characters, malformed UTF-8, garbage
 * behind the value, 1000 levels deep) and keeps numbers as doubles, so the
 * text is scanned before cJSON sees it, and every number of the tree becomes
 * a raw node that holds its own text. An answer's tree lies in an arena, since
 * all of it goes at once: with malloc(3) and free(3) for each node and text,
 * these would take most of the time.
 */
#include "base/json.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_scan.h"
#include "base/length.h"
#include "base/wipe.h"

#define IN_ARENA (1 << 16) /* of a root's type; cJSON looks at the low bits */

struct answer {
	struct ack_arena arena;
	cJSON root;
};

static struct ack_arena *parsing; /* where its memory comes from, or NULL */

static void *allocate(size_t size)
{
	return parsing ? ack_arena_take(parsing, size) : malloc(size);
}

static void release(void *p)
{
	if (!parsing)
		ack_wipe_free(p);
}

void ack_json_setup(void)
{
	cJSON_Hooks hooks = {.malloc_fn = allocate, .free_fn = release};

	cJSON_InitHooks(&hooks);
}

static cJSON *inside(const struct ack_json *n)
{
	return (cJSON *)n;
}

static struct ack_json *outside(cJSON *n)
{
	return (struct ack_json *)n;
}

/* Numbers stand in the tree in the order of the text. */
static bool keep_numbers(
	cJSON *n, const char *text, const struct ack_json_digits **next)
{
	for (; n; n = n->next) {
		if (cJSON_IsNumber(n)) {
			const struct ack_json_digits *d = (*next)++;
			char *digits = cJSON_malloc(d->len + 1);

			if (!digits)
				return false;
			memcpy(digits, text + d->at, d->len);
			digits[d->len] = '\0';
			n->valuestring = digits;
			n->type = cJSON_Raw;
		} else if (n->child && !keep_numbers(n->child, text, next)) {
			return false;
		}
	}
	return true;
}

static cJSON *parse(const char *text, size_t len, size_t most, size_t *where)
{
	struct ack_buf numbers = ACK_BUF_INIT(SIZE_MAX / 2);
	const struct ack_json_digits *next;
	cJSON *root = NULL;

	if (ack_json_scan(text, len, most, where, &numbers)) {
		*where = ACK_JSON_NO_MEMORY;
		if (!numbers.failed)
			root = cJSON_ParseWithLength(text, len);
	}
	/* malloc(3) has aligned them */
	next = (const void *)numbers.data;
	if (root && !keep_numbers(root, text, &next)) {
		cJSON_Delete(root);
		root = NULL;
	}
	ack_buf_release(&numbers);
	return root;
}

struct ack_json *ack_json_parse(const char *text, size_t len, size_t *where)
{
	return outside(parse(text, len, SIZE_MAX, where));
}

struct ack_json *ack_json_parse_answer(
	const char *text, size_t len, size_t *where)
{
	struct ack_arena arena = {NULL};
	struct answer *answer;
	cJSON *root;

	ack_json_setup(); /* or it would not lie there */
	parsing = &arena;
	root = parse(text, len, ACK_JSON_VALUES, where);
	answer = root ? allocate(sizeof(*answer)) : NULL;
	parsing = NULL;
	if (!answer) {
		if (root)
			*where = ACK_JSON_NO_MEMORY;
		ack_arena_free(&arena);
		return NULL;
	}
	*answer = (struct answer){.arena = arena, .root = *root};
	answer->root.type |= IN_ARENA;
	return outside(&answer->root);
}

void ack_json_free(struct ack_json *root)
{
	cJSON *n = inside(root);
	struct answer *answer;

	if (!n || !(n->type & IN_ARENA)) {
		cJSON_Delete(n);
		return;
	}
	answer = (void *)((char *)n - offsetof(struct answer, root));
	ack_arena_free(&answer->arena);
}

bool ack_json_is_object(const struct ack_json *n)
{
	return cJSON_IsObject(inside(n));
}

bool ack_json_is_array(const struct ack_json *n)
{
	return cJSON_IsArray(inside(n));
}

bool ack_json_is_number(const struct ack_json *n)
{
	return cJSON_IsRaw(inside(n));
}

bool ack_json_is_null(const struct ack_json *n)
{
	return cJSON_IsNull(inside(n));
}

const char *ack_json_string(const struct ack_json *n)
{
	return cJSON_IsString(inside(n)) ? inside(n)->valuestring : NULL;
}

const char *ack_json_number(const struct ack_json *n)
{
	return cJSON_IsRaw(inside(n)) ? inside(n)->valuestring : NULL;
}

bool ack_json_integer(const struct ack_json *n, int64_t *value)
{
	/* 2^53 itself is out: 2^53 + 1 would round to it. */
	const double limit = 9007199254740992.0;
	const char *digits = ack_json_number(n);

	if (!digits)
		return false;
	double d = strtod(digits, NULL);
	if (!(d > -limit && d < limit) || d != (double)(int64_t)d)
		return false;
	*value = (int64_t)d;
	return true;
}

bool ack_json_boolean(const struct ack_json *n, bool *value)
{
	if (!cJSON_IsBool(inside(n)))
		return false;
	*value = cJSON_IsTrue(inside(n));
	return true;
}

struct ack_json *ack_json_get(const struct ack_json *n, const char *key)
{
	cJSON *m = ack_json_is_object(n) ? inside(n)->child : NULL;

	/* most differ in their first letter */
	while (m && (*m->string != *key || strcmp(m->string, key) != 0))
		m = m->next;
	return outside(m);
}

const char *ack_json_get_string(const struct ack_json *n, const char *key)
{
	return ack_json_string(ack_json_get(n, key));
}

struct ack_json *ack_json_first(const struct ack_json *n)
{
	return n ? outside(inside(n)->child) : NULL;
}

struct ack_json *ack_json_next(const struct ack_json *n)
{
	return n ? outside(inside(n)->next) : NULL;
}

const char *ack_json_key(const struct ack_json *n)
{
	const char *key = n ? inside(n)->string : NULL;

	return key ? key : "";
}

unsigned ack_json_count(const struct ack_json *n)
{
	return n ? (unsigned)cJSON_GetArraySize(inside(n)) : 0;
}

struct ack_json *ack_json_object(void)
{
	return outside(cJSON_CreateObject());
}

struct ack_json *ack_json_array(void)
{
	return outside(cJSON_CreateArray());
}

struct ack_json *ack_json_new_string(const char *text)
{
	return outside(cJSON_CreateString(text));
}

struct ack_json *ack_json_new_boolean(bool value)
{
	return outside(cJSON_CreateBool(value));
}

struct ack_json *ack_json_new_number(const char *digits)
{
	return outside(cJSON_CreateRaw(digits));
}

static bool is_same_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static bool has_same_items(const struct ack_json *a, const struct ack_json *b)
{
	const struct ack_json *m = ack_json_first(b);

	if (ack_json_count(a) != ack_json_count(b))
		return false;
	for (const struct ack_json *n = ack_json_first(a); n;
		n = ack_json_next(n), m = ack_json_next(m)) {
		const struct ack_json *other =
			ack_json_is_object(a) ? ack_json_get(b, ack_json_key(n))
					      : m;

		if (!other || !ack_json_same(n, other))
			return false;
	}
	return true;
}

bool ack_json_same(const struct ack_json *a, const struct ack_json *b)
{
	bool x = false, y = true;

	if (ack_json_is_object(a) || ack_json_is_array(a))
		return ack_json_is_object(a) == ack_json_is_object(b) &&
		       ack_json_is_array(a) == ack_json_is_array(b) &&
		       has_same_items(a, b);
	if (ack_json_boolean(a, &x))
		return ack_json_boolean(b, &y) && x == y;
	if (ack_json_is_null(a))
		return ack_json_is_null(b);
	return is_same_text(ack_json_string(a), ack_json_string(b)) ||
	       is_same_text(ack_json_number(a), ack_json_number(b));
}

struct ack_json *ack_json_copy(const struct ack_json *n)
{
	cJSON *copy = cJSON_Duplicate(inside(n), true);

	if (copy)
		copy->type &= ~IN_ARENA;
	return outside(copy);
}

int ack_json_add(
	struct ack_json *parent, const char *key, struct ack_json *child)
{
	bool added = false;

	if (parent && child) {
		if (key)
			added = cJSON_AddItemToObject(
				inside(parent), key, inside(child));
		else
			added = cJSON_AddItemToArray(
				inside(parent), inside(child));
	}
	if (!added) {
		cJSON_Delete(inside(child));
		return -ENOMEM;
	}
	return 0;
}

void ack_json_remove(struct ack_json *parent, struct ack_json *child)
{
	cJSON_Delete(cJSON_DetachItemViaPointer(inside(parent), inside(child)));
}

int ack_json_add_string(
	struct ack_json *parent, const char *key, const char *text)
{
	return ack_json_add(parent, key, ack_json_new_string(text));
}

/* What begins so, where JSON has no such thing. */
static const struct {
	const char *text, *what;
} mistakes[] = {
	{"\u201c", "that is a typographic quote; JSON takes \" only"},
	{"\u201d", "that is a typographic quote; JSON takes \" only"},
	{"\u2018", "that is a typographic quote; JSON takes \" only"},
	{"\u2019", "that is a typographic quote; JSON takes \" only"},
	{"\uff0c", "that is a full-width comma; JSON takes , only"},
	{"\uff1a", "that is a full-width colon; JSON takes : only"},
	{"'", "JSON has \" around its strings, not '"},
	{"/", "JSON has no comments"},
	{"#", "JSON has no comments"},
	{"}", "nothing follows the comma or colon before it"},
	{"]", "nothing follows the comma before it"},
};

/* A string that ends too early, since a quote in it was meant. */
static bool ends_string(const char *text, size_t where)
{
	while (where > 0 && strchr(" \t\r\n", text[where - 1]))
		where--;
	return where > 0 && text[where - 1] == '"';
}

static const char *mistake(const char *text, size_t len, size_t where)
{
	for (size_t i = 0; i < LENGTH(mistakes); i++) {
		size_t n = strlen(mistakes[i].text);

		if (len - where >= n &&
			!memcmp(text + where, mistakes[i].text, n))
			return mistakes[i].what;
	}
	if (!ends_string(text, where))
		return NULL;
	return text[where] == '"'
		       ? "a comma is missing before it, or a quote within a "
			 "string lacks its backslash"
		       : "the string before it ends too early; a quote within "
			 "a string is written as \\\"";
}

void ack_json_place(const char *text, size_t len, size_t where,
	char out[static ACK_JSON_PLACE])
{
	const char *what = where < len ? mistake(text, len, where) : NULL;
	size_t line = 1, column = 1;

	for (size_t i = 0; i < where; i++) {
		column = text[i] == '\n' ? 1 : column + 1;
		line += text[i] == '\n';
	}
	snprintf(out, ACK_JSON_PLACE, "line %zu, column %zu%s%s", line, column,
		what ? ": " : "", what ? what : "");
}

const char *ack_json_version(void)
{
	return cJSON_Version();
}
