/* SPDX-License-Identifier: MIT */
/*
 * Names that somebody changes elsewhere. A directory keeps its path for as long
 * as the mount lasts, since scripts are in it; the next mount follows.
 */
#ifndef RENAMED_H
#define RENAMED_H

struct ack_buf;
struct object;

/* What exists was called `was`, and is called `is` now; NULL: not known. One
 * whose directory had another name of its user's choice keeps that. */
void renamed_note(struct object *o, const char *was, const char *is);

/* A warning, for `check`. */
void renamed_text(const struct object *o, struct ack_buf *out);

#endif
