/* SPDX-License-Identifier: MIT */
#include "client/retry.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "http/http.h"

#define FIRST_MS    250
#define MOST_MS     10000
#define HINT_MAX_MS 60000
#define ROOM_MAX_MS 5000

#define NEVER 0
#define ANY   0xffffu /* as many as the time allows */

/*
 * The most repetitions. The last column may hold something only where the
 * outcome is not ACK_UNKNOWN.
 */
/* clang-format off */
static const struct {
	enum ack_outcome outcome;
	uint16_t most[ACK_KINDS]; /* of a read, a change, a create */
} rules[ACK_ENDINGS] = {
	[ACK_END_ANSWERED] =    { ACK_DONE,    { NEVER, NEVER, NEVER } },
	[ACK_END_UNSENT] =      { ACK_UNSENT,  { ANY,   ANY,   ANY } },
	[ACK_END_HOPELESS] =    { ACK_UNSENT,  { 1,     1,     1 } },
	[ACK_END_THROTTLED] =   { ACK_REFUSED, { ANY,   ANY,   ANY } },
	[ACK_END_CLOCK] =       { ACK_REFUSED, { ANY,   ANY,   ANY } },
	[ACK_END_EXPIRED] =     { ACK_REFUSED, { ANY,   ANY,   ANY } },
	[ACK_END_REPLAYED] =    { ACK_UNKNOWN, { 4,     2,     NEVER } },
	[ACK_END_REFUSED] =     { ACK_REFUSED, { NEVER, NEVER, NEVER } },
	[ACK_END_LOST] =        { ACK_UNKNOWN, { 4,     2,     NEVER } },
	[ACK_END_SPOILED] =     { ACK_UNKNOWN, { NEVER, NEVER, NEVER } },
	[ACK_END_UNAVAILABLE] = { ACK_UNKNOWN, { ANY,   2,     NEVER } },
	[ACK_END_BROKEN] =      { ACK_UNKNOWN, { 4,     2,     NEVER } },
};
/* clang-format on */

static bool begins(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* A refusal in the service's own words. */
static enum ack_ending refusal(const struct ack_error *e)
{
	if (e->err == EAGAIN)
		return ACK_END_THROTTLED;
	if (strcmp(e->code, "SignatureNonceUsed") == 0)
		return ACK_END_REPLAYED;
	/* A date of the wrong form is no matter of the clock. */
	if (begins(e->code, "InvalidTimeStamp") &&
		strcmp(e->code, "InvalidTimeStamp.Format") != 0)
		return ACK_END_CLOCK;
	if (e->err == EKEYEXPIRED)
		return ACK_END_EXPIRED;
	return ACK_END_REFUSED;
}

/*
 * A refusal is proof only in the service's own shape: a proxy may answer in
 * its place after the request has got through. A 408 proves nothing.
 */
enum ack_ending ack_retry_ending(const struct ack_http_reply *r,
	const struct ack_error *e, int own_shape)
{
	bool busy = r->status == 503 || r->status == 429;

	if (r->err && !r->left)
		return r->hopeless ? ACK_END_HOPELESS : ACK_END_UNSENT;
	if (r->err)
		return r->hopeless ? ACK_END_SPOILED : ACK_END_LOST;
	if (r->status / 100 == 2)
		return ACK_END_ANSWERED;
	if (r->status == 408)
		return ACK_END_LOST;
	if (own_shape && (r->status / 100 == 4 ||
				 (r->status == 503 && e->err == EAGAIN)))
		return refusal(e);
	if (busy)
		return ACK_END_UNAVAILABLE;
	return r->status >= 500 ? ACK_END_BROKEN : ACK_END_SPOILED;
}

enum ack_outcome ack_retry_outcome(enum ack_ending ending)
{
	return rules[ending].outcome;
}

int64_t ack_retry_room(int64_t limit_ms)
{
	return limit_ms / 4 < ROOM_MAX_MS ? limit_ms / 4 : ROOM_MAX_MS;
}

/*
 * Between half of the backoff and all of it, so that calls which failed
 * together do not come back together. What the service asks for is obeyed to
 * the full, and a little spread.
 */
static int64_t backoff(const struct ack_retry *t)
{
	int64_t ms = MOST_MS;

	if (t->ending == ACK_END_CLOCK || t->ending == ACK_END_EXPIRED)
		return 0;
	if (t->hint_ms >= 0) {
		ms = t->hint_ms < HINT_MAX_MS ? t->hint_ms : HINT_MAX_MS;
		return ms + t->random % (FIRST_MS + 1);
	}
	if (t->tries < 7 && (FIRST_MS << (t->tries - 1)) < MOST_MS)
		ms = FIRST_MS << (t->tries - 1);
	return ms / 2 + t->random % (ms / 2 + 1);
}

int64_t ack_retry_wait(const struct ack_retry *t)
{
	unsigned most = rules[t->ending].most[t->kind];

	if (most != ANY && t->tries > most)
		return -1;
	int64_t ms = backoff(t);
	return ms + ack_retry_room(t->limit_ms) <= t->left_ms ? ms : -1;
}
