/* SPDX-License-Identifier: MIT */
/*
 * Orders of one call, each a row: what has to be written into its file, the
 * call, and what is so once it is accepted.
 */
#ifndef ERRAND_H
#define ERRAND_H

#include <stdbool.h>
#include <stddef.h>

struct ack_error;
struct ack_json;
struct object;
struct step_request;
struct waiter;

struct errand {
	const char *name; /* of its file, and in audit.log */
	const char *to;   /* what it does, for a sentence: "delete it" */
	const char *of;   /* whose ID is written; NULL: the object's */
	/* what keeps it from being done at all; 0 or a negative errno. NULL:
	 * nothing */
	int (*check)(const struct object *o, struct ack_error *e);
	/* the ID that has to be written; NULL: it does not exist */
	const char *(*id)(const struct object *o);
	bool yes; /* 1 will do, too */
	/* 0 or -ENOMEM */
	int (*compose)(const struct object *o, struct step_request *s);
	/* it was accepted; `answer` may be NULL */
	void (*done)(struct object *o, const struct ack_json *answer);
	bool may_lack; /* that it is not there any more is as good */
};

extern const struct errand errand_delete, errand_cancel, errand_pause,
	errand_resume, errand_revoke;

/*
 * What was written into its file. NODE_LATER: it is under way and w->done
 * comes. Else a negative errno: EINVAL (another word), EPERM, EBUSY.
 */
int errand_order(struct object *o, const struct errand *what, const char *text,
	size_t len, struct waiter *w, struct ack_error *e);

/* Of the files of tasks: whether one is under way that is known. */
bool errand_has_task(const struct object *o);

#endif
