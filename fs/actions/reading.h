/* SPDX-License-Identifier: MIT */
/*
 * What is there now, read before a change: the detail, and as far as the edits
 * are about them the node pools, the nodes of a pool, and the addons.
 */
#ifndef READING_H
#define READING_H

#include <stdint.h>

#include "actions/addons.h"
#include "base/buf.h"

struct ack_call;
struct ack_error;
struct ack_json;
struct object;

struct reading {
	struct object *object;
	/* it has ended; `e` NULL: well */
	void (*done)(void *arg, const struct ack_error *e);
	void *arg;
	struct ack_call *call;
	int64_t asked; /* ack_now_ms() */
	char page[16]; /* of the nodes */
	unsigned pages;
	struct addons_look addons;
	/* what no value of the object says: */
	struct ack_buf nodes;      /* of those that are to go: eviction.h */
	struct ack_json *versions; /* of addons, or NULL: addons_complete() */
};

/* done() comes; at once where it cannot even begin. */
void reading_begin(struct reading *r, struct object *o,
	void (*done)(void *arg, const struct ack_error *e), void *arg);

/* Ends it without done(), and frees what it has; zeros are fine. */
void reading_drop(struct reading *r);

#endif
