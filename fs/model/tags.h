/* SPDX-License-Identifier: MIT */
/*
 * Tags of what exists change one by one: those that were edited are set, those
 * that an edit took away are taken away, and others stay (ack-api.md 2.11).
 */
#ifndef TAGS_H
#define TAGS_H

#include <stdbool.h>

struct ack_values;
struct object;
struct step_request;

bool tags_gone(const struct object *o);
bool tags_new(const struct object *o);
int tags_compose_untag(const struct object *o, struct step_request *s);
int tags_compose_tag(const struct object *o, struct step_request *s);

/* The values are going to be `now`: an edit of the tags goes on from there,
 * so that it changes what it changed before, and nothing else. 0, -ENOMEM. */
int tags_rebase(struct object *o, const struct ack_values *now);

/* Those that are to go are gone. 0, -ENOMEM. */
int tags_untagged(struct object *o);

#endif
