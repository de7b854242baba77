/* SPDX-License-Identifier: MIT */
/*
 * What a directory becomes when it is known what became of its POST:
 * recorded durably first, shown then.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <stdbool.h>

struct ack_error;
struct object;
struct waiters;

struct ids {
	const char *id, *request_id, *task_id; /* NULL: not told */
	bool found; /* by a list that shows it, not answered */
};

/* There is a cluster: records its IDs; EVENT_KEPT follows, at once or later. */
void outcome_keep(struct object *o, const struct ids *ids);

/* Shows it, which fails never: it exists, whatever the disk (`e`) says. */
void outcome_exists(struct object *o, const struct ack_error *e);

/* All of `list` wait for that; -EINTR when the object goes before. */
void outcome_wait(struct object *o, struct waiters *list);
void outcome_drop(struct object *o);

/* Nothing was made: a draft again, and `e` says why. */
void outcome_draft(struct object *o, const struct ack_error *e);

/* Says, as the hint of `e`, until when it is looked for, and what the user can
 * do; for a directory whose outcome is not known. */
void outcome_advise(const struct object *o, struct ack_error *e);

/* Takes what is known to the disk, without waiting for it. */
void outcome_save(struct object *o);

/* Says it anew, since the time that it named may have passed; and why it could
 * not be looked for (NULL: it could), beside why it is not known. */
void outcome_retell(struct object *o, const struct ack_error *missed);

/* Not known: the directory stays as it was sent. */
void outcome_unknown(struct object *o, const struct ack_error *e);

#endif
