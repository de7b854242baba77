/* SPDX-License-Identifier: MIT */
/*
 * What a directory becomes when it is known what became of its POST:
 * recorded durably first, shown then.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

struct ack_error;
struct object;

struct ids {
	const char *id, *request_id, *task_id; /* "": not told */
};

/* There is a cluster. Fails never: it exists, whatever the disk says. */
void outcome_exists(struct object *o, const struct ids *ids);

/* Nothing was made: a draft again, and `e` says why. */
void outcome_draft(struct object *o, const struct ack_error *e);

/* Says, as the hint of `e`, until when it is looked for, and what the user can
 * do; for a directory whose outcome is not known. */
void outcome_advise(const struct object *o, struct ack_error *e);

/* Not known: the directory stays as it was sent. */
void outcome_unknown(struct object *o, const struct ack_error *e);

#endif
