/* SPDX-License-Identifier: MIT */
/*
 * The course of a commit:
 *
 *   draft --check--> committing --name is free--> POST
 *     ^                  |                         |
 *     |  findings, name taken, not sent            | 2xx and an ID: exists
 *     +------------------+<--- refused, not sent --+
 *                                                  | anything else: unknown
 *
 * Nothing here sends a POST twice: what may have been executed ends in
 * `unknown`, and the directory then stays as it was sent.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "buf.h"
#include "client.h"
#include "cluster.h"
#include "commit.h"
#include "error.h"
#include "findings.h"
#include "fleet.h"
#include "json.h"
#include "waiter.h"

#define BODY_MAX (1u << 20)

struct commit {
	struct cluster *cluster;
	struct waiter *waiter;
	struct ack_call *call;
	struct ack_buf body;
	char *name;     /* of the cluster to be */
	char taken[48]; /* ID of a cluster that has the name already */
};

static void wake(struct commit *m, int err)
{
	struct waiter *w = m->waiter;

	m->waiter = NULL;
	if (!w)
		return;
	w->commit = NULL;
	w->done(w, err);
}

static void commit_end(struct commit *m)
{
	struct cluster *c = m->cluster;

	c->commit = NULL;
	ack_call_drop(m->call);
	ack_buf_release(&m->body);
	free(m->name);
	free(m);
}

/* Back to a draft, with the reason. */
static void commit_fail(struct commit *m, const struct ack_error *e)
{
	cluster_enter(m->cluster, CLUSTER_DRAFT, "");
	cluster_fail(m->cluster, e);
	wake(m, -e->err);
	commit_end(m);
}

static char *keep(const char *text)
{
	return *text ? strdup(text) : NULL;
}

static void commit_done(struct commit *m, const struct ack_created *r)
{
	struct cluster *c = m->cluster;

	c->cluster_id = keep(r->cluster_id);
	c->request_id = keep(r->request_id);
	c->task_id = keep(r->task_id);
	for (unsigned row = 0; row < ack_cluster_table.count; row++)
		if (ack_cluster_table.rows[row].flags & ACK_SECRET)
			ack_values_set(&c->values, row, "", 0, c->changed);
	cluster_enter(c, CLUSTER_EXISTS, "initial");
	cluster_fail(c, NULL);
	fleet_poll_soon(c->fleet);
	wake(m, 0);
	commit_end(m);
}

static void posted(
	void *arg, const struct ack_created *r, const struct ack_error *e)
{
	struct commit *m = arg;
	struct ack_error told;

	m->call = NULL;
	switch (r->outcome) {
	case ACK_DONE:
		commit_done(m, r);
		return;
	case ACK_REFUSED:
	case ACK_UNSENT:
		commit_fail(m, e);
		return;
	case ACK_UNKNOWN:
		break;
	}
	told = *e;
	ack_error_hint(&told,
		"whether a cluster was made is not known, so "
		"nothing is sent again; look for %s in the "
		"console",
		m->name);
	cluster_enter(m->cluster, CLUSTER_UNKNOWN, "");
	cluster_fail(m->cluster, &told);
	wake(m, -told.err);
	commit_end(m);
}

static void post(struct commit *m)
{
	struct ack_error e;

	m->call = ack_create_cluster(m->cluster->fleet->client,
		ack_buf_text(&m->body), m->body.len, posted, m, &e);
	if (!m->call)
		commit_fail(m, &e);
}

/* One page of the clusters whose name is like ours; the service's match is
 * fuzzy (ack-api.md 2.4). */
static void listed(void *arg, const struct ack_json *page, bool more,
	const struct ack_error *e)
{
	struct commit *m = arg;
	struct ack_error told;

	for (const struct ack_json *n = ack_json_first(page); n;
		n = ack_json_next(n)) {
		const char *name = ack_json_get_string(n, "name");
		const char *id = ack_json_get_string(n, "cluster_id");

		if (name && !strcmp(name, m->name))
			strncpy(m->taken, id ? id : "?", sizeof(m->taken) - 1);
	}
	if (more)
		return;
	m->call = NULL;
	if (e->err) {
		told = *e;
		if (told.err == EACCES && !*told.hint)
			ack_error_hint(&told,
				"grant cs:DescribeClustersForRegion, or mount "
				"with -o preflight=off");
		commit_fail(m, &told);
	} else if (*m->taken) {
		ack_error_set(&told, EEXIST, "name",
			"a cluster named %s exists already: %s", m->name,
			m->taken);
		commit_fail(m, &told);
	} else {
		post(m);
	}
}

static int commit_begin(
	struct cluster *c, struct waiter *w, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	struct commit *m = calloc(1, sizeof(*m));
	int ret = -ENOMEM;

	if (!m)
		goto out;
	m->cluster = c;
	ack_buf_init(&m->body, BODY_MAX);
	ret = cluster_effective(c, &v);
	if (!ret)
		ret = findings_error(&v, e);
	if (ret)
		goto out;
	m->name = strdup(ack_values_get(&v, ACK_P_name, NULL));
	ret = m->name ? ack_body_build(&ack_cluster_table, &v,
				c->fleet->endpoint.form, true, false, &m->body)
		      : -ENOMEM;
	if (ret)
		goto out;
	if (c->fleet->preflight)
		m->call = ack_list_clusters(
			c->fleet->client, m->name, listed, m, e);
	else
		m->call = ack_create_cluster(c->fleet->client,
			ack_buf_text(&m->body), m->body.len, posted, m, e);
	if (!m->call)
		ret = -e->err;
out:
	ack_values_release(&v);
	if (ret) {
		if (ret == -ENOMEM)
			ack_error_set(e, ENOMEM, NULL, "out of memory");
		if (m) {
			ack_buf_release(&m->body);
			free(m->name);
			free(m);
		}
		return ret;
	}
	c->commit = m;
	m->waiter = w;
	if (w)
		w->commit = m;
	cluster_fail(c, NULL);
	cluster_enter(c, CLUSTER_COMMITTING, "");
	return 0;
}

int commit_open(const struct cluster *c, struct ack_error *e)
{
	if (c->state == CLUSTER_COMMITTING)
		return ack_error_set(e, EBUSY, NULL,
			"a commit is under way; wait for it to end");
	return 0;
}

static bool is_yes(const struct cluster *c, const char *text, size_t len)
{
	static const char *const words[] = {
		"1", "y", "yes", "true", "on", "commit"};

	while (len && strchr(" \t\r\n", text[len - 1]))
		len--;
	while (len && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (len == strlen(words[i]) && !memcmp(text, words[i], len))
			return true;
	return len == strlen(c->name) && !memcmp(text, c->name, len);
}

int commit_write(struct cluster *c, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	if (!is_yes(c, text, len))
		return ack_error_set(e, EINVAL, "commit",
			"write 1, or the name %s, to create the cluster; it "
			"costs money, so no other word will do",
			c->name);
	switch (c->state) {
	case CLUSTER_DRAFT:
		return commit_begin(c, w, e);
	case CLUSTER_COMMITTING:
		return commit_open(c, e);
	case CLUSTER_UNKNOWN:
		return ack_error_set(e, EEXIST, NULL,
			"this was sent already and may have been executed; "
			"nothing is sent again");
	case CLUSTER_EXISTS:
		break;
	}
	return ack_error_set(e, EEXIST, NULL,
		"this was committed already: the cluster is %s", c->cluster_id);
}

void commit_leave(struct waiter *w)
{
	if (w->commit)
		w->commit->waiter = NULL;
	w->commit = NULL;
}

void commit_drop(struct cluster *c)
{
	if (!c->commit)
		return;
	wake(c->commit, -EINTR);
	commit_end(c->commit);
}
