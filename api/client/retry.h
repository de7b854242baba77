/* SPDX-License-Identifier: MIT */
/*
 * What a try of a call came to, and whether it may be made again, as tables
 * and without I/O (SERVICE.md, What may be repeated). What may have been
 * executed is repeated only where that does no harm.
 */
#ifndef ACK_RETRY_H
#define ACK_RETRY_H

#include <stdint.h>
#include "client/client.h"

struct ack_error;
struct ack_http_reply;

/* What a repetition would do. */
enum ack_kind {
	ACK_READ,
	ACK_CHANGE, /* the same twice is the same once */
	ACK_CREATE, /* twice is two */
	ACK_KINDS,
};

/* How one try ended. */
enum ack_ending {
	ACK_END_ANSWERED,    /* 2xx */
	ACK_END_UNSENT,      /* not a byte has left */
	ACK_END_HOPELESS,    /* the same, and it would be so again */
	ACK_END_THROTTLED,   /* turned away before it ran */
	ACK_END_CLOCK,       /* the same, for the date it was signed with */
	ACK_END_EXPIRED,     /* the same, for the keys it was signed with */
	ACK_END_REPLAYED,    /* a copy of this very request got through */
	ACK_END_REFUSED,     /* a definite no in the service's own words */
	ACK_END_LOST,        /* it left, and no answer came */
	ACK_END_SPOILED,     /* what answered is not the service */
	ACK_END_UNAVAILABLE, /* 503 */
	ACK_END_BROKEN,      /* 5xx */
	ACK_ENDINGS,
};

/*
 * `e` and `own_shape` are what ack_error_from_reply() made of an answer that
 * is not 2xx.
 */
enum ack_ending ack_retry_ending(const struct ack_http_reply *r,
	const struct ack_error *e, int own_shape);

/* What is known of a create whose last try ended so; ACK_DONE: look at it. */
enum ack_outcome ack_retry_outcome(enum ack_ending ending);

struct ack_retry {
	enum ack_kind kind;
	enum ack_ending ending;
	unsigned tries;   /* so far */
	int64_t left_ms;  /* of the call's time, */
	int64_t limit_ms; /* which is this */
	int64_t hint_ms;  /* the service's own, -1: none */
	uint32_t random;  /* any 32 bits */
};

/* How long to wait before the next try; -1: there must not be one. */
int64_t ack_retry_wait(const struct ack_retry *t);

/*
 * The least time that a further try is given. A change that is cut off by
 * the end of its call's time would be neither done nor refused.
 */
int64_t ack_retry_room(int64_t limit_ms);

#endif
