/* SPDX-License-Identifier: MIT */
/*
 * What creates. It costs money and has no idempotency token, so its
 * outcomes are kept apart (SERVICE.md, Telling two creates apart): only proof
 * counts as a refusal, and what is not certain is unknown.
 */
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "client/call.h"
#include "client/client.h"
#include "client/reply.h"

#include <errno.h>
#include <string.h>

/* IDs end up in files and logs: a word of limited length, or nothing. */
static void copy_id(char *out, size_t size, const char *id)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";
	size_t len = id ? strlen(id) : 0;

	if (len >= size || strspn(id ? id : "", allowed) != len)
		len = 0;
	memcpy(out, id ? id : "", len);
	out[len] = '\0';
}

/* What each of them makes. */
static const struct made {
	enum ack_action action;
	const char *noun, *key;
	bool (*valid)(const char *id);
} makes[] = {
	{ACK_CALL_CreateCluster, "cluster", "cluster_id", ack_cluster_id_valid},
	{ACK_CALL_CreateClusterNodePool, "node pool", "nodepool_id",
		ack_nodepool_id_valid},
};

static const struct made *made_by(const struct ack_call *call)
{
	const struct made *m = makes;

	while (strcmp(ack_call_rows[m->action].action, call->action))
		m++;
	return m;
}

/* The one ID of an answer; NULL when there are none, or two. */
static const char *single_id(
	const struct ack_json *answer, const struct made *made)
{
	const struct ack_json *n;
	const char *id = NULL;
	unsigned count = 0;

	for (n = ack_json_first(answer); n; n = ack_json_next(n)) {
		const char *key = ack_json_key(n);

		if (strcmp(key, made->key) == 0) {
			id = ack_json_string(n);
			count++;
		}
	}
	return count == 1 && id && made->valid(id) ? id : NULL;
}

struct ids {
	char made[64], request[64], task[64];
};

static enum ack_outcome judge_success(const struct ack_call *call,
	const struct ack_http_reply *r, struct ids *ids, struct ack_error *e)
{
	enum ack_outcome outcome = ACK_UNKNOWN;
	struct ack_json *answer = ack_call_answer(
		call, ACK_END_ANSWERED, r, e, e);
	const struct made *made = made_by(call);
	const char *id = single_id(answer, made);

	if (id) {
		copy_id(ids->made, sizeof(ids->made), id);
		ack_reply_request_id(answer, r->request_id, ids->request,
			sizeof(ids->request));
		copy_id(ids->task, sizeof(ids->task),
			ack_json_get_string(answer, "task_id"));
		outcome = ACK_DONE;
	} else if (answer) {
		ack_error_set(e, EPROTO, NULL,
			"the service accepted the request (HTTP %d), but its "
			"answer has no %s ID of the right form",
			r->status, ack_text(made->noun));
		e->http_status = r->status;
		ack_reply_request_id(answer, r->request_id, e->request_id,
			sizeof(e->request_id));
	}
	ack_json_free(answer);
	return outcome;
}

static void create_finished(struct ack_call *call, enum ack_ending ending,
	const struct ack_http_reply *r, const struct ack_error *why)
{
	struct ids ids = {0};
	ACK_UNSET struct ack_error e;
	struct ack_created created = {
		.outcome = ack_retry_outcome(ending),
		.id = ids.made,
		.request_id = ids.request,
		.task_id = ids.task,
		.signed_at = call->signed_at,
	};

	ack_error_copy(&e, why);
	if (created.outcome == ACK_DONE)
		created.outcome = judge_success(call, r, &ids, &e);
	if (e.err) {
		ack_call_failed(call, &e);
		copy_id(ids.request, sizeof(ids.request), e.request_id);
	}
	call->done.created(call->arg, &created, &e);
}

struct ack_call *ack_create(struct ack_client *c, const struct ack_request *r,
	ack_created_fn done, void *arg, struct ack_error *e)
{
	struct ack_call *call = ack_call_new(c, r, e);

	if (call) {
		call->finished = create_finished;
		call->done.created = done;
	}
	return ack_call_begin(call, arg, ack_call_send, e);
}
