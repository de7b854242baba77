/* SPDX-License-Identifier: MIT */
/* What writing request.json does. */
#ifndef IMPORT_H
#define IMPORT_H

#include <stddef.h>

struct ack_error;
struct object;

/*
 * Replaces the draft from the body of a request, either form. Of what exists,
 * what the body says and is another there becomes an edit, what it leaves out
 * stays; -EPERM with all of it that cannot change.
 */
int import_body(
	struct object *o, const char *text, size_t len, struct ack_error *e);

#endif
