/* SPDX-License-Identifier: MIT */
/* The keys of a request: each must be one that the table knows, once. */
#ifndef ACK_BODY_KEYS_H
#define ACK_BODY_KEYS_H

#include "params/params.h"

struct ack_error;
struct ack_json;

struct ack_body_keys {
	const struct ack_table *table;
	enum ack_form form;
	bool spread; /* the first node pool is what stands in [0] places */
	const struct ack_json *root;
	struct ack_error *e; /* the first fault, the others in e->more */
};

void ack_body_check_keys(const struct ack_body_keys *k);

/* The same for an object within, which has this name. */
void ack_body_check_object(const struct ack_body_keys *k,
	const struct ack_json *object, const char *name);

/*
 * Whether a row is known by its own name at the top of a request: in a flat
 * table, unless that name is part of the way to its place.
 */
bool ack_body_own_name(
	const struct ack_table *t, unsigned row, enum ack_form form);

/* Adds a fault to those of the request. */
void ack_body_fault(
	const struct ack_body_keys *k, const struct ack_error *fault);

#endif
