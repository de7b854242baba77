/* SPDX-License-Identifier: MIT */
/*
 * What each edit of something that exists was based on: the value that the
 * service gave when the edit was first made. Where it is another now, somebody
 * else has changed it, and the edit must not overwrite that unseen.
 */
#ifndef BASES_H
#define BASES_H

#include <stdbool.h>

struct ack_error;
struct ack_values;
struct object;

/* The value that the edit of that row was based on; NULL: it was unset. */
const char *bases_get(const struct object *o, unsigned row);

/* Notes in `bases` that an edit begins at what the row says now; unless the
 * service has not said anything of it yet. */
int bases_begin(const struct object *o, unsigned row, struct ack_values *bases);

/* What the service has just said is the base of an edit that has none. */
void bases_pin(struct object *o);

/* Edits that have come true are no edits any more. */
void bases_settle(struct object *o);

/* The node pool that an edit of num_of_nodes changes may become known later
 * than the edit; from then on its number is a base, too. */
void bases_follow(struct object *o);

/* Whether some base of an edit that a call carries out has changed; -ESTALE and
 * `e` filled with the three values of each. */
int bases_compare(const struct object *o,
	bool (*covers)(const struct object *o, unsigned row),
	struct ack_error *e);

/* Every edit begins anew at what is there now. */
void bases_renew(struct object *o);

#endif
