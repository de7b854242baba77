/* SPDX-License-Identifier: MIT */
/*
 * What a directory can stand for: a cluster, or a node pool of one. One row
 * of a table each; whatever else deals with objects knows no kind by name.
 */
#ifndef KIND_H
#define KIND_H

#include <stdbool.h>

#include "client/client.h"
#include "params/params.h"

struct ack_values;
struct object;

/* What the service says of one in a list, or of one alone; NULL: nothing. */
struct identity {
	const char *id, *name, *created, *state;
	const struct ack_json *tags; /* an array of key and value */
	long nodes;                  /* how many it has; -1: not known */
	bool is_default;             /* of a node pool */
};

struct kind {
	const char *noun;    /* "cluster" */
	const char *a_noun;  /* "a cluster" */
	const char *id_form; /* of an ID, for a person */
	const struct ack_table *table;
	unsigned name_row;
	enum ack_action create, describe, modify, remove;
	bool (*id_valid)(const char *id);
	void (*identify)(const struct ack_json *n, struct identity *out);
	/* Lists those that may have that name, and maybe others. */
	struct ack_call *(*list)(const struct object *o, const char *name,
		bool paced, ack_list_fn done, void *arg, struct ack_error *e);
	/* Fills in what the directory gives when it was not written. */
	int (*fill_in)(const struct object *o, struct ack_values *v);
	const char *absent; /* the code for what is not there */
};

extern const struct kind kind_cluster, kind_nodepool;

/* The form in which a request with these values is sent: that of the mount; but
 * further node pools need the form that has them, unless -o body= says
 * otherwise, or something is set for which that form has no place. */
enum ack_form kind_form(const struct object *o, const struct ack_values *v);

/* A call about o: the IDs of its path are those of o and its parent. */
struct ack_request kind_request(const struct object *o, enum ack_action action);

/* A paced call beside it, about what has that ID. */
struct ack_request kind_about(
	const struct object *o, enum ack_action action, const char *id);

/* Its nouns in the language of the mount: ack_text(). */
const char *kind_noun(const struct kind *kind);
const char *kind_a_noun(const struct kind *kind);

/* An answer that describes one has to be about just that one. 0, or a negative
 * errno and e filled. */
int kind_check(const struct kind *kind, const char *id,
	const struct ack_json *answer, struct ack_error *e);

/* Whether that refusal means that it is not there any more. Another 404 does
 * not: a proxy may have answered. */
bool kind_absent(const struct object *o, const struct ack_error *e);

#endif
