/* SPDX-License-Identifier: MIT */
/*
 * The types of parameters. A value is kept as canonical text: what its file
 * reads, without the final newline; lists have one item a line.
 */
#ifndef ACK_TYPES_H
#define ACK_TYPES_H

#include <stdbool.h>
#include <stddef.h>

struct ack_buf;
struct ack_error;
struct ack_json;
struct ack_list;
struct ack_param;

#define ACK_VALUE_MAX 65536 /* bytes of a value; more is EFBIG */

struct ack_type {
	const char *name;    /* as schema/ calls it */
	const char *example; /* of the written form */
	bool list;           /* gathers several writes and lines */
	bool document;       /* is JSON, or may be, of several writes */
	const char *bounds;  /* what min and max count; NULL: not used */
	const char *shape;   /* of its JSON (shape.h); NULL: the row's */
	const struct ack_list *items; /* of a list (lists.h); else NULL */

	/*
	 * Text as a person wrote it -> canonical text in `out` (nothing: the
	 * parameter is unset). 0, or -EINVAL with a sentence that says what
	 * would be right. -EAGAIN: right so far, but it ends within JSON that
	 * is not closed yet. The caller has taken care of size, NUL, UTF-8
	 * and the last line end.
	 */
	int (*parse)(const struct ack_param *p, const char *text, size_t len,
		struct ack_buf *out, struct ack_error *e);

	/* Canonical text -> a new JSON node for the request; NULL: no memory */
	struct ack_json *(*wire)(const struct ack_param *p, const char *text);

	/* JSON of a request or an answer -> text that parse() accepts. */
	int (*unwire)(const struct ack_param *p, const struct ack_json *n,
		struct ack_buf *out, struct ack_error *e);

	/* An object or array of them -> canonical text, as unwire() and then
	 * parse() would give; NULL: the type is not one of those. */
	int (*read)(const struct ack_param *p, const struct ack_json *n,
		struct ack_buf *out, struct ack_error *e);
};

/* Scalars: scalars.c, strings.c */
extern const struct ack_type ack_type_string, ack_type_name, ack_type_id,
	ack_type_integer, ack_type_boolean, ack_type_choice, ack_type_cidr,
	ack_type_version, ack_type_password, ack_type_domain;
/* Texts of many lines: blocks.c */
extern const struct ack_type ack_type_pem, ack_type_base64;
/* JSON: json_type.c */
extern const struct ack_type ack_type_json, ack_type_switch;
/* Lists of words: words.c */
extern const struct ack_type ack_type_words, ack_type_ids, ack_type_hosts;
/* Lists of objects with a line form: objects.c */
extern const struct ack_type ack_type_tags, ack_type_node_tags, ack_type_labels,
	ack_type_taints, ack_type_addons, ack_type_live_addons, ack_type_disks,
	ack_type_runtime, ack_type_removals;
/* Node pools, each as JSON: pool_lines.c */
extern const struct ack_type ack_type_pools;

/*
 * What write(2) does with the text of a parameter file: checks size (EFBIG),
 * NUL and malformed UTF-8 (EINVAL), drops one final newline or CRLF, and
 * parses. `out` is the canonical text. 0, -EINVAL, -EFBIG, -EAGAIN (see
 * parse) or -ENOMEM; `e` names the parameter and never holds a secret.
 */
int ack_param_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e);

/*
 * The same for a value that stands in JSON: `n` of a request or an answer.
 * Its texts are taken as they are: a line end in a JSON string is meant, and
 * wrong. 0, -EINVAL, -EFBIG or -ENOMEM, never -EAGAIN.
 */
int ack_param_read(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e);

/* True when the bytes are well-formed UTF-8 (RFC 3629). */
bool ack_utf8_valid(const char *text, size_t len);

/* A value on one line, for a person; a secret not at all. */
void ack_param_line(
	const struct ack_param *p, const char *text, struct ack_buf *out);

#endif
