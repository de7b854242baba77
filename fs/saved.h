/* SPDX-License-Identifier: MIT */
/* The records of the directories of a fleet, in its store. */
#ifndef SAVED_H
#define SAVED_H

#include <stdbool.h>

struct ack_error;
struct cluster;
struct fleet;

/* Saves the directory as it is; `durable`: against a power loss, too. */
int saved_put(struct cluster *c, bool durable, struct ack_error *e);

/* Makes what is saved survive a power loss (fsync(2) of a file of it). */
int saved_sync(struct cluster *c, struct ack_error *e);

/* Takes the record of that name away. */
int saved_remove(struct cluster *c, const char *name, struct ack_error *e);

/* Fills a fleet from its store; what cannot be read is set aside and told. */
int saved_load(struct fleet *f, struct ack_error *e);

#endif
