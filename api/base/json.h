/* SPDX-License-Identifier: MIT */
/*
 * JSON, by cJSON; json.c is the only file that includes it. A node is either
 * the root that ack_json_parse() or a constructor gave, which the caller
 * frees, or borrowed from inside one.
 *
 * Numbers keep their text, from ack_json_parse() to ack_json_print(), and
 * never pass through a double on the way. Only ack_json_integer() computes,
 * and it refuses what a double cannot hold exactly (beyond 2^53).
 */
#ifndef ACK_JSON_H
#define ACK_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ack_buf;
struct ack_json;

#define ACK_JSON_DEPTH     32
#define ACK_JSON_VALUES    65536
#define ACK_JSON_NO_MEMORY SIZE_MAX

/*
 * Routes cJSON's memory through a wiping free. Call once, before anything
 * else here.
 */
void ack_json_setup(void);

/*
 * Parses exactly one value of `len` bytes, white space around it allowed.
 * NULL when it is not JSON, holds a NUL (raw or as \u0000) or malformed
 * UTF-8, or nests deeper than ACK_JSON_DEPTH; *where then is the offset of
 * the fault. *where == len means that the text merely ends too early,
 * ACK_JSON_NO_MEMORY that nothing is wrong with it.
 */
struct ack_json *ack_json_parse(const char *text, size_t len, size_t *where);

/*
 * The same of what a service says: with more values in it than
 * ACK_JSON_VALUES it is not JSON. A tree takes up to a hundred times the room
 * of its text. It is there to be read: nothing can be added to it, nor it to
 * another.
 */
struct ack_json *ack_json_parse_answer(
	const char *text, size_t len, size_t *where);

void ack_json_free(struct ack_json *root); /* NULL is fine */

bool ack_json_is_object(const struct ack_json *n);
bool ack_json_is_array(const struct ack_json *n);
bool ack_json_is_number(const struct ack_json *n);
bool ack_json_is_null(const struct ack_json *n);

/* All of these take NULL and answer as for a node of another type. */
const char *ack_json_string(const struct ack_json *n); /* or NULL */
const char *ack_json_number(const struct ack_json *n); /* digits, or NULL */
bool ack_json_integer(const struct ack_json *n, int64_t *value);
bool ack_json_boolean(const struct ack_json *n, bool *value);

/*
 * Where the fault of a text is, and what is probably wrong there:
 * "line 3, column 7: JSON has no comments".
 */
#define ACK_JSON_PLACE 160
void ack_json_place(const char *text, size_t len, size_t where,
	char out[static ACK_JSON_PLACE]);

/* A member by its exact name, NULL when there is none or n is no object. */
struct ack_json *ack_json_get(const struct ack_json *n, const char *key);
/* Shorthand for the string of a member; NULL when absent or not a string. */
const char *ack_json_get_string(const struct ack_json *n, const char *key);

/* Walk an array or object: first child, next sibling, name in the object
 * ("" for what is in none). */
struct ack_json *ack_json_first(const struct ack_json *n);
struct ack_json *ack_json_next(const struct ack_json *n);
const char *ack_json_key(const struct ack_json *n);
unsigned ack_json_count(const struct ack_json *n);

/* Constructors: NULL when out of memory. */
struct ack_json *ack_json_object(void);
struct ack_json *ack_json_array(void);
struct ack_json *ack_json_new_string(const char *text);
struct ack_json *ack_json_new_boolean(bool value);
/* `digits` is written as it stands: the caller has checked it. */
struct ack_json *ack_json_new_number(const char *digits);
/* Of all of it, also of an answer. */
/* Whether both say the same: the order of members says nothing. */
bool ack_json_same(const struct ack_json *a, const struct ack_json *b);

struct ack_json *ack_json_copy(const struct ack_json *n);

/*
 * Put `child` (owned from here on, also on failure; NULL counts as failure)
 * into an object under `key`, or at the end of an array with key NULL.
 * 0 or -ENOMEM.
 */
int ack_json_add(
	struct ack_json *parent, const char *key, struct ack_json *child);
int ack_json_add_string(
	struct ack_json *parent, const char *key, const char *text);

/* Takes a member or an element out, and frees it. */
void ack_json_remove(struct ack_json *parent, struct ack_json *child);

/* Appends the text of n, on one line or indented. */
void ack_json_print(const struct ack_json *n, bool pretty, struct ack_buf *out);

/* Appends `text` (UTF-8) as a string, in quotes. */
void ack_json_quote(const char *text, struct ack_buf *out);

/* "1.7.15", for --version. */
const char *ack_json_version(void);

#endif
