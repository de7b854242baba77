/* SPDX-License-Identifier: MIT */
/*
 * The local users that allow_other lets in, and how much is held for each:
 * whatever they do, memory stays bounded, and what is left is the owner's.
 * The owner, root and who mounted are no guests, and nothing is counted.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct fleet;

enum guest_thing {
	GUEST_FILES,   /* open files and directories */
	GUEST_BYTES,   /* of texts and lists that they read and nobody else */
	GUEST_WAITS,   /* requests whose answer comes later */
	GUEST_FETCHES, /* those that wait for the service */
	GUEST_THINGS,
};

struct guests {
	void *by_uid; /* tsearch(3); those for whom something is held */
	size_t held[GUEST_THINGS]; /* for all of them */
};

struct guest {
	uid_t uid;
	struct guests *among;
	size_t held[GUEST_THINGS];
};

bool guest_is(const struct fleet *f, uid_t uid);

/*
 * Holds one of `what`, which is not GUEST_BYTES, for a user. *out is NULL for
 * one that is no guest. 0, -ENOMEM, or the errno of having enough: -EMFILE, or
 * -EAGAIN when waiting is all there is to do.
 */
int guest_enter(
	struct fleet *f, uid_t uid, enum guest_thing what, struct guest **out);

/* The guest goes with the last that is held. NULL is fine. */
void guest_leave(struct guest *g, enum guest_thing what);

/* Of one that has a file open, or NULL: 0 or -EMFILE. What is too large for
 * everybody is still let in alone. */
int guest_charge(struct guest *g, size_t bytes);
void guest_refund(struct guest *g, size_t bytes);

/* From one to another, whatever they have; either may be NULL. */
void guest_move(struct guest *from, struct guest *to, size_t bytes);

#endif
