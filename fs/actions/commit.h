/* SPDX-License-Identifier: MIT */
/*
 * A commit under way: check, ask for the name, record the intent, sign and
 * POST once. It belongs to the directory and goes on when its writer leaves.
 */
#ifndef COMMIT_H
#define COMMIT_H

#include <stdbool.h>

#include "model/course.h"

struct ack_error;
struct object;
struct waiter;
struct waiters;

/* What a POST was answered, or a list showed. */
struct ids {
	const char *id, *request_id, *task_id; /* NULL: not known */
	bool found; /* by a list that shows it, not answered */
};

/*
 * Begins one for a draft; w->done comes later, maybe from inside (w may be
 * NULL). Negative: nothing has begun; -EINVAL with all findings.
 */
int commit_begin(struct object *o, struct waiter *w, struct ack_error *e);

/*
 * Something happened: does what the table of course.c says. `ids` and `e`
 * belong to the events that bring them, else NULL.
 */
void commit_happen(struct object *o, enum course_event event,
	const struct ids *ids, const struct ack_error *e);

/* Forgets a commit under way (the mount ends); its waiter gets -EINTR. */
void commit_drop(struct object *o);

/*
 * What a directory becomes when it is known what became of its POST:
 * recorded durably first, shown then.
 */

/* There is a cluster: records its IDs; EVENT_KEPT follows, at once or later. */
void commit_keep(struct object *o, const struct ids *ids);

/* Shows it, which fails never: it exists, whatever the disk (`e`) says. */
void commit_exists(struct object *o, const struct ack_error *e);

/* All of `list` wait for that; -EINTR when the object goes before. */
void commit_wait(struct object *o, struct waiters *list);

/* Nothing was made: a draft again, and `e` says why. */
void commit_draft(struct object *o, const struct ack_error *e);

/* Says, as the hint of `e`, until when it is looked for, and what the user can
 * do; for a directory whose outcome is not known. */
void commit_advise(const struct object *o, struct ack_error *e);

/* Takes what is known to the disk, without waiting for it. */
void commit_save(struct object *o);

/* Says it anew, since the time that it named may have passed; and why it could
 * not be looked for (NULL: it could), beside why it is not known. */
void commit_retell(struct object *o, const struct ack_error *missed);

/* Not known: the directory stays as it was sent. */
void commit_unknown(struct object *o, const struct ack_error *e);

#endif
