/* SPDX-License-Identifier: MIT */
/* A state directory, in memory. */
#ifndef DISK_H
#define DISK_H

#include "model/fleet.h"
#include "state/saved.h"
#include "state/state.h"

struct disk {
	struct state state;
	struct saved saved;
	char dir[64];
};

/* Made on the first call, and empty. */
struct disk *disk_empty(void);

/* A file of it, as it is from here on. */
void disk_put(const struct disk *d, const void *data, size_t len);

/* What is in it, in a fleet; non-zero: it is refused, and `e` says why. */
int disk_open(struct disk *d, struct fleet *f, struct ack_error *e);
void disk_close(struct disk *d, struct fleet *f);

/* All of the fleet is put there, and is what is found there. */
void disk_keep(struct fleet *f);

#endif
