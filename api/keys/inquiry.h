/* SPDX-License-Identifier: MIT */
/*
 * One walk through the sources for a set of keys. A source that does not
 * apply or fails is passed over; when none serves, the error lists every one
 * and why. Nothing blocks: what asks a server or a program goes on from the
 * loop, within its own time limit.
 */
#ifndef ACK_INQUIRY_H
#define ACK_INQUIRY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/error.h"
#include "client/credentials.h"
#include "keys/keyfile.h"
#include "keys/process.h"
#include "keys/role.h"

struct ack_events;
struct ack_http;
struct ack_http_reply;
struct ack_http_request;
struct ack_inquiry;
struct ack_json;
struct ack_transfer;

#define ACK_INQUIRY_ROLES 5 /* that lead to one another */
#define ACK_INQUIRY_ALL   (-1)

/* How a source goes on when the answer to its request is there. */
typedef void (*ack_inquiry_then)(struct ack_inquiry *q,
	const struct ack_http_reply *r, const struct ack_error *e);

struct ack_inquiry {
	/* Set by its owner: */
	struct ack_events *events;
	struct ack_http *http;
	const char *profile; /* asked for by name, or NULL */
	/* The end of a walk, maybe called before ack_inquiry_start() returns.
	 * error.err is 0 and the keys are the owner's to move away, or it is
	 * ENOKEY or ENOMEM and there are none. */
	void (*done)(void *arg);
	void *arg;

	/* The result: */
	struct ack_credentials keys;
	struct ack_keyfiles files; /* that were read for them */
	int source;                /* the row of ack_sources that served */
	struct ack_error error;

	/* Of the source that is being asked: */
	bool asking, only;  /* a walk is on; of one source */
	struct ack_buf why; /* what stands in its way, so far; failed: memory */
	struct ack_role roles[ACK_INQUIRY_ROLES]; /* the last one first */
	unsigned nroles;
	struct ack_transfer *transfer;
	ack_inquiry_then then;
	struct ack_process process;
	char text[256]; /* a word kept from one step to the next */
	char metadata_token[256];
};

/*
 * Walks through all sources (ACK_INQUIRY_ALL), or asks one of them again.
 * Ends a walk that is on.
 */
void ack_inquiry_start(struct ack_inquiry *q, int source);

/* Ends the walk without calling back, and wipes what it holds. */
void ack_inquiry_stop(struct ack_inquiry *q);

/*
 * For sources: q->keys are there. Roles that are left are assumed with them,
 * the last one pushed first.
 */
void ack_inquiry_found(struct ack_inquiry *q);
/* The source does not serve; q->why says the reason, never a secret. With
 * q->why.failed the walk ends. */
void ack_inquiry_failed(struct ack_inquiry *q);

/* Another role to assume with the keys that will be found; NULL: too many. */
struct ack_role *ack_inquiry_role(struct ack_inquiry *q);

/*
 * A request to a server, whose answer `then` gets; or the source has failed.
 * https, except to this machine and the metadata service. No proxy is used for
 * these two. Fills in the user's part of a request: the SDKs' time limits
 * (5 s to connect, 10 s more) where they are 0.
 */
void ack_inquiry_ask(struct ack_inquiry *q, const struct ack_http_request *r,
	ack_inquiry_then then);

/*
 * The object of an answer of status 200, the caller's to free; NULL with the
 * reason in q->why. Of a refusal only the service's code is shown: the rest may
 * quote what was sent.
 */
struct ack_json *ack_inquiry_answer(struct ack_inquiry *q,
	const struct ack_http_reply *r, const struct ack_error *e);

/* What the members of an object with keys are called. */
struct ack_key_names {
	const char *key_id, *key_secret, *token, *expiration;
};
extern const struct ack_key_names ack_key_names; /* AccessKeyId, … */

/*
 * Takes the keys out of an object and ends the asking of the source, with
 * found or failed. `date` is that of the answer, as for
 * ack_credentials_expire().
 */
void ack_inquiry_take(struct ack_inquiry *q, const struct ack_json *object,
	const struct ack_key_names *names, int64_t date);

#endif
