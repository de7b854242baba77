/* SPDX-License-Identifier: MIT */
/* Faults on demand: rules that say which requests go wrong, how, how often. */
#ifndef SANDBOX_FAULTS_H
#define SANDBOX_FAULTS_H

#include <stddef.h>
#include <stdint.h>

struct ack_error;
struct ack_json;
struct cluster;
struct exchange;
struct task;

/*
 * The moments in the life of a request at which something can go wrong, in
 * their order. At each of them the first rule that fits takes effect.
 */
enum fault_moment {
	FAULT_ARRIVAL,  /* it waits before anything happens */
	FAULT_SPELLING, /* how the keys of errors are spelled */
	FAULT_INSTEAD,  /* what happens instead of executing it */
	FAULT_LIST,     /* a cluster is made: when do lists show it? */
	FAULT_DELETE,   /* a cluster is to be deleted: how does that end? */
	FAULT_TASK,     /* a task begins: how does it end? */
	FAULT_ROLE,     /* it is asked whether a role is granted */
	FAULT_ANSWER,   /* it was executed: what becomes of the answer? */
	FAULT_END,      /* the answer waits before it leaves */
};

struct fault {
	const struct fault_kind *kind;
	enum fault_moment moment;
	char method[16]; /* "": any */
	char path[256];  /* a pattern of fnmatch(3) */
	int64_t times;   /* how often it still takes effect; < 0: for ever */
	int64_t after;   /* how many requests it still lets pass */
	int64_t ms, status, bytes, retry_after_ms;
	char code[96], message[512];
	enum { FAULT_UPPER, FAULT_LOWER } spelled;
};

struct faults {
	struct fault *list;
	size_t count;
};

/*
 * Replaces the rules by those of a JSON list. -EINVAL and a sentence when
 * one of them is wrong; the old ones stay then.
 */
int faults_set(
	struct faults *f, const struct ack_json *list, struct ack_error *e);
void faults_release(struct faults *f);

/* The rule that takes effect on this request at this moment, or NULL. */
const struct fault *faults_take(
	struct faults *f, enum fault_moment moment, const struct exchange *x);

/* The same at FAULT_ROLE: with no code, or with this one. */
const struct fault *faults_take_role(
	struct faults *f, const char *code, const struct exchange *x);

/*
 * Plays a fault: FAULT_LIST on a cluster to be made, FAULT_DELETE and
 * FAULT_TASK on a task that begins, the others on an exchange.
 */
void fault_play(const struct fault *f, struct exchange *x);
void fault_play_cluster(const struct fault *f, struct cluster *k);
void fault_play_task(const struct fault *f, struct task *t);

/* For the parser: the kinds of faults, by the word of "do". */
struct fault_kind {
	const char *word;
	enum fault_moment moment;
	enum fault_moment after; /* the moment of WORD_after; == moment: none */
	unsigned keys;           /* which of enum fault_key it takes */
	int64_t ms, status, bytes;
	const char *code, *message; /* what counts when they are not given */
	void (*play)(const struct fault *f, struct exchange *x);
	void (*play_cluster)(const struct fault *f, struct cluster *k);
	void (*play_task)(const struct fault *f, struct task *t);
};

enum fault_key {
	FAULT_KEY_MS = 1 << 0,
	FAULT_KEY_STATUS = 1 << 1,
	FAULT_KEY_BYTES = 1 << 2,
	FAULT_KEY_RETRY_AFTER = 1 << 3,
	FAULT_KEY_TEXTS = 1 << 4, /* code and message */
	FAULT_KEY_CASE = 1 << 5,
};

extern const struct fault_kind fault_kinds[];
extern const size_t fault_nkinds;

#endif
