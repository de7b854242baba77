/* SPDX-License-Identifier: MIT */
#include "client/endpoint.h"
#include "client/call.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/error.h"
#include "base/json.h"
#include "base/wipe.h"
#include "client/reply.h"
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

	LIST_FOREACH (call, &c->calls, others) {
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

/* A host that has no address may be one of a misspelt region. */
static void suggest_region(const struct ack_call *call, struct ack_error *e)
{
	const char *region = call->endpoint->region;
	const char *meant = e->err == EHOSTUNREACH ? ack_region_meant(region)
						   : NULL;

	if (meant)
		ack_error_hint(e,
			"%s is not a region that ackfs knows; did you mean %s?",
			region, meant);
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
	ack_error_request_id(&e, r->request_id);
	suggest_region(call, &e);
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
			return ack_error_memory(e, NULL);
	}
	if (!call->tries) {
		call->last_ending = ACK_END_UNSENT;
		ack_error_set(call->last, ETIMEDOUT, NULL,
			"the account of these keys was not known in time, so "
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
 * the machine may have slept, which ack_now_ms() does not count, and the
 * waiter for the end of the call assumes that nothing leaves any more.
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

/* Each try waits for a turn, or a service that throttles would be asked more
 * often than one that does not. */
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

#define URL_MAX  8192
#define BODY_MAX (4u << 20)

/* So many bytes of a secret are taken for it, at the end of a text fewer. */
#define QUOTE_LONG 16
#define QUOTE_CUT  4

static int add_id(struct ack_call *call, const char *id, struct ack_error *e)
{
	if (!id || !*id || !strcmp(id, ".") || !strcmp(id, ".."))
		return ack_error_set(
			e, EINVAL, NULL, "“%s” is not an ID", id ? id : "");
	ack_percent_encode(id, &call->path);
	return 0;
}

static int make_path(struct ack_call *call, const char *pattern,
	const struct ack_request *r, struct ack_error *e)
{
	unsigned ids = 0;
	int ret = 0;

	for (const char *p = pattern; *p && !ret; p++) {
		if (strncmp(p, "{}", 2)) {
			ack_buf_putc(&call->path, *p);
			continue;
		}
		ret = add_id(call, r->ids[ids++], e);
		p++;
	}
	return ret;
}

/* The values move while the buffer grows, so they are pointed at last. */
static void copy_query(struct ack_call *call, const struct ack_request *r)
{
	size_t at[ACK_REQUEST_QUERIES];

	for (unsigned i = 0; i < ACK_REQUEST_QUERIES; i++) {
		if (!r->query[i].value)
			continue;
		at[call->nquery] = call->values.len;
		call->query[call->nquery++].name = r->query[i].name;
		ack_buf_put(&call->values, r->query[i].value,
			strlen(r->query[i].value) + 1);
	}
	for (unsigned i = 0; i < call->nquery && !call->values.failed; i++)
		call->query[i].value = call->values.data + at[i];
}

static struct ack_call *allocate(struct ack_client *c, struct ack_error *e)
{
	struct ack_call *call = calloc(1, sizeof(*call));

	if (!call) {
		ack_error_memory(e, NULL);
		return NULL;
	}
	call->client = c;
	call->timer = (struct ack_timer){.fire = ack_call_again, .arg = call};
	call->turn = (struct ack_pace_turn){.come = ack_call_turn, .arg = call};
	ack_buf_init(&call->path, URL_MAX);
	ack_buf_init(&call->values, URL_MAX);
	ack_buf_init(&call->body, BODY_MAX);
	call->body.secret = true;
	LIST_INSERT_HEAD(&c->calls, call, others);
	return call;
}

struct ack_call *ack_call_copy(const struct ack_call *of, struct ack_error *e)
{
	struct ack_call *call = allocate(of->client, e);
	const char *values = of->values.data;

	if (!call)
		return NULL;
	call->kind = of->kind;
	call->array = of->array;
	call->method = of->method;
	call->action = of->action;
	call->version = of->version;
	call->paced = of->paced;
	call->turn.patient = of->turn.patient;
	call->endpoint = of->endpoint;
	ack_buf_put(&call->path, of->path.data, of->path.len);
	ack_buf_put(&call->values, values, of->values.len);
	if (call->path.failed || call->values.failed) {
		ack_error_memory(e, NULL);
		ack_call_end(call);
		return NULL;
	}
	for (; call->nquery < of->nquery; call->nquery++) {
		const struct ack_query *q = &of->query[call->nquery];

		call->query[call->nquery] = (struct ack_query){q->name,
			q->value == of->page_number
				? call->page_number
				: call->values.data + (q->value - values)};
	}
	return call;
}

struct ack_call *ack_call_new(
	struct ack_client *c, const struct ack_request *r, struct ack_error *e)
{
	const struct ack_call_row *row = &ack_call_rows[r->action];
	struct ack_call *call = allocate(c, e);

	if (!call)
		return NULL;
	call->kind = row->kind;
	call->method = row->method;
	call->action = row->action;
	call->array = row->array;
	call->version = row->version ? row->version : "2015-12-15";
	call->paced = r->paced;
	call->turn.patient = r->patient;
	call->endpoint = r->endpoint ? r->endpoint : c->config.endpoint;
	call->has_body = r->body;
	if (r->body)
		ack_buf_put(&call->body, r->body, r->len);
	copy_query(call, r);
	if (!make_path(call, row->path, r, e))
		return call;
	ack_call_end(call);
	return NULL;
}

struct ack_call *ack_call_begin(struct ack_call *call, void *arg,
	int (*send)(struct ack_call *call, struct ack_error *e),
	struct ack_error *e)
{
	if (call)
		call->arg = arg;
	if (!call || send(call, e) == 0)
		return call;
	ack_call_end(call);
	return NULL;
}

void ack_call_end(struct ack_call *call)
{
	if (call->calling_back) {
		call->dropped = true;
		return;
	}
	ack_call_end_pages(call);
	if (call->list)
		LIST_REMOVE(call, other_pages);
	ack_timer_cancel(call->client->config.events, &call->timer);
	ack_pace_leave(&call->client->pace, &call->turn);
	ack_http_cancel(call->transfer);
	LIST_REMOVE(call, others);
	if (LIST_EMPTY(&call->client->calls))
		ack_credentials_release(&call->client->past);
	ack_buf_release(&call->path);
	ack_buf_release(&call->values);
	ack_buf_release(&call->body);
	ack_wipe_free(call->last);
	free(call);
}

void ack_call_drop(struct ack_call *call)
{
	if (call)
		ack_call_end(call);
}

/*
 * How many bytes of the secret stand there: of one that was cut off with the
 * text, too, for a token is longer than a message may be.
 */
static size_t quoted(const char *at, const char *secret)
{
	size_t n = 0;

	while (secret[n] && at[n] == secret[n])
		n++;
	bool ends = !at[n] || strncmp(at + n, "...", 3) == 0;
	return !secret[n] || n >= QUOTE_LONG || (ends && n >= QUOTE_CUT) ? n
									 : 0;
}

static void blot_out(char *text, const char *secret)
{
	while ((text = strchr(text, *secret))) {
		size_t n = quoted(text, secret);

		memset(text, '*', n);
		text += n ? n : 1;
	}
}

void ack_call_redact(struct ack_error *e, const char *secret)
{
	if (!secret || !*secret)
		return;
	blot_out(e->code, secret);
	blot_out(e->message, secret);
	blot_out(e->request_id, secret);
	blot_out(e->hint, secret);
	blot_out(e->more, secret);
}

/* A refusal may quote the value that it refuses; not a password. */
static void hide_passwords(struct ack_error *e, const struct ack_json *n)
{
	for (n = ack_json_first(n); n; n = ack_json_next(n)) {
		const char *key = ack_json_key(n);

		if (strcmp(key, "login_password") == 0)
			ack_call_redact(e, ack_json_string(n));
		hide_passwords(e, n);
	}
}

static void hide_secrets(struct ack_call *call, struct ack_error *e)
{
	size_t where;
	struct ack_json *body = ack_json_parse(
		ack_buf_text(&call->body), call->body.len, &where);

	hide_passwords(e, body);
	ack_json_free(body);
}

void ack_call_failed(struct ack_call *call, struct ack_error *e)
{
	struct ack_client *c = call->client;

	/* The service quotes what it was to verify. */
	ack_call_redact(e, c->keys.token);
	ack_call_redact(e, c->keys.key_secret);
	ack_call_redact(e, c->past.token);
	ack_call_redact(e, c->past.key_secret);
	if (call->has_body)
		hide_secrets(call, e);
	c->stats.errors++;
	c->stats.failed_ms = ack_now_ms();
	snprintf(c->stats.failure, sizeof(c->stats.failure), "%s: %.400s",
		call->action, e->message);
	if (call->tries > 1)
		ack_error_more(e, "tries: %u", call->tries);
}

/* Where an array has nothing in it the service may say null. */
static bool has_form(const struct ack_call *call, const struct ack_json *answer)
{
	return call->array
		       ? ack_json_is_array(answer) || ack_json_is_null(answer)
		       : ack_json_is_object(answer);
}

struct ack_json *ack_call_answer(const struct ack_call *call,
	enum ack_ending ending, const struct ack_http_reply *r,
	const struct ack_error *why, struct ack_error *e)
{
	struct ack_json *answer;
	size_t where;

	ack_error_copy(e, why);
	if (ending != ACK_END_ANSWERED)
		return NULL;
	answer = ack_json_parse_answer(r->body, r->len, &where);
	if (answer && has_form(call, answer))
		return answer;
	ack_error_no_answer(e, r->status, r->body, r->len, answer ? 0 : where);
	ack_json_free(answer);
	return NULL;
}
