/* SPDX-License-Identifier: MIT */
/* What the service reports of a cluster beside its tasks: its own events. */
#ifndef HEAR_H
#define HEAR_H

struct object;

/* Asks for them, in its turn, and adds the new ones to `events`. */
void hear_events(struct object *o);

#endif
