/* SPDX-License-Identifier: MIT */
/*
 * Tags of what exists change one by one: those that were edited are set, those
 * that an edit took away are taken away, and others stay (SERVICE.md, Tags).
 */
#ifndef TAGS_H
#define TAGS_H

#include <stdbool.h>

struct ack_buf;
struct ack_values;
struct object;

bool tags_gone(const struct object *o);
bool tags_new(const struct object *o);

/* What is sent for each: a list of keys, a whole body. 0, or -ENOMEM. */
int tags_lost(const struct object *o, struct ack_buf *out);
int tags_body(const struct object *o, struct ack_buf *out);

/* The values are going to be `now`: an edit of the tags goes on from there,
 * so that it changes what it changed before, and nothing else. 0, -ENOMEM. */
int tags_rebase(struct object *o, const struct ack_values *now);

/* Those that are to go are gone. 0, -ENOMEM. */
int tags_untagged(struct object *o);

#endif
