/* SPDX-License-Identifier: MIT */
/*
 * Who has a name, by one complete list: before a POST, whether the name is
 * free; after it, what it may have made. A list that moved while it was read
 * proves neither, so another is asked for, a bounded number of times.
 */
#ifndef NAMED_H
#define NAMED_H

#include <stdbool.h>

struct ack_call;
struct ack_error;
struct ack_json;
struct identity;
struct object;

struct named {
	struct object *object; /* that wants to know: of its kind, its place */
	const char *name;      /* outlives it */
	bool paced;
	/* A list begins; what one before it has shown counts no more. */
	void (*begin)(void *arg);
	/* One that has just that name, and an ID. */
	void (*one)(
		void *arg, const struct ack_json *n, const struct identity *i);
	/* e->err 0: those were all. It may be asked again from inside. */
	void (*end)(void *arg, const struct ack_error *e);
	void *arg;

	struct ack_call *call; /* under way */
	unsigned lists;        /* so far */
	bool unclear;          /* this one has some that it does not name */
};

/* 0, or a negative errno and `e` filled; then there will be no end. */
int named_ask(struct named *n, struct ack_error *e);
void named_drop(struct named *n);

#endif
