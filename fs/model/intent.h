/* SPDX-License-Identifier: MIT */
/*
 * What is known of an attempt to create something: enough to recognise
 * afterwards what it made, without any memory of it. No I/O here.
 */
#ifndef INTENT_H
#define INTENT_H

#include <stdbool.h>
#include <stdint.h>

struct ack_values;
struct identity;
struct kind;

struct intent {
	char commit[37]; /* a UUID */
	bool tagged;     /* the request carries it as the tag ackfs-commit */
	char *name;      /* the cluster is to have */
	int64_t date;    /* nothing was sent before; seconds since 1970 */
	/* The date of the last request that was signed for it, which is that
	 * long honoured; 0: not known, since it may have been signed until the
	 * moment that nobody remembers. */
	int64_t signed_at;
};

#define INTENT_TAG "ackfs-commit"

/* NULL when memory or randomness is short. */
struct intent *intent_new(const char *name, bool tagged);
void intent_free(struct intent *i); /* NULL is fine */

/* Seconds since 1970 of a time in RFC 3339, as the service writes it; -1: it
 * is not one. */
int64_t intent_time(const char *text);

/* The same in ns; 0: it is not a date, or too far off. */
int64_t intent_time_ns(const char *text);

/* Whether something was made while the request counted; what does not say
 * when it was made, was not. */
bool intent_covers(const struct intent *i, const char *created);

/* An element of a list, and what the request said. */
struct candidate {
	const struct kind *kind;
	const struct identity *is;
	const struct ack_values *listed, *sent;
};

/*
 * What an element has to do with this attempt.
 * `doubtful`: it has the name, but another value than was sent, or the list
 * does not show the tag, or the clocks do not agree that it was made in the
 * window. Nothing is adopted on that, and nothing is proven absent while it is
 * there.
 */
enum intent_kin { INTENT_STRANGE, INTENT_DOUBTFUL, INTENT_OURS };

#define INTENT_WHY 256

/* `why` is what speaks against a doubtful one, after "it has the name, but". */
enum intent_kin intent_compare(const struct intent *i,
	const struct candidate *c, char why[INTENT_WHY]);

#endif
