/* SPDX-License-Identifier: MIT */
/* CreateCluster: all faults of a body at once, or a cluster. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "params/body.h"
#include "params/params.h"
#include "params/rules.h"
#include "sandbox/answer.h"
#include "sandbox/begun.h"
#include "sandbox/clock.h"
#include "sandbox/fields.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/pools.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

static void take_finding(void *arg, const struct ack_finding *finding)
{
	if (finding->warning)
		return;
	finding_add(arg,
		finding->code && *finding->code ? finding->code
						: FINDING_FORMAT,
		"%s: %s", finding->param, finding->text);
}

/* What ack_body_parse() had to say: one fault, and one more on each line. */
static void take_error(struct findings *f, const struct ack_error *e)
{
	finding_add(f, FINDING_FORMAT, "%s%s%s", e->param,
		*e->param ? ": " : "", e->message);
	for (const char *p = e->more; *p;) {
		int len = (int)strcspn(p, "\n");

		if (len > 0)
			finding_add(f, FINDING_FORMAT, "%.*s", len, p);
		p += len;
		p += *p == '\n';
	}
}

/* False: the exchange has its refusal. */
static bool validate(struct exchange *x, struct ack_values *v)
{
	struct findings f = {NULL};
	struct ack_error e;

	ack_error_clear(&e);
	int rc = ack_body_parse(&ack_cluster_table, ack_buf_text(&x->body),
		x->body.len, clock_ms() * 1000000, v, &e);
	if (rc == 0)
		rc = ack_body_no_nodes(
			&ack_cluster_table, v, clock_ms() * 1000000);
	if (rc == 0)
		rc = ack_rules_check(
			&ack_cluster_table, v, ACK_CLASSIC, take_finding, &f);
	else if (rc == -EAGAIN)
		finding_add(&f, FINDING_FORMAT,
			"The body ends before its JSON object does.");
	else if (rc != -ENOMEM)
		take_error(&f, &e);
	if (rc == -ENOMEM)
		f.rc = rc;
	return findings_none(&f, x);
}

static int drop_secrets(struct ack_values *v)
{
	int rc = 0;

	for (unsigned i = 0; i < ack_cluster_table.count && rc == 0; i++)
		if (ack_cluster_table.rows[i].flags & ACK_SECRET)
			rc = ack_values_set(v, i, "", 0, 0);
	return rc;
}

static int fill(struct sandbox *s, struct exchange *x, struct cluster *k)
{
	char id[ACK_NONCE_HEX];
	const struct fault *lag;

	if (ack_nonce(id) < 0)
		return -EIO;
	snprintf(k->id, sizeof(k->id), "c%s", id);
	snprintf(k->state, sizeof(k->state), "initial");
	k->created_ms = k->updated_ms = k->listed_ms = clock_ms();
	lag = faults_take(&s->faults, FAULT_LIST, x);
	if (lag)
		fault_play_cluster(lag, k);
	return drop_secrets(&k->values);
}

/* Its task and pools. False: the exchange has its refusal. */
static bool furnish(struct sandbox *s, struct exchange *x, struct cluster *k)
{
	struct ack_json *body = lookup_body(x);
	struct task *t = body ? task_begin(s, x, k, TASK_CREATE, NULL) : NULL;
	bool done = t && fields_take(k, body) == 0 &&
		    pools_from_body(k, t, body) == 0;

	if (t && !done)
		answer_broken(x);
	if (t)
		t->begun_ms = k->created_ms;
	ack_json_free(body);
	return done;
}

void call_create_cluster(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = calloc(1, sizeof(*k));
	struct ack_error e;

	if (!k) {
		answer_broken(x);
		return;
	}
	if (!validate(x, &k->values)) {
		cluster_free(k);
		return;
	}
	if (fill(s, x, k) < 0) {
		answer_broken(x);
		cluster_free(k);
		return;
	}
	if (!furnish(s, x, k)) {
		cluster_free(k);
		return;
	}
	/* The answer first: once the cluster is there it must be told. */
	answer_begun_again(x, k->tasks[0]);
	if (x->status != 202)
		cluster_free(k);
	else if (clusters_add(&s->clusters, k, &e) < 0)
		answer_service(x, 500, "InternalError", e.message, NULL);
}
