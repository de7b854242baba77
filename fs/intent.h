/* SPDX-License-Identifier: MIT */
/*
 * What is known of an attempt to create something before its POST leaves:
 * enough to recognise it afterwards without any memory of it.
 */
#ifndef INTENT_H
#define INTENT_H

#include <stdbool.h>
#include <stdint.h>

struct identity;

struct intent {
	char commit[37]; /* a UUID */
	bool tagged;     /* the request carries it as the tag ackfs-commit */
	char *name;      /* the cluster is to have */
	int64_t date;    /* the request's, seconds since 1970 */
};

#define INTENT_TAG "ackfs-commit"

/* NULL when memory or randomness is short. */
struct intent *intent_new(const char *name, bool tagged);
void intent_free(struct intent *i); /* NULL is fine */

/* Seconds since 1970 of a time in RFC 3339, as the service writes it; -1: it
 * is none. */
int64_t intent_time(const char *text);

/* The same in ns; 0: it is none, or too far off. */
int64_t intent_time_ns(const char *text);

/*
 * What an element of a list has to do with this attempt.
 * `doubtful`: it has the name, but the two clocks do not agree that it was made
 * in the window. Nothing is adopted on that, and nothing is proven absent while
 * it is there.
 */
enum intent_kin { INTENT_STRANGE, INTENT_DOUBTFUL, INTENT_OURS };

enum intent_kin intent_compare(
	const struct intent *i, const struct identity *one);

#endif
