/* SPDX-License-Identifier: MIT */
/*
 * One cluster directory: its draft, its state, what the service answered.
 * Knows neither FUSE nor libcurl.
 */
#ifndef CLUSTER_H
#define CLUSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "params.h"
#include "values.h"

struct ack_buf;
struct ack_call;
struct ack_error;
struct commit;
struct fleet;
struct scratch;

enum cluster_state {
	CLUSTER_DRAFT,
	CLUSTER_COMMITTING,
	CLUSTER_UNKNOWN, /* a POST left and its answer is not known */
	CLUSTER_EXISTS,  /* `word` is the service's own word for its state */
};

/* The rows of its inodes, but for scratch files. */
#define CLUSTER_ROWS 256 /* fixed files, then parameters: node.h */

struct cluster {
	struct fleet *fleet;
	uint64_t serial; /* never used again */
	char *name;      /* of the directory */
	enum cluster_state state;
	char word[32];
	struct ack_values values;
	uint64_t gone[2]; /* parameters whose name rm took away */
	/* rows whose size the kernel was told, and may be asked to forget */
	uint64_t told[CLUSTER_ROWS / 64];
	char *error;                             /* text of `error`, or NULL */
	char *cluster_id, *request_id, *task_id; /* NULL: not answered */
	struct commit *commit;                   /* while one is under way */
	struct ack_call *look; /* while its state is asked for */
	struct scratch *scratch;
	int64_t created, changed; /* ns since 1970 */
};

/* The name it has or will have in the cloud. */
const char *cluster_name(const struct cluster *c);
const char *cluster_state_word(const struct cluster *c);

/*
 * The check of one parameter file's text. On success the value is in place
 * and `error` empty; on failure it is as before and `error` says why.
 * -EAGAIN: right so far, unfinished JSON.
 */
int cluster_write(struct cluster *c, unsigned row, const char *text, size_t len,
	struct ack_error *e);

/* Puts canonical text (or NULL: unset) in place without a check. */
int cluster_put(struct cluster *c, unsigned row, const char *text);

/* Replaces the draft from the body of a request, either form. */
int cluster_import(
	struct cluster *c, const char *text, size_t len, struct ack_error *e);

/*
 * 0 when the directory takes changes now, else -EBUSY (committing) or -EPERM
 * (the cluster exists, or may exist) with the reason.
 */
int cluster_editable(
	const struct cluster *c, const char *param, struct ack_error *e);

/* The values with what the directory and the mount give filled in. */
int cluster_effective(const struct cluster *c, struct ack_values *out);

/* The text that `error` shows; NULL e or e->err 0: nothing. */
void cluster_fail(struct cluster *c, const struct ack_error *e);

/* rm of a parameter: unsets it and takes its name away until written. */
int cluster_param_remove(struct cluster *c, unsigned row);
bool cluster_param_there(const struct cluster *c, unsigned row);

/* Something changed: times, and what the kernel was told. */
void cluster_touch(struct cluster *c);
void cluster_touch_row(struct cluster *c, unsigned inode_row);
void cluster_touch_params(struct cluster *c); /* every parameter, too */

/* Goes over to a state; `word` is the service's, for CLUSTER_EXISTS. */
void cluster_enter(
	struct cluster *c, enum cluster_state state, const char *word);

/* Lets go of everything; the commit under way is dropped. */
void cluster_free(struct cluster *c);

int64_t time_now_ns(void); /* CLOCK_REALTIME */

#endif
