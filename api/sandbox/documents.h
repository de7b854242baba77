/* SPDX-License-Identifier: MIT */
/* JSON that is kept, changed and answered again: copies and merges. */
#ifndef SANDBOX_DOCUMENTS_H
#define SANDBOX_DOCUMENTS_H

#include <stdbool.h>
#include <stdint.h>

struct ack_json;

/*
 * A copy without nulls and without passwords, wherever they stand: what was
 * copied can be kept and answered. NULL: no memory.
 */
struct ack_json *document_copy(const struct ack_json *n);

/*
 * A new object: `base` with the members of `change` in it. Objects merge,
 * everything else is replaced, null takes a member away. NULL: no memory.
 */
struct ack_json *document_merge(
	const struct ack_json *base, const struct ack_json *change);

/*
 * Whether what is kept of it can be read again: the state file puts it a few
 * levels deeper.
 */
bool document_is_flat(const struct ack_json *n);

/* A copy without one member. */
struct ack_json *document_without(const struct ack_json *o, const char *key);

/*
 * Gives the member `key` of *root, an object or NULL, this value, which is
 * taken over also on failure. 0 or -ENOMEM, *root unchanged then.
 */
int document_set(
	struct ack_json **root, const char *key, struct ack_json *value);

/* The same for a member of a member, which is made when it is not there. */
int document_set_in(struct ack_json **root, const char *outer, const char *key,
	struct ack_json *value);

/* Members with a value that no node has yet. 0 or -ENOMEM. */
int document_add_number(struct ack_json *o, const char *key, int64_t value);
int document_add_boolean(struct ack_json *o, const char *key, bool value);

struct ack_json *document_number(int64_t value);

/* The number of a member, or `otherwise`. */
int64_t document_integer(
	const struct ack_json *o, const char *key, int64_t otherwise);
/* Whether a member is true. */
bool document_flag(const struct ack_json *o, const char *key);

#endif
