/* SPDX-License-Identifier: MIT */
/* Deleting something: the call, and what a person should know before. */
#ifndef REMOVAL_H
#define REMOVAL_H

struct ack_buf;
struct ack_error;
struct fleet;
struct object;
struct step_request;

/* 0, or -EPERM: protected, or not allowed in this mount. */
int removal_check(const struct object *o, struct ack_error *e);

/* 0 or -ENOMEM. */
int removal_compose(const struct object *o, struct step_request *s);

/* The text of `delete_plan`. */
void show_delete_plan(struct fleet *f, struct object *o, struct ack_buf *out);

#endif
