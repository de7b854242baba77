/* SPDX-License-Identifier: MIT */
/*
 * audit.log in the state directory: one line for each changing call, and
 * for each decision about one. No values, no secrets.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include <sys/types.h>

struct ack_answer;
struct ack_error;
struct fleet;
struct object;

struct audit_caller {
	uid_t uid;
	pid_t pid; /* 0: nobody, ackfs by itself */
};

/* Opens (makes) it in the directory `dir`, as f->audit; what is there instead
 * is set aside. 0 or a negative errno. */
int audit_open(struct fleet *f, int dir, struct ack_error *e);

/* `outcome`: a course_event_name(); `request_id`: that of this very call, or
 * NULL; `e`: what the service said, or NULL. */
void audit_line(const struct object *o, const struct audit_caller *who,
	const char *action, const char *outcome, const char *request_id,
	const struct ack_error *e);

/* The same of a change: accepted, refused, unsent or unknown. */
void audit_answer(const struct object *o, const struct audit_caller *who,
	const char *action, const struct ack_answer *answer,
	const struct ack_error *e);

#endif
