/* SPDX-License-Identifier: MIT */
/* The keys of a request: each must be one that the table knows, once. */
#ifndef ACK_BODY_KEYS_H
#define ACK_BODY_KEYS_H

#include "params.h"

struct ack_error;
struct ack_json;

struct ack_body_keys {
	const struct ack_table *table;
	enum ack_form form;
	const struct ack_json *root;
	struct ack_error *e; /* the first fault, the others in e->more */
};

void ack_body_check_keys(const struct ack_body_keys *k);

/* Adds a fault to those of the request. */
void ack_body_fault(
	const struct ack_body_keys *k, const struct ack_error *fault);

#endif
