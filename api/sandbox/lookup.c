/* SPDX-License-Identifier: MIT */
#include "sandbox/lookup.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "sandbox/choices.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/pools.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

struct cluster *lookup_cluster(
	struct sandbox *s, struct exchange *x, int64_t now_ms)
{
	struct cluster *k = clusters_find(&s->clusters, x->args[0], now_ms);

	if (!k)
		answer_service(x, 404, "ErrorClusterNotFound",
			"There is no cluster of this ID.", NULL);
	return k;
}

struct task *lookup_task(struct sandbox *s, struct exchange *x, int64_t now_ms)
{
	struct task *t = clusters_find_task(&s->clusters, x->args[0], now_ms);

	if (!t)
		answer_service(x, 404, "ErrorTaskNotFound",
			"There is no task of this ID.", NULL);
	return t;
}

struct pool *lookup_pool(struct exchange *x, const struct cluster *k)
{
	struct pool *p = cluster_find_pool(k, x->args[1]);

	if (!p)
		answer_service(x, 404, "ErrorNodePoolNotFound",
			"The cluster has no node pool of this ID.", NULL);
	return p;
}

struct ack_json *lookup_body(struct exchange *x)
{
	size_t where;
	struct ack_json *root = ack_json_parse(
		ack_buf_text(&x->body), x->body.len, &where);
	char message[80];

	if (root && document_is_flat(root))
		return root;
	if (root) {
		ack_json_free(root);
		answer_service(x, 400, "InvalidParameter.Format",
			"The body nests too deep.", NULL);
		return NULL;
	}
	snprintf(message, sizeof(message),
		"The body is not JSON; see byte %zu.", where);
	answer_service(x, 400, "InvalidParameter.Format", message, NULL);
	return NULL;
}

static bool is_list_of_strings(const struct ack_json *list)
{
	if (!ack_json_is_array(list))
		return false;
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n))
		if (!ack_json_string(n) || !*ack_json_string(n))
			return false;
	return true;
}

static void refuse_query(
	struct exchange *x, const char *name, const char *wanted)
{
	char message[160];

	snprintf(message, sizeof(message), "%s: It must be %s.", name, wanted);
	answer_service(x, 400, "InvalidParameter.Format", message, NULL);
}

struct ack_json *lookup_query_list(struct exchange *x, const char *name)
{
	const char *text = target_query(&x->target, name);
	size_t where;

	if (!text || !*text) {
		struct ack_json *none = ack_json_array();

		if (!none)
			answer_broken(x);
		return none;
	}
	struct ack_json *list = ack_json_parse(text, strlen(text), &where);
	if (is_list_of_strings(list))
		return list;
	ack_json_free(list);
	refuse_query(x, name, "a JSON list of strings");
	return NULL;
}

bool lookup_query_flag(struct exchange *x, const char *name, bool *value)
{
	const char *text = target_query(&x->target, name);

	*value = text && strcmp(text, "true") == 0;
	if (!text || !*text || *value || strcmp(text, "false") == 0)
		return true;
	refuse_query(x, name, "true or false");
	return false;
}

bool lookup_is_in(
	struct exchange *x, const struct cluster *k, const char *states)
{
	const char *state = cluster_state(k);
	char message[160];

	if (choice_is_among(state, states))
		return true;
	snprintf(message, sizeof(message),
		"cannot operate cluster where state is %s; this needs one of: "
		"%s",
		state, states);
	answer_service(x, 400, "InvalidStatus.Forbidden", message, NULL);
	return false;
}

bool lookup_is_idle(struct exchange *x, const struct pool *p)
{
	char message[160];

	if (!p->busy)
		return true;
	snprintf(message, sizeof(message),
		"cannot operate nodepool where state is %s; wait for the end "
		"of "
		"task %s",
		pool_state(p), p->busy->id);
	answer_service(
		x, 400, "InvalidNodePoolStatus.Forbidden", message, NULL);
	return false;
}
