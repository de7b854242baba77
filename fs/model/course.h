/* SPDX-License-Identifier: MIT */
/*
 * The course of a commit, as a table: what follows from a state and an
 * event, and what has to be done. No I/O here, so every path can be tried.
 *
 *	draft --commit--> asking --free--> recording --recorded--> sending
 *	  ^                  |taken, failed    |failed                |
 *	  +<-----------------+<----------------+<--refused, unsent----+
 *	  |                                                accepted / | lost
 *	  |                         exists <--kept-- keeping <-------+|
 *	  |  absent, given up                           ^ found       v
 *	  +<------------------------------------------- unknown <-----+
 *
 * What holds:
 * - The POST is sent from `sending` alone, never again once it may have been
 *   executed, and `sending` is entered only after the intent is on disk. A
 *   crash there is found as an intent without an outcome, which is `unknown`.
 * - From `unknown` nothing is ever sent. It is left by evidence (found, or
 *   proven absent) or by the user's word.
 * - `draft` after `sending` or `unknown` means that no cluster was made.
 */
#ifndef COURSE_H
#define COURSE_H

#include <stdbool.h>

enum course_state {
	COURSE_DRAFT,
	COURSE_ASKING,    /* whether the name is free */
	COURSE_RECORDING, /* the intent, on disk */
	COURSE_SENDING,   /* the POST; may have left */
	COURSE_KEEPING,   /* the IDs, on disk: it exists */
	COURSE_UNKNOWN,   /* left, and its outcome is not known */
	COURSE_EXISTS,
	COURSE_STATES
};

enum course_event {
	EVENT_COMMIT,    /* the user's order */
	EVENT_NAME_FREE, /* or not asked for */
	EVENT_NAME_TAKEN,
	EVENT_ASK_FAILED,   /* no permission, no network, a wrong clock */
	EVENT_RECORDED,     /* it survives a power loss */
	EVENT_NOT_RECORDED, /* full or broken disk: nothing was sent */
	EVENT_ACCEPTED,     /* 2xx and an ID of the right form */
	EVENT_REFUSED,      /* a no in the service's own words */
	EVENT_UNSENT,       /* provably not a byte has left */
	EVENT_LOST,         /* anything else */
	EVENT_FOUND,        /* exactly one cluster that must be ours */
	EVENT_UNDECIDED,    /* several, or none yet, or no answer */
	EVENT_ABSENT,       /* proven: two complete lists after the window */
	EVENT_ADOPT,        /* the user gave the ID of a cluster that exists */
	EVENT_GIVE_UP,      /* the user said that it does not exist */
	EVENT_KEPT,         /* the IDs are on disk, or cannot be */
	EVENT_MOUNT,        /* the record was read at the next mount */
	COURSE_EVENTS
};

enum course_action {
	ACTION_NONE,
	ACTION_REFUSE, /* the order makes no sense now */
	ACTION_ASK,    /* list the clusters of that name */
	ACTION_RECORD, /* the intent, durably */
	ACTION_POST,
	ACTION_KEEP,  /* record the IDs, durably */
	ACTION_SHOW,  /* them, and that it exists */
	ACTION_CLEAR, /* take the intent from the record: it is a draft */
	ACTION_LOOK,  /* for a cluster that must be ours, later again */
	ACTION_TELL,  /* the failure; nothing was recorded or sent */
};

struct course_step {
	enum course_state state;
	enum course_action action;
	bool valid; /* false: the event cannot happen in that state */
};

struct course_step course_next(
	enum course_state state, enum course_event event);

/*
 * What the record on disk says of a state: only `draft`, `intent` and
 * `exists` are ever written.
 */
enum course_record { RECORD_DRAFT, RECORD_INTENT, RECORD_EXISTS };

/* The state in which the next mount finds a directory. */
enum course_state course_recover(enum course_record record);

const char *course_state_name(enum course_state state);
const char *course_event_name(enum course_event event); /* for audit.log */

#endif
