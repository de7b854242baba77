/* SPDX-License-Identifier: MIT */
/*
 * Tags of what exists change one by one: those that were edited are set, those
 * that an edit took away are taken away, and others stay (ack-api.md 2.11).
 */
#ifndef TAGS_H
#define TAGS_H

#include <stdbool.h>

struct object;
struct step_request;

bool tags_gone(const struct object *o);
bool tags_new(const struct object *o);
int tags_compose_untag(const struct object *o, struct step_request *s);
int tags_compose_tag(const struct object *o, struct step_request *s);

#endif
