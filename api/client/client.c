/* SPDX-License-Identifier: MIT */
#include "client/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "client/call.h"
#include "client/credentials.h"
#include "client/reply.h"

struct ack_client *ack_client_new(
	const struct ack_client_config *config, struct ack_error *e)
{
	struct ack_client *c = calloc(1, sizeof(*c));

	if (!c) {
		ack_error_memory(e, NULL);
		return NULL;
	}
	c->config = *config;
	LIST_INIT(&c->calls);
	ack_pace_init(&c->pace, config->events, config->qps);
	return c;
}

void ack_client_free(struct ack_client *c)
{
	if (!c)
		return;
	while (!LIST_EMPTY(&c->calls))
		ack_call_end(LIST_FIRST(&c->calls));
	ack_pace_release(&c->pace);
	ack_credentials_release(&c->keys);
	ack_credentials_release(&c->past);
	free(c);
}

void ack_client_set_credentials(
	struct ack_client *cl, struct ack_credentials *c)
{
	ack_credentials_move(&cl->past, &cl->keys);
	if (LIST_EMPTY(&cl->calls))
		ack_credentials_release(&cl->past);
	ack_credentials_move(&cl->keys, c);
	cl->key_set++;
	ack_call_keys_settled(cl, NULL);
}

void ack_client_keys_stay(struct ack_client *cl, const struct ack_error *why)
{
	ack_call_keys_settled(cl, why);
}

const struct ack_client_stats *ack_client_stats(const struct ack_client *c)
{
	return &c->stats;
}

int64_t ack_client_clock_offset(const struct ack_client *c)
{
	return c->clock_seen;
}

const struct ack_call_row ack_call_rows[ACK_ACTIONS] = {
#define ACK_CALL(action, kind, purpose, ...) \
	[ACK_CALL_##action] = {              \
		#action, ACK_##kind, ACK_TO_##purpose, __VA_ARGS__},
#include "client/calls.def"
#undef ACK_CALL
};

const char *ack_action_name(enum ack_action action)
{
	return ack_call_rows[action].version ? NULL
					     : ack_call_rows[action].action;
}

enum ack_purpose ack_action_purpose(enum ack_action action)
{
	return ack_call_rows[action].purpose;
}

static bool is_id(const char *id, const char *prefix)
{
	size_t len = strlen(prefix);

	return !strncmp(id, prefix, len) && strlen(id) == len + 32 &&
	       strspn(id + len, "0123456789abcdef") == 32;
}

bool ack_cluster_id_valid(const char *id)
{
	return is_id(id, "c");
}

bool ack_nodepool_id_valid(const char *id)
{
	return is_id(id, "np");
}

void ack_request_text(const struct ack_request *r, struct ack_buf *out)
{
	const struct ack_call_row *row = &ack_call_rows[r->action];
	unsigned ids = 0;

	ack_buf_printf(out, "%s ", row->method);
	for (const char *p = row->path; *p; p++) {
		if (strncmp(p, "{}", 2)) {
			ack_buf_putc(out, *p);
			continue;
		}
		ack_buf_puts(out, r->ids[ids++]);
		p++;
	}
}

static void answer_finished(struct ack_call *call, enum ack_ending ending,
	const struct ack_http_reply *r, const struct ack_error *why)
{
	struct ack_json *json = NULL;
	ACK_UNSET struct ack_error e;
	struct ack_answer answer = {.outcome = ack_retry_outcome(ending)};
	char request_id[sizeof(e.request_id)];

	ack_error_copy(&e, why);
	/* many a change is answered by nothing but its status */
	if (ending != ACK_END_ANSWERED || r->len || call->kind == ACK_READ)
		json = ack_call_answer(call, ending, r, why, &e);
	/* that the last try was refused says nothing of those before it */
	if (e.err && (call->unclear || answer.outcome == ACK_DONE))
		answer.outcome = ACK_UNKNOWN;
	if (e.err)
		ack_call_failed(call, &e);
	ack_reply_request_id(
		json, r->request_id, request_id, sizeof(request_id));
	answer.json = json;
	answer.request_id = e.err ? e.request_id : request_id;
	call->done.answer(call->arg, &answer, &e);
	ack_json_free(json);
}

struct ack_call *ack_ask(struct ack_client *c, const struct ack_request *r,
	ack_answer_fn done, void *arg, struct ack_error *e)
{
	struct ack_call *call = ack_call_new(c, r, e);

	if (call) {
		call->finished = answer_finished;
		call->done.answer = done;
	}
	return ack_call_begin(call, arg, ack_call_send, e);
}
