/* SPDX-License-Identifier: MIT */
/*
 * What the service says of something, laid over its directory: which one it
 * is, its values, its state, that it is gone.
 */
#ifndef LIVE_H
#define LIVE_H

#include <stdbool.h>
#include <stdint.h>

struct ack_error;
struct ack_json;
struct fleet;
struct object;

/*
 * The directory of an element of a list, made if it does not exist: of a
 * cluster, or of a node pool of `parent`. NULL: no memory, an ID of the wrong
 * form, or one that a commit under way here may have made.
 */
struct object *live_find(
	struct fleet *f, struct object *parent, const struct ack_json *n);

/* Takes over its values and its state; `asked`: when the answer was asked for,
 * ack_now_ms(). One from before the last change is not believed. */
void live_take(struct object *o, const struct ack_json *n, int64_t asked);

/* A call that was made here has changed that row: what the service says of it
 * next is no news. */
void live_changed_here(struct object *o, unsigned row);

/* Counts the nodes that all pools of a cluster want, anew; after a change of
 * them that was made here (NULL: there is no such cluster). */
void live_count(struct object *o);
void live_own_change(struct object *cluster);

/* Asks the service for it by its ID, in its turn, and takes that over. */
void live_ask(struct object *o);

/* The same once more, where an answer that is on its way may be too old; with
 * the node pools of a cluster. */
void live_ask_again(struct object *o);

/* A list has it no more: it is gone, unless more than a view of it is kept
 * here or the list was not `sure`; then it is asked for by its ID. */
void live_absent(struct object *o, bool sure);

/* It does not exist any more: waiters are answered, and the directory goes. */
void live_gone(struct object *o);

/* The node pools of a cluster, all of them, as the service lists them. */
void live_nodepools(
	struct object *o, const struct ack_json *list, int64_t asked);

/* 0, or -EPROTO when that is no such list. */
int live_pools_check(const struct ack_json *list, struct ack_error *e);

/* Asks for them, in its turn. */
void live_ask_nodepools(struct object *o);

/* Whether the list of them is not older than what is shown may be. */
bool live_pools_fresh(const struct object *o);

#endif
