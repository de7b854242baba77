/* SPDX-License-Identifier: MIT */
/*
 * Files that editors and copying tools make beside the one they replace.
 * They live in memory inside a draft; renaming one onto a parameter is a
 * write.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct ack_table;
struct object;

#define SCRATCH_FILES 64
#define SCRATCH_BYTES (256u << 10)

struct scratch {
	struct scratch *next;
	unsigned slot;  /* below SCRATCH_SLOTS, the low bits of its inode */
	unsigned links; /* open files, plus one while it has its name */
	bool named;
	struct ack_buf text;
	int64_t changed;
	char name[]; /* SCRATCH_NAME bytes */
};

#define SCRATCH_NAME  256
#define SCRATCH_SLOTS 512

/* True for names that tools make up for a file beside another: known ones, and
 * any with the whole name of a file of `t` in it and something around that. */
bool scratch_name(const struct ack_table *t, const char *name);

struct scratch *scratch_find(const struct object *o, const char *name);
struct scratch *scratch_at(const struct object *o, unsigned slot);

/* NULL when there are too many or memory is short. */
struct scratch *scratch_create(struct object *o, const char *name);

/* Takes the name away; the text stays while it is open. */
void scratch_unlink(struct object *o, struct scratch *s);
void scratch_rename(struct object *o, struct scratch *s, const char *name);
void scratch_put(struct object *o, struct scratch *s); /* one link less */
void scratch_free_all(struct object *o);

#endif
