/* SPDX-License-Identifier: MIT */
#include "client/call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/error.h"
#include "client/skew.h"

static void finish(struct ack_call *call, enum ack_ending ending,
	const struct ack_http_reply *r, const struct ack_error *e)
{
	call->calling_back = true;
	call->finished(call, ending, r, e);
	call->calling_back = false;
	/* Neither dropped nor gone on to another transfer: it was the end, but
	 * for what waits for other pages. */
	if (call->dropped ||
		!(call->transfer || call->turn.waiting || call->keys_awaited ||
			call->arrived || !LIST_EMPTY(&call->pages)))
		ack_call_end(call);
}

/*
 * The service's clock counts, not this machine's. Once a request: a service
 * whose own clock jumps must not be followed for ever.
 */
static bool set_clock(struct ack_call *call, const struct ack_http_reply *r)
{
	if (call->clock_set || !ack_skew_learn(&call->client->clock_offset,
				       call->signed_at, r->date, time(NULL)))
		return false;
	call->clock_set = true;
	return true;
}

/*
 * Whether there are other keys, or may be soon. Once a request, as the clock:
 * they may come expired from their source.
 */
static bool ask_for_keys(struct ack_call *call)
{
	const struct ack_client *c = call->client;

	if (call->keys_asked || !c->config.keys_renew)
		return false;
	call->keys_asked = true;
	if (call->key_set != c->key_set)
		return true;
	call->keys_awaited = true;
	if (c->config.keys_renew(c->config.keys_arg))
		return true;
	call->keys_awaited = call->keys_stay = false;
	return false;
}

void ack_call_keys_settled(struct ack_client *c, const struct ack_error *why)
{
	struct ack_call *call;

	LIST_FOREACH(call, &c->calls, others)
	{
		if (!call->keys_awaited)
			continue;
		call->keys_awaited = false;
		call->keys_stay = why;
		if (why && !call->tries)
			ack_error_copy(call->last, why);
		ack_timer_set(c->config.events, &call->timer, 0);
	}
}

/* Whether the timer is set for another try. */
static bool wait_for_another(struct ack_call *call, enum ack_ending ending,
	const struct ack_http_reply *r, const struct ack_error *why)
{
	const struct ack_client_config *config = &call->client->config;
	struct ack_retry retry = {
		.kind = call->kind,
		.ending = ending,
		.tries = call->tries,
		.left_ms = call->deadline - ack_now_ms(),
		.limit_ms = config->timeout_ms,
		.hint_ms = r->retry_after_ms,
	};

	if (ending == ACK_END_CLOCK && !set_clock(call, r))
		return false;
	if (ending == ACK_END_EXPIRED && !ask_for_keys(call))
		return false;
	if (getrandom(&retry.random, sizeof(retry.random), GRND_NONBLOCK) < 0)
		retry.random = 0;
	int64_t ms = ack_retry_wait(&retry);
	if (ms >= 0 && !call->last)
		call->last = malloc(sizeof(*call->last));
	if (ms < 0 || !call->last) {
		call->keys_awaited = false;
		return false;
	}
	ack_error_copy(call->last, why);
	call->last_ending = ending;
	/* Unless woken, it ends when no time is left for another try. */
	if (call->keys_awaited)
		ms = retry.left_ms;
	ack_timer_set(config->events, &call->timer, ms);
	return true;
}

/*
 * Every try passes here when it has ended, before its call learns of it: the
 * one place where a try that is safe to repeat is set off again.
 */
static void try_ended(
	void *arg, const struct ack_http_reply *r, const struct ack_error *why)
{
	struct ack_call *call = arg;
	ACK_UNSET struct ack_error e;
	int own = 0;

	ack_error_copy(&e, why);
	call->transfer = NULL;
	if (!r->err && r->status / 100 != 2)
		ack_error_from_reply(&e, r->status, r->body, r->len, &own);
	if (e.err && !*e.request_id)
		ack_reply_request_id(NULL, r->request_id, e.request_id,
			sizeof(e.request_id));
	enum ack_ending ending = ack_retry_ending(r, &e, own);
	if (ending == ACK_END_THROTTLED)
		call->client->stats.throttled++;
	if (r->date && (ending == ACK_END_ANSWERED || own))
		call->client->clock_seen = r->date - time(NULL);
	call->unclear |= ack_retry_outcome(ending) == ACK_UNKNOWN;
	if (wait_for_another(call, ending, r, &e))
		return;
	if (ending == ACK_END_CLOCK)
		ack_skew_explain(&e, r->date, time(NULL));
	finish(call, ending, r, &e);
}

/* Unless woken, it ends when no time is left for a try. */
static int wait_for_keys(struct ack_call *call, int64_t ms, struct ack_error *e)
{
	if (!call->last) {
		call->last = malloc(sizeof(*call->last));
		if (!call->last)
			return ack_error_set(e, ENOMEM, NULL, "out of memory");
	}
	if (!call->tries) {
		call->last_ending = ACK_END_UNSENT;
		ack_error_set(call->last, ETIMEDOUT, NULL,
			"whose keys these are was not known in time, so "
			"nothing was sent");
	}
	call->keys_awaited = true;
	ack_timer_set(call->client->config.events, &call->timer, ms);
	return 0;
}

static int make_try(
	struct ack_call *call, int64_t timeout_ms, struct ack_error *e)
{
	struct ack_client_stats *stats = &call->client->stats;
	/* an answer that is lost costs far more than one that is late */
	long more = call->kind == ACK_CREATE ? call->client->config.patience_ms
					     : 0;
	int err = ack_call_try(call, timeout_ms + more, try_ended, e);

	if (err == ACK_KEYS_LATER)
		return wait_for_keys(call, timeout_ms, e);
	if (err < 0)
		return err;
	stats->calls++;
	if (call->tries++ > 0)
		stats->retries++;
	return 0;
}

/*
 * Nothing is sent after the time of the call, however late the timer fires:
 * the machine may have slept, which ack_now_ms() does not count, and whoever
 * waits for the end of the call takes it that nothing leaves any more.
 */
static void again(struct ack_call *call)
{
	static const struct ack_http_reply nothing = {.body = ""};
	int64_t left = call->deadline - ack_now_ms();
	int64_t room = ack_retry_room(call->client->config.timeout_ms);
	ACK_UNSET struct ack_error e;

	if (left < room / 2 || time(NULL) > call->until || call->keys_stay)
		finish(call, call->last_ending, &nothing, call->last);
	else if (make_try(call, left, &e) < 0)
		finish(call, ACK_END_UNSENT, &nothing, &e);
}

/* Whoever waits for a turn needs one for each try, or a service that throttles
 * would be asked more often than one that does not. */
void ack_call_again(void *arg)
{
	struct ack_call *call = arg;

	call->keys_awaited = false;
	if (!call->paced || ack_pace_ask(&call->client->pace, &call->turn))
		again(call);
}

static int first_try(struct ack_call *call, struct ack_error *e)
{
	long limit = call->client->config.timeout_ms;

	call->clock_set = false;
	call->keys_asked = call->keys_awaited = call->keys_stay = false;
	call->deadline = ack_now_ms() + limit;
	call->until = time(NULL) + limit / 1000 + 1;
	return make_try(call, limit, e);
}

void ack_call_turn(void *arg)
{
	static const struct ack_http_reply nothing = {.body = ""};
	struct ack_call *call = arg;
	ACK_UNSET struct ack_error e;

	if (call->deadline)
		again(call);
	else if (first_try(call, &e) < 0)
		finish(call, ACK_END_UNSENT, &nothing, &e);
}

int ack_call_send(struct ack_call *call, struct ack_error *e)
{
	call->tries = 0;
	call->unclear = false;
	call->deadline = 0;
	if (call->paced && !ack_pace_ask(&call->client->pace, &call->turn))
		return 0;
	return first_try(call, e);
}
