/* SPDX-License-Identifier: MIT */
/*
 * The list of clusters: fetched in the background when somebody looks and it
 * is older than `refresh=`, page by page, and laid over the directories.
 */
#ifndef REFRESH_H
#define REFRESH_H

struct ack_buf;
struct ack_error;
struct fleet;

/* Somebody looks: a new list, if the last one is too old. Never waits. */
void refresh_look(struct fleet *f);

/* A new list now, unless one is under way. */
void refresh_now(struct fleet *f);

/* No list has ever come, and no directory is there: nobody knows what there is.
 * Then a negative errno and the reason. */
int refresh_missing(const struct fleet *f, struct ack_error *e);

void refresh_stop(struct fleet *f);

/* "12 s ago", for status. */
void refresh_age(const struct fleet *f, struct ack_buf *out);

#endif
