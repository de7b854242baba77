/* SPDX-License-Identifier: MIT */
/* The calls that read one thing (ack-api.md 2). */
#include "client.h"

#include <errno.h>
#include <string.h>

#include "call.h"
#include "error.h"
#include "json.h"

struct ack_json *ack_call_answer(enum ack_ending ending,
	const struct ack_http_reply *r, const struct ack_error *why,
	struct ack_error *e)
{
	struct ack_json *answer;
	size_t where;

	*e = *why;
	if (ending != ACK_END_ANSWERED)
		return NULL;
	answer = ack_json_parse(r->body, r->len, &where);
	if (!answer)
		ack_error_from_reply(e, r->status, r->body, r->len, NULL);
	return answer;
}

bool ack_cluster_id_valid(const char *id)
{
	return strlen(id) == 33 && id[0] == 'c' &&
	       strspn(id + 1, "0123456789abcdef") == 32;
}

static void answer_finished(struct ack_call *call, enum ack_ending ending,
	const struct ack_http_reply *r, const struct ack_error *why)
{
	struct ack_error e;
	struct ack_json *answer = ack_call_answer(ending, r, why, &e);

	if (e.err)
		ack_call_failed(call, &e);
	call->done.answer(call->arg, answer, &e);
	ack_json_free(answer);
}

/* GET /`collection`/`id` */
static struct ack_call *describe(struct ack_client *c, const char *action,
	const char *collection, const char *id, ack_answer_fn done, void *arg,
	struct ack_error *e)
{
	if (!*id || strcmp(id, ".") == 0 || strcmp(id, "..") == 0) {
		ack_error_set(e, EINVAL, NULL, "“%s” is not an ID", id);
		return NULL;
	}
	struct ack_call *call = ack_call_new(c, ACK_READ, "GET", action, e);
	if (!call)
		return NULL;
	ack_call_path(call, collection);
	ack_call_path(call, id);
	call->finished = answer_finished;
	call->done.answer = done;
	call->arg = arg;
	if (ack_call_send(call, e) < 0) {
		ack_call_end(call);
		return NULL;
	}
	return call;
}

struct ack_call *ack_describe_cluster(struct ack_client *c, const char *id,
	ack_answer_fn done, void *arg, struct ack_error *e)
{
	return describe(
		c, "DescribeClusterDetail", "clusters", id, done, arg, e);
}

struct ack_call *ack_describe_task(struct ack_client *c, const char *id,
	ack_answer_fn done, void *arg, struct ack_error *e)
{
	return describe(c, "DescribeTaskInfo", "tasks", id, done, arg, e);
}
