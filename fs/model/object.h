/* SPDX-License-Identifier: MIT */
/*
 * One directory that stands for something in the cloud, or will: a cluster,
 * or a node pool of one (kind.h). Its draft, its state, what the service
 * says of it. Knows neither FUSE nor libcurl.
 */
#ifndef OBJECT_H
#define OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/course.h"
#include "params/params.h"
#include "params/values.h"

struct ack_error;
struct change;
struct commit;
struct fetch;
struct fetch_source;
struct fleet;
struct intent;
struct kind;
struct login;
struct moved;
struct resolve;
struct scratch;
struct story;
struct twin;

/* The rows of its inodes, but for scratch files. */
#define OBJECT_ROWS 192 /* fixed files, then parameters: node.h */

/* What the create was answered; "": nothing. */
struct receipt {
	char request_id[64], task_id[64];
	bool failed; /* what was to be made never came to be */
};

/* The directories beside each other, in the order of their names. */
struct objects {
	void *by_name; /* tsearch(3) */
	size_t count;
	int64_t changed; /* when one came or went, ns since 1970; 0: never */
};

struct object {
	struct fleet *fleet;
	const struct kind *kind;
	struct object *parent; /* of a node pool: its cluster */
	struct objects pools;  /* of a cluster: its node pools */
	uint64_t serial;       /* never used again */
	char *name;            /* of the directory */
	char *renamed;         /* what the next mount calls it; or NULL */
	enum course_state state;
	char word[64]; /* the service's, when it exists */
	/* what was written, for a draft; else what is there in the cloud */
	struct ack_values values;
	struct ack_values edits; /* of what is there: yet to be committed */
	struct ack_values bases; /* of the edits; bases.h */
	/* rows that were changed here since the service was last heard at rest
	 */
	uint64_t unheard[(OBJECT_ROWS + 63) / 64];
	uint64_t hidden[OBJECT_ROWS / 64]; /* rows whose name rm took away */
	/* rows whose size the kernel has, and may be asked to forget */
	uint64_t sent[OBJECT_ROWS / 64];
	/* rows whose last text ended too early; draft.h */
	uint64_t cut[OBJECT_ROWS / 64];
	/* parameters that were written without effect; draft.h */
	uint64_t idle[(OBJECT_ROWS + 63) / 64];
	char *error;      /* text of `error`, or NULL */
	char *upgrades;   /* of versions_offer(), or NULL */
	char *live_error; /* of a cluster: that of live/NAME/error, */
	const struct fetch_source *live_failed; /* and of which file; or NULL */
	char id[48];                            /* "": none yet */
	struct receipt *receipt; /* from before its POST; NULL: not made here */
	struct commit *commit;   /* until its outcome is on disk */
	struct intent *intent;   /* from before its POST to its outcome */
	struct resolve *resolve; /* while `unknown` is looked into */
	struct twin *twin;       /* another of its name, or a look for it */
	struct change *change;   /* while calls change what is there */
	struct story *story;     /* what has happened to it, or NULL */
	struct fetch *fetches;   /* under way, for files of live/ */
	struct login *login;     /* to its API server, or NULL */
	struct scratch *scratch;
	struct moved *moved;  /* numbers that lead elsewhere: alias.h */
	unsigned seen;        /* the list that it was last in; refresh.h */
	unsigned pools_seen;  /* the same of its node pools: the last list */
	int64_t pools_listed; /* when that was asked for; 0: never */
	bool pools_old;       /* something has happened since */
	/* how many it has, as the service last counted them; -1: not known */
	long nodes;
	bool is_default;          /* of a node pool: the one of num_of_nodes */
	bool kept;                /* it is in the database, by its serial, */
	bool error_kept;          /* and what it says of a failure */
	uint64_t line;            /* the last change there that is about it */
	int64_t created, changed; /* ns since 1970 */
	/* ack_now_ms() of the last call that made or changed it; 0: none here
	 */
	int64_t since;
};

/* The name it has or will have in the cloud. */
const char *object_name(const struct object *o);
struct receipt *object_receipt(struct object *o); /* NULL: no memory */
const char *object_request_id(const struct object *o);
const char *object_task_id(const struct object *o);
const char *object_state_word(const struct object *o);
bool object_committing(const struct object *o); /* of a draft */
bool object_exists(const struct object *o);     /* in the cloud */

/* What the file of a parameter says: the edit, else the value; NULL: unset. */
const char *object_value(const struct object *o, unsigned row, size_t *len);
bool object_edited(const struct object *o, unsigned row);
/* Whether the service has not said what it is since it was changed here. */
bool object_unheard(const struct object *o, unsigned row);

/* The text that `error` shows; NULL e or e->err 0: nothing. */
void object_fail(struct object *o, const struct ack_error *e);

/* The same for live/NAME/error, of a cluster or of that of a node pool. */
void object_fail_live(struct object *o, const struct ack_error *e);

/* Whether rm took the name of that row away, until it is written again. */
bool object_hidden(const struct object *o, unsigned inode_row);
void object_hide(struct object *o, unsigned inode_row, bool hide);
/* Fixed files have their names again. */
void object_show_fixed(struct object *o);

/* Something changed: times, and what the kernel caches. */
void object_touch(struct object *o);
void object_touch_row(struct object *o, unsigned inode_row);
void object_touch_params(struct object *o); /* every parameter, too */

/* The text of that file is another now: its pollers are notified. */
void object_news(struct object *o, unsigned inode_row);

/* The state alone, and what is counted of it. */
void object_become(struct object *o, enum course_state state);

/* Goes over to a state; `word` is the service's, for COURSE_EXISTS. */
void object_enter(struct object *o, enum course_state state, const char *word);

/* A draft again of what was sent, since what came of it is gone. */
void object_unmade(struct object *o);

/* Lets go of everything; the commit under way is dropped. */
void object_free(struct object *o);

int64_t time_now_ns(void); /* CLOCK_REALTIME */

struct object *objects_find(const struct objects *list, const char *name);

/* False: no memory. The name must be free. */
bool objects_add(struct objects *list, struct object *o);
void objects_remove(struct objects *list, struct object *o);

/* Calls back for each, in order; the list must not change meanwhile. */
void objects_walk(const struct objects *list,
	void (*visit)(struct object *o, void *arg), void *arg);

/* Frees all of them. */
void objects_free(struct objects *list);

#endif
