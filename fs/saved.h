/* SPDX-License-Identifier: MIT */
/* The records of the directories of a fleet, in its store. */
#ifndef SAVED_H
#define SAVED_H

#include <stdbool.h>

struct ack_error;
struct object;
struct fleet;

/* Saves the directory as it is; `durable`: against a power loss, too. */
int saved_put(struct object *o, bool durable, struct ack_error *e);

/* Makes what is saved survive a power loss (fsync(2) of a file of it). */
int saved_sync(struct object *o, struct ack_error *e);

/* Takes its record away. */
int saved_remove(struct object *o, struct ack_error *e);

/* The same record under its new name, durably; the old one goes. On failure
 * there is only the old one. */
int saved_renamed(struct object *o, const char *old, struct ack_error *e);

/* Fills a fleet from its store; what cannot be read is set aside and told. */
int saved_load(struct fleet *f, struct ack_error *e);

#endif
