/* SPDX-License-Identifier: MIT */
/* ModifyClusterNodePool and ScaleClusterNodePool. */
#include <inttypes.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/begun.h"
#include "sandbox/checks.h"
#include "sandbox/clock.h"
#include "sandbox/documents.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/pool_rows.h"
#include "sandbox/pools.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

#define ADD_MOST 500

/* What is about nodes that are there, and not about the pool. */
static const char *const transient[] = {"update_nodes", "concurrency"};

static struct ack_json *merged(
	const struct pool *p, const struct ack_json *change)
{
	struct ack_json *spec = document_merge(p->spec, change);

	for (size_t i = 0; spec && i < 2; i++) {
		struct ack_json *less;

		if (!ack_json_get(spec, transient[i]))
			continue;
		less = document_without(spec, transient[i]);
		ack_json_free(spec);
		spec = less;
	}
	return spec;
}

/* The task that makes the pool have so many nodes. */
static enum task_word scale(const struct pool *p, int64_t wanted)
{
	if (wanted > (int64_t)p->count)
		return TASK_SCALE_OUT;
	return wanted < (int64_t)p->count ? TASK_SCALE_IN : TASK_POOL_MODIFY;
}

/* Begins the task, with `spec` (taken over) for the pool once it is done. */
static void change(struct sandbox *s, struct exchange *x, struct cluster *k,
	struct pool *p, struct ack_json *spec, int64_t wanted)
{
	enum task_word word = scale(p, wanted);
	struct task *t = task_begin(s, x, k, word, p);
	int64_t more = wanted - (int64_t)p->count;

	if (!t) {
		ack_json_free(spec);
		return;
	}
	/* What fails without nodes in question has changed nothing. */
	if (word == TASK_POOL_MODIFY && !task_is_sound(t)) {
		ack_json_free(spec);
	} else {
		ack_json_free(p->spec);
		p->spec = spec;
	}
	pool_shrink(p, -more);
	if (pool_grow(p, more) < 0)
		answer_broken(x);
	else
		answer_begun(s, x, k, t);
}

static bool check(struct exchange *x, const struct cluster *k,
	const struct pool *p, const struct ack_json *spec,
	const struct ack_json *body)
{
	struct findings f = {NULL};

	pool_check(spec, body, &f);
	/* nor in the call that switches it off */
	if (!document_flag(ack_json_get(spec, "auto_scaling"), "enable"))
		pool_check_size(p->spec, body, &f);
	return findings_none(&f, x) && lookup_is_in(x, k, "running|scaling") &&
	       lookup_is_idle(x, p);
}

/* From then on it is to have what it has, unless it scales itself. */
static int hold(struct ack_json **spec, int64_t wanted)
{
	if (document_flag(ack_json_get(*spec, "auto_scaling"), "enable"))
		return 0;
	return document_set_in(spec, "scaling_group", "desired_size",
		document_number(wanted));
}

void call_modify_pool(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct pool *p = k ? lookup_pool(x, k) : NULL;
	struct ack_json *body = p ? lookup_body(x) : NULL, *spec;
	int64_t wanted;

	if (!body)
		return;
	spec = merged(p, body);
	if (!spec) {
		answer_broken(x);
	} else if (!check(x, k, p, spec, body)) {
		ack_json_free(spec);
	} else {
		wanted = document_integer(ack_json_get(body, "scaling_group"),
			"desired_size", (int64_t)p->count);
		if (hold(&spec, wanted) < 0) {
			ack_json_free(spec);
			answer_broken(x);
		} else {
			change(s, x, k, p, spec, wanted);
		}
	}
	ack_json_free(body);
}

/* clang-format off */
static const struct check scale_rows[] = {
	{ "count", CHECK_INTEGER, true, 1, ADD_MOST },
};
/* clang-format on */

void call_scale_pool(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct pool *p = k ? lookup_pool(x, k) : NULL;
	struct ack_json *body = p ? lookup_body(x) : NULL, *spec;
	struct findings f = {NULL};
	int64_t wanted;

	if (!body)
		return;
	check_document(body, scale_rows, 1, false, &f);
	wanted = (int64_t)p->count + document_integer(body, "count", 0);
	if (wanted > POOL_NODES_MAX)
		finding_add(&f, "QuotaExceeded.NodePoolNodes",
			"count: The node pool would have %" PRId64
			" nodes; it may have %d.",
			wanted, POOL_NODES_MAX);
	if (findings_none(&f, x) && lookup_is_in(x, k, "running|scaling") &&
		lookup_is_idle(x, p)) {
		spec = document_copy(p->spec);
		if (spec &&
			document_set_in(&spec, "scaling_group", "desired_size",
				document_number(wanted)) == 0) {
			change(s, x, k, p, spec, wanted);
		} else {
			ack_json_free(spec);
			answer_broken(x);
		}
	}
	ack_json_free(body);
}
