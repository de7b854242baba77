/* SPDX-License-Identifier: MIT */
/* CreateCluster: all faults of a body at once, or a cluster. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "body.h"
#include "clock.h"
#include "error.h"
#include "json.h"
#include "params.h"
#include "router.h"
#include "rules.h"
#include "sandbox.h"
#include "tasks.h"

#define BAD_VALUE "InvalidParameter.Format"

/* The faults found so far, as the service lists them in data[]. */
struct faults_found {
	struct ack_json *data;
	char code[96], message[1024]; /* of the first one */
	int rc;
};

static void fault_add(
	struct faults_found *f, const char *code, const char *message)
{
	struct ack_json *o = ack_json_object();

	if (!f->data)
		f->data = ack_json_array();
	if (!f->data || !o) {
		ack_json_free(o);
		f->rc = -ENOMEM;
		return;
	}
	if (!f->code[0]) {
		snprintf(f->code, sizeof(f->code), "%s", code);
		snprintf(f->message, sizeof(f->message), "%s", message);
	}
	f->rc |= ack_json_add_string(o, "code", code);
	f->rc |= ack_json_add_string(o, "message", message);
	f->rc |= ack_json_add(f->data, NULL, o);
}

static void take_finding(void *arg, const struct ack_finding *finding)
{
	char message[1024];

	if (finding->warning)
		return;
	snprintf(message, sizeof(message), "%s: %s", finding->param,
		finding->text);
	fault_add(arg,
		finding->code && *finding->code ? finding->code : BAD_VALUE,
		message);
}

/* What ack_body_parse() had to say: one fault, and one more on each line. */
static void take_error(struct faults_found *f, const struct ack_error *e)
{
	char message[1024];

	snprintf(message, sizeof(message), "%s%s%s", e->param,
		*e->param ? ": " : "", e->message);
	fault_add(f, BAD_VALUE, message);
	for (const char *p = e->more; *p;) {
		int len = (int)strcspn(p, "\n");

		snprintf(message, sizeof(message), "%.*s", len, p);
		if (len > 0)
			fault_add(f, BAD_VALUE, message);
		p += len;
		p += *p == '\n';
	}
}

/* 0, -EINVAL with the faults in f, or -ENOMEM. */
static int validate(
	const struct exchange *x, struct ack_values *v, struct faults_found *f)
{
	struct ack_error e;

	ack_error_clear(&e);
	int rc = ack_body_parse(&ack_cluster_table, ack_buf_text(&x->body),
		x->body.len, clock_ms() * 1000000, v, &e);
	if (rc == -ENOMEM)
		return rc;
	if (rc == 0)
		ack_rules_check(&ack_cluster_table, v, take_finding, f);
	else if (rc == -EAGAIN)
		fault_add(f, BAD_VALUE,
			"The body ends before its JSON object does.");
	else
		take_error(f, &e);
	if (f->rc < 0)
		return -ENOMEM;
	return f->data ? -EINVAL : 0;
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
	char id[ACK_NONCE_HEX], task[ACK_NONCE_HEX];
	const struct fault *lag, *task_fault;

	if (ack_nonce(id) < 0 || ack_nonce(task) < 0)
		return -EIO;
	snprintf(k->id, sizeof(k->id), "c%s", id);
	snprintf(k->task_id, sizeof(k->task_id), "T-%.24s", task);
	snprintf(k->request_id, sizeof(k->request_id), "%s", x->request_id);
	k->created_ms = clock_ms();
	k->listed_ms = k->created_ms;
	k->duration_ms = (int64_t)(TASK_CREATE_MS / s->speed);
	lag = faults_take(&s->faults, FAULT_LIST, x);
	if (lag)
		fault_play_cluster(lag, k);
	task_fault = faults_take(&s->faults, FAULT_TASK, x);
	if (task_fault)
		fault_play_cluster(task_fault, k);
	return 0;
}

static void answer_created(struct exchange *x, const struct cluster *k)
{
	struct ack_json *root = ack_json_object();
	int rc = 0;

	if (root) {
		rc |= ack_json_add_string(root, "cluster_id", k->id);
		rc |= ack_json_add_string(root, "request_id", k->request_id);
		rc |= ack_json_add_string(root, "task_id", k->task_id);
	}
	answer_json(x, 202, root, rc);
}

void call_create_cluster(struct sandbox *s, struct exchange *x)
{
	struct faults_found f = {NULL};
	struct cluster *k = calloc(1, sizeof(*k));
	struct ack_error e;
	int rc = k ? validate(x, &k->values, &f) : -ENOMEM;

	if (rc == -EINVAL) {
		answer_service(x, 400, f.code, f.message, f.data);
		f.data = NULL;
		goto out;
	}
	if (rc == 0)
		rc = drop_secrets(&k->values);
	if (rc == 0)
		rc = fill(s, x, k);
	if (rc < 0) {
		answer_broken(x);
		goto out;
	}
	/* The answer first: once the cluster is there it must be told. */
	answer_created(x, k);
	if (x->status != 202)
		goto out;
	if (clusters_add(&s->clusters, k, &e) < 0)
		answer_service(x, 500, "InternalError", e.message, NULL);
	k = NULL;
out:
	ack_json_free(f.data);
	cluster_free(k);
}
