/* SPDX-License-Identifier: MIT */
/*
 * Follows what is on its way to somewhere, all of it together: every 10 s,
 * growing to 30 s. Nothing is asked while everything rests.
 */
#ifndef FOLLOW_H
#define FOLLOW_H

struct ack_error;
struct fleet;
struct object;

/* Something is on its way: looks from now on, soon at first. */
void follow_soon(struct fleet *f);

/* Looks now. */
void follow_now(struct fleet *f);

/* A look failed: it is said once, and the next one may do better. */
void follow_failed(struct object *o, const struct ack_error *e);

/* A look was answered: that ends what was said. */
void follow_known(struct object *o);

void follow_stop(struct fleet *f);

#endif
