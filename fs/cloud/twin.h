/* SPDX-License-Identifier: MIT */
/*
 * The second look: two machines that commit one name within the lag of the
 * list make two clusters, and neither can know. So some seconds after one was
 * made here, the list is asked once more for its name; another of it, made in
 * the time of this commit, is a warning.
 */
#ifndef TWIN_H
#define TWIN_H

struct ack_buf;
struct object;

/* o->intent has just been carried out; takes it over. */
void twin_expect(struct object *o);

/* Forgets what was found, and ends the look. */
void twin_free(struct object *o);

/* Another object is gone, which is no twin of those beside it any more. */
void twin_gone(struct object *gone);

/* The warning, a line for each; nothing when it is the only one. */
void twin_text(const struct object *o, struct ack_buf *out);

#endif
