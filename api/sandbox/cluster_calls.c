/* SPDX-License-Identifier: MIT */
/* CreateCluster: all faults of a body at once, or a cluster. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "params/body.h"
#include "params/params.h"
#include "params/rules.h"
#include "sandbox/begun.h"
#include "sandbox/checks.h"
#include "sandbox/clock.h"
#include "sandbox/describe.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/pools.h"
#include "sandbox/releases.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

static void take_finding(void *arg, const struct ack_finding *finding)
{
	if (finding->warning)
		return;
	objection_add(arg,
		finding->code && *finding->code ? finding->code
						: FINDING_FORMAT,
		"%s: %s", finding->param, finding->text);
}

/* What ack_body_parse() had to say: one fault, and one more on each line. */
static void take_error(struct objections *f, const struct ack_error *e)
{
	objection_add(f, FINDING_FORMAT, "%s%s%s", e->param,
		*e->param ? ": " : "", e->message);
	for (const char *p = e->more; *p;) {
		int len = (int)strcspn(p, "\n");

		if (len > 0)
			objection_add(f, FINDING_FORMAT, "%.*s", len, p);
		p += len;
		p += *p == '\n';
	}
}

/* False: the exchange has its refusal. */
static bool validate(struct exchange *x, struct ack_values *v)
{
	struct objections f = {NULL};
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
		objection_add(&f, FINDING_FORMAT,
			"The body ends before its JSON object does.");
	else if (rc != -ENOMEM)
		take_error(&f, &e);
	if (rc == -ENOMEM)
		f.rc = rc;
	return objections_none(&f, x);
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

void call_CreateCluster(struct sandbox *s, struct exchange *x)
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
	/* The answer first: once the cluster is there it must be known. */
	answer_begun_again(x, k->tasks[0]);
	if (x->status != 202)
		cluster_free(k);
	else if (clusters_add(&s->clusters, k, &e) < 0)
		answer_service(x, 500, "InternalError", e.message, NULL);
}

/* clang-format off */
static const struct check rows[] = {
	{ "cluster_name", CHECK_STRING, .most = 63 },
	{ "deletion_protection", CHECK_BOOLEAN },
	{ "api_server_eip", CHECK_BOOLEAN },
	{ "api_server_eip_id", CHECK_STRING },
	{ "api_server_custom_cert_sans", CHECK_OBJECT },
	{ "api_server_custom_cert_sans.action", CHECK_STRING, true,
		.choices = "append|overwrite" },
	{ "api_server_custom_cert_sans.subject_alternative_names",
		CHECK_STRINGS, true },
	{ "cluster_spec", CHECK_STRING },
	{ "resource_group_id", CHECK_STRING },
	{ "security_group_id", CHECK_STRING },
	{ "vswitch_ids", CHECK_STRINGS, .least = 1, .most = 5 },
	{ "timezone", CHECK_STRING },
	{ "enable_rrsa", CHECK_BOOLEAN },
	{ "maintenance_window", CHECK_OBJECT },
	{ "maintenance_window.enable", CHECK_BOOLEAN },
	{ "maintenance_window.maintenance_time", CHECK_STRING },
	{ "maintenance_window.duration", CHECK_STRING },
	{ "maintenance_window.weekly_period", CHECK_STRING },
	{ "maintenance_window.recurrence", CHECK_STRING },
	{ "operation_policy", CHECK_OBJECT },
	{ "operation_policy.cluster_auto_upgrade", CHECK_OBJECT },
	{ "operation_policy.cluster_auto_upgrade.enabled", CHECK_BOOLEAN },
	{ "operation_policy.cluster_auto_upgrade.channel", CHECK_STRING,
		.choices = "patch|stable|rapid" },
	{ "system_events_logging", CHECK_OBJECT },
	{ "system_events_logging.enabled", CHECK_BOOLEAN },
	{ "system_events_logging.logging_project", CHECK_STRING },
	{ "control_plane_endpoints_config", CHECK_MAP },
	{ "control_plane_config", CHECK_MAP },
	{ "client_token", CHECK_STRING, .most = 64 },
	{ "access_control_list", CHECK_STRINGS },
	{ "ingress_domain_rebinding", CHECK_BOOLEAN },
	{ "ingress_loadbalancer_id", CHECK_STRING },
	{ "instance_deletion_protection", CHECK_BOOLEAN },
};

#define BASIC "ack.standard"

/* What of it shows in the cluster, and as what. */
static const struct shown {
	const char *key, *as;
	const char *inside; /* a member of it; NULL: itself */
} shown[] = {
	{ "cluster_name", "name", NULL },
	{ "deletion_protection", "deletion_protection", NULL },
	{ "api_server_eip", "endpoint_public_access", NULL },
	{ "cluster_spec", "cluster_spec", NULL },
	{ "resource_group_id", "resource_group_id", NULL },
	{ "security_group_id", "security_group_id", NULL },
	{ "vswitch_ids", "vswitch_ids", NULL },
	{ "timezone", "timezone", NULL },
	{ "enable_rrsa", "rrsa_config", "enabled" },
	{ "maintenance_window", "maintenance_window", NULL },
	{ "operation_policy", "operation_policy", NULL },
	{ "control_plane_endpoints_config", "control_plane_endpoints_config",
		NULL },
};
/* clang-format on */

static bool is_taken(
	struct sandbox *s, const struct cluster *own, const char *name)
{
	const char *region = field_text(own, "region_id");

	clusters_settle(&s->clusters, clock_ms());
	for (size_t i = 0; i < s->clusters.count; i++) {
		const struct cluster *k = s->clusters.list[i];

		if (k != own && strcmp(field_text(k, "name"), name) == 0 &&
			strcmp(field_text(k, "region_id"), region) == 0)
			return true;
	}
	return false;
}

/* Whether nothing else is asked for: what is blocked can do that, too. */
static bool protects_only(const struct ack_json *body)
{
	for (const struct ack_json *n = ack_json_first(body); n;
		n = ack_json_next(n))
		if (strcmp(ack_json_key(n), "deletion_protection") != 0 &&
			strcmp(ack_json_key(n), "client_token") != 0)
			return false;
	return ack_json_get(body, "deletion_protection") != NULL;
}

static bool is_basic(const struct cluster *k)
{
	const char *spec = field_text(k, "cluster_spec");

	return !*spec || !strcmp(spec, BASIC);
}

static bool check(struct sandbox *s, struct exchange *x,
	const struct cluster *k, const struct ack_json *body)
{
	const char *name = ack_json_get_string(body, "cluster_name");
	const char *spec = ack_json_get_string(body, "cluster_spec");
	struct objections f = {NULL};

	check_document(body, rows, LENGTH(rows), false, &f);
	if (name && !*name)
		objection_add(&f, FINDING_FORMAT, "cluster_name: It is empty.");
	if (spec && (is_basic(k) || strncmp(spec, "ack.pro.", 8) != 0))
		objection_add(&f, "InvalidParameter.ClusterSpec",
			"cluster_spec: It takes specifications of Pro "
			"clusters, of one that is a Pro cluster.");
	if (!objections_none(&f, x))
		return false;
	if (!lookup_is_in(x, k,
		    protects_only(body) ? "running|failed|inactive|"
					  "unavailable|delete_failed"
					: "running"))
		return false;
	if (!name || !is_taken(s, k, name))
		return true;
	answer_service(x, 400, "ErrorClusterNameAlreadyExist",
		"Another cluster has this name.", NULL);
	return false;
}

static int apply(struct cluster *k, const struct ack_json *body)
{
	int rc = 0;

	for (size_t i = 0; i < LENGTH(shown); i++) {
		const struct ack_json *n = ack_json_get(body, shown[i].key);

		if (!n || ack_json_is_null(n) || rc < 0)
			continue;
		rc = shown[i].inside
			     ? document_set_in(&k->settings, shown[i].as,
				       shown[i].inside, document_copy(n))
			     : cluster_set(k, shown[i].as, document_copy(n));
	}
	return rc;
}

/* The task of an earlier request of this token; true: it has its answer. */
static bool is_repeated(struct exchange *x, const struct cluster *k,
	const char *token, const char *sum)
{
	for (size_t i = 0; *token && i < k->ntasks; i++) {
		if (strcmp(k->tasks[i]->token, token) != 0)
			continue;
		if (strcmp(k->tasks[i]->body_sum, sum) == 0)
			answer_begun_again(x, k->tasks[i]);
		else
			answer_service(x, 400, "IdempotentParameterMismatch",
				"This client_token came with another body "
				"before.",
				NULL);
		return true;
	}
	return false;
}

void call_ModifyCluster(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct ack_json *body = k ? lookup_body(x) : NULL;
	const char *given = ack_json_get_string(body, "client_token");
	char token[ACK_SHA256_HEX] = "", sum[ACK_SHA256_HEX];
	struct task *t;

	if (!body)
		return;
	if (given)
		ack_sha256_hex(given, strlen(given), token);
	ack_sha256_hex(ack_buf_text(&x->body), x->body.len, sum);
	if (!is_repeated(x, k, token, sum) && check(s, x, k, body) &&
		(t = task_begin(s, x, k, TASK_MODIFY, NULL))) {
		memcpy(t->token, token, sizeof(token));
		memcpy(t->body_sum, sum, sizeof(sum));
		if (task_is_sound(t) && apply(k, body) < 0)
			answer_broken(x);
		else
			answer_begun(s, x, k, t);
	}
	ack_json_free(body);
}

void call_MigrateCluster(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct task *t;

	if (!k || !lookup_is_in(x, k, "running"))
		return;
	if (!is_basic(k))
		answer_service(x, 400, "InvalidParameter.ClusterSpec",
			"The cluster is a Pro cluster already.", NULL);
	else if ((t = task_begin(s, x, k, TASK_MIGRATE, NULL)))
		answer_begun(s, x, k, t);
}

/* clang-format off */
static const struct check option_rows[] = {
	{ "resource_type", CHECK_STRING, true, .choices =
		"SLB|ALB|SLS_Data|SLS_ControlPlane|PrivateZone" },
	{ "delete_mode", CHECK_STRING, true, .choices = "delete|retain" },
};
/* clang-format on */

static bool check_options(struct exchange *x)
{
	const char *text = target_query(&x->target, "delete_options");
	struct objections f = {NULL};
	size_t where;

	if (!text || !*text)
		return true;
	struct ack_json *list = ack_json_parse(text, strlen(text), &where);
	if (!ack_json_is_array(list))
		objection_add(&f, FINDING_FORMAT,
			"delete_options: It must be a JSON list of objects.");
	else
		for (const struct ack_json *n = ack_json_first(list); n;
			n = ack_json_next(n))
			check_document(
				n, option_rows, LENGTH(option_rows), false, &f);
	ack_json_free(list);
	return objections_none(&f, x);
}

static bool check_query(struct exchange *x)
{
	static const char *const flags[] = {"retain_all_resources", "keep_slb"};
	struct ack_json *retained;
	bool flag;

	for (size_t i = 0; i < LENGTH(flags); i++)
		if (!lookup_query_flag(x, flags[i], &flag))
			return false;
	retained = lookup_query_list(x, "retain_resources");
	ack_json_free(retained);
	return retained && check_options(x);
}

static bool may_go(struct exchange *x, const struct cluster *k)
{
	if (strcmp(k->state, "deleting") == 0)
		answer_service(x, 400, "InvalidStatus.Forbidden",
			"The cluster is being deleted already.", NULL);
	else if (field_flag(k, "deletion_protection"))
		answer_service(x, 400, "ErrorDeletionProtection",
			"The cluster is protected from deletion; switch "
			"deletion_protection off first.",
			NULL);
	else
		return true;
	return false;
}

/* What the cluster was busy with ends here. */
static void stop_tasks(struct cluster *k, int64_t now_ms)
{
	for (size_t i = 0; i < k->ntasks; i++)
		if (!k->tasks[i]->settled)
			k->tasks[i]->canceled_ms = now_ms;
	cluster_settle(k, now_ms);
}

void call_DeleteCluster(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct cluster *k = lookup_cluster(s, x, now);

	if (!k || !check_query(x) || !may_go(x, k))
		return;
	stop_tasks(k, now);
	struct task *t = task_begin(s, x, k, TASK_DELETE, NULL);
	if (!t)
		return;
	snprintf(k->state, sizeof(k->state), "deleting");
	for (size_t i = 0; i < k->npools; i++) {
		k->pools[i]->busy = t;
		pool_shrink(k->pools[i], (int64_t)k->pools[i]->count);
	}
	answer_begun(s, x, k, t);
}

/* clang-format off */
static const struct check upgrade_rows[] = {
	{ "next_version", CHECK_STRING, true, .most = 63 },
	{ "master_only", CHECK_BOOLEAN },
	{ "version", CHECK_STRING },
	{ "component_name", CHECK_STRING },
	{ "rolling_policy", CHECK_OBJECT },
	{ "rolling_policy.max_parallelism", CHECK_INTEGER,
		.least = 1, .most = 100 },
};
/* clang-format on */

static bool is_offered(const struct cluster *k, const char *version)
{
	const char *current = field_text(k, "current_version");

	for (size_t i = 0; i < nversions; i++)
		if (strcmp(versions[i].name, version) == 0)
			return version_is_offered(current, &versions[i]);
	return false;
}

static bool check_upgrade(struct exchange *x, const struct cluster *k,
	const struct ack_json *body)
{
	const char *version = ack_json_get_string(body, "next_version");
	struct objections f = {NULL};

	check_document(body, upgrade_rows, LENGTH(upgrade_rows), false, &f);
	if (!objections_none(&f, x) || !lookup_is_in(x, k, "running"))
		return false;
	if (is_offered(k, version))
		return true;
	objection_add(&f, "InvalidParameter.NextVersion",
		"next_version: A cluster of version %s cannot be upgraded to "
		"%s.",
		field_text(k, "current_version"), version);
	return objections_none(&f, x);
}

void call_UpgradeCluster(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct ack_json *body = k ? lookup_body(x) : NULL;
	struct task *t;

	if (body && check_upgrade(x, k, body) &&
		(t = task_begin(s, x, k, TASK_UPGRADE, NULL))) {
		t->parameters = document_copy(body);
		if (t->parameters)
			answer_begun(s, x, k, t);
		else
			answer_broken(x);
	}
	ack_json_free(body);
}
