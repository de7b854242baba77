/* SPDX-License-Identifier: MIT */
/*
 * One cluster directory: its draft, its state, what the service answered.
 * Knows neither FUSE nor libcurl.
 */
#ifndef CLUSTER_H
#define CLUSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "course.h"
#include "params.h"
#include "values.h"

struct ack_buf;
struct ack_call;
struct ack_error;
struct commit;
struct fleet;
struct intent;
struct resolve;
struct scratch;

/* The rows of its inodes, but for scratch files. */
#define CLUSTER_ROWS 256 /* fixed files, then parameters: node.h */

struct cluster {
	struct fleet *fleet;
	uint64_t serial; /* never used again */
	char *name;      /* of the directory */
	enum course_state state;
	char word[32];
	struct ack_values values;
	uint64_t hidden[CLUSTER_ROWS / 64]; /* rows whose name rm took away */
	/* rows whose size the kernel was told, and may be asked to forget */
	uint64_t told[CLUSTER_ROWS / 64];
	char *error; /* text of `error`, or NULL */
	/* what the service answered; "": nothing */
	char cluster_id[48], request_id[64], task_id[64];
	struct commit *commit;   /* while one is under way */
	struct intent *intent;   /* from before its POST to its outcome */
	struct resolve *resolve; /* while `unknown` is looked into */
	struct ack_call *look;   /* while its state is asked for */
	struct scratch *scratch;
	int64_t created, changed; /* ns since 1970 */
};

/* The name it has or will have in the cloud. */
const char *cluster_name(const struct cluster *c);
const char *cluster_state_word(const struct cluster *c);
bool cluster_committing(const struct cluster *c);

/* The text that `error` shows; NULL e or e->err 0: nothing. */
void cluster_fail(struct cluster *c, const struct ack_error *e);

/* Whether rm took the name of that row away, until it is written again. */
bool cluster_hidden(const struct cluster *c, unsigned inode_row);
void cluster_hide(struct cluster *c, unsigned inode_row, bool hide);

/* Something changed: times, and what the kernel was told. */
void cluster_touch(struct cluster *c);
void cluster_touch_row(struct cluster *c, unsigned inode_row);
void cluster_touch_params(struct cluster *c); /* every parameter, too */

/* Goes over to a state; `word` is the service's, for COURSE_EXISTS. */
void cluster_enter(
	struct cluster *c, enum course_state state, const char *word);

/* Lets go of everything; the commit under way is dropped. */
void cluster_free(struct cluster *c);

int64_t time_now_ns(void); /* CLOCK_REALTIME */

#endif
