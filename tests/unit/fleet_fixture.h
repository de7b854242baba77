/* SPDX-License-Identifier: MIT */
/* A fleet in a state directory of its own, without a network or a mount. */
#ifndef FLEET_FIXTURE_H
#define FLEET_FIXTURE_H

#include "unit.h"

#include "object.h"
#include "error.h"
#include "event.h"
#include "fleet.h"
#include "node.h"
#include "params.h"
#include "saved.h"
#include "state.h"
#include "types.h"

struct fixture {
	char dir[64]; /* the state directory */
	struct ack_events events;
	struct ack_http *http; /* nothing is ever sent */
	struct state state;
	struct saved saved;
	struct fleet fleet;
};

/* For cmocka: *state is a struct fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* The mount ends without a word, and the next one begins. */
void fixture_again(struct fixture *x);
/* The same, but what is on disk is read by `open`, whose result is returned. */
int fixture_again_with(struct fixture *x, int (*open)(struct fixture *x));

/* Turns the loop until nothing waits for the disk. */
void fixture_settle(struct fixture *x);

/* The service has said that it exists. */
struct ids;
void fixture_exists(
	struct fixture *x, struct object *o, const struct ids *ids);

/* A file of clusters/ in the state directory. */
void fixture_write(struct fixture *x, const char *file, const char *text);
bool fixture_has(struct fixture *x, const char *file);
size_t fixture_files(struct fixture *x);

struct object *fixture_draft(struct fixture *x, const char *name);
struct node fixture_node(struct object *o, const char *name);
const char *fixture_value(struct object *o, unsigned row);

#endif
