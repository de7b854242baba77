/* SPDX-License-Identifier: MIT */
/*
 * Lists of objects that have a line form. A type is a list of fields and
 * three functions; all objects share the way to JSON and back.
 */
#ifndef ACK_OBJECTS_H
#define ACK_OBJECTS_H

#include "base/buf.h"
#include "params/lists.h"

#define ACK_FIELDS 14

enum ack_field_kind {
	ACK_FIELD_STRING,
	ACK_FIELD_NUMBER,
	ACK_FIELD_FLAG,    /* "true" or empty */
	ACK_FIELD_BOOLEAN, /* "true", "false" or empty */
	ACK_FIELD_OBJECT,  /* an object; in the request a string of its JSON */
};

struct ack_object {
	struct ack_span field[ACK_FIELDS];
	struct ack_buf json; /* what an ACK_FIELD_OBJECT points into */
};

struct ack_object_type {
	struct ack_list list; /* first: callbacks get a pointer to it */
	const char *form;     /* of a line, for errors */
	struct {
		const char *key;
		enum ack_field_kind kind;
		bool always; /* sent although empty */
	} field[ACK_FIELDS];

	/* Takes a line apart, without touching json; false: it has not the
	 * form. */
	bool (*split)(struct ack_span line, struct ack_object *o);
	int (*check)(const struct ack_param *p, struct ack_object *o,
		struct ack_error *e);
	void (*join)(const struct ack_object *o, struct ack_buf *line);
	/* What must not occur twice; NULL: anything may. */
	void (*identify)(const struct ack_object *o, struct ack_buf *out);
};

/* The field of that key, or -1. */
int ack_object_field(const struct ack_object_type *t, struct ack_span key);

/* For struct ack_list. */
int ack_object_item(const struct ack_list *l, const struct ack_param *p,
	struct ack_span text, struct ack_buf *line, struct ack_buf *identity,
	struct ack_error *e);
int ack_object_json(const struct ack_list *l, const struct ack_param *p,
	const struct ack_json *n, struct ack_buf *line,
	struct ack_buf *identity, struct ack_error *e);

/* The wire() of their types: an array, or one object where l->single. */
struct ack_json *ack_object_wire(const struct ack_param *p, const char *text);

/*
 * Replaces an ACK_FIELD_OBJECT's text by the same JSON on one line, kept in
 * o->json. -EINVAL: it is no JSON object; or -ENOMEM.
 */
int ack_object_compact(struct ack_object *o, unsigned field);

#endif
