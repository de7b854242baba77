/* SPDX-License-Identifier: MIT */
/*
 * What the service says of something, laid over its directory: which one it
 * is, its values, its state, that it is gone.
 */
#ifndef LIVE_H
#define LIVE_H

struct ack_json;
struct fleet;
struct object;

/*
 * The directory of an element of a list, made if there is none: of a cluster,
 * or of a node pool of `parent`. NULL: no memory, an ID of the wrong form, or
 * one that a commit under way here may have made.
 */
struct object *live_find(struct fleet *f, struct object *parent,
	const struct ack_json *n);

/* Takes over its values and its state. */
void live_take(struct object *o, const struct ack_json *n);

/* Asks the service for it by its ID, in its turn, and takes that over. */
void live_ask(struct object *o);

/* Nothing is there any more: tells whoever waits, and the directory goes. */
void live_gone(struct object *o);

/* The node pools of a cluster, all of them, as the service lists them. */
void live_nodepools(struct object *o, const struct ack_json *list);

/* Asks for them, in its turn. */
void live_ask_nodepools(struct object *o);

#endif
