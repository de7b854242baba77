/* SPDX-License-Identifier: MIT */
/* A fleet in a state directory of its own, without a network or a mount. */
#ifndef FLEET_FIXTURE_H
#define FLEET_FIXTURE_H

#include "unit.h"

#include "base/error.h"
#include "base/event.h"
#include "model/fleet.h"
#include "model/object.h"
#include "params/params.h"
#include "params/types.h"
#include "state/saved.h"
#include "state/state.h"
#include "tree/node.h"

struct fixture {
	char dir[64]; /* the state directory */
	struct ack_events events;
	struct ack_http *http; /* nothing is ever sent */
	struct state state;
	struct saved saved;
	struct fleet fleet;
	struct ack_error why; /* the last mount failed */
	bool begun;
};

/* For cmocka: *state is a struct fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* The mount ends without a word, and the next one begins. */
void fixture_again(struct fixture *x);

/* It ends; the next one is begun by `open`, whose result is returned. */
void fixture_end(struct fixture *x);
int fixture_begin(struct fixture *x, int (*open)(struct fixture *x));
int fixture_open(struct fixture *x); /* saved_open(), with x->why */

/* What is due happens. */
void fixture_turn(struct fixture *x);

/* Turns the loop until nothing waits for the disk. */
void fixture_settle(struct fixture *x);

/* The service has said that it exists. */
struct ids;
void fixture_exists(struct fixture *x, struct object *o, const struct ids *ids);

/* What the next mount is to find; to be freed. */
char *fixture_kept(struct fixture *x);
/* The mount ends without a word; the next one finds what it found, and says
 * nothing. */
void fixture_check_kept(struct fixture *x);

/* The process is killed: the next mount finds the files as they are now. */
void fixture_kill(struct fixture *x);

/* While nothing is mounted, a statement changes the database. */
void fixture_sql(struct fixture *x, const char *sql);

/* The size of a file of the state directory, -1 when it is not there. */
long fixture_size(const struct fixture *x, const char *file);

struct object *fixture_draft(struct fixture *x, const char *name);
struct node fixture_node(struct object *o, const char *name);
const char *fixture_value(struct object *o, unsigned row);

#endif
