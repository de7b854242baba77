/* SPDX-License-Identifier: MIT */
/* ModifyCluster, and MigrateCluster (SERVICE.md, Changing). */
#include <string.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/begun.h"
#include "sandbox/checks.h"
#include "sandbox/clock.h"
#include "sandbox/documents.h"
#include "sandbox/fields.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

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
	struct findings f = {NULL};

	check_document(body, rows, sizeof(rows) / sizeof(*rows), false, &f);
	if (name && !*name)
		finding_add(&f, FINDING_FORMAT, "cluster_name: It is empty.");
	if (spec && (is_basic(k) || strncmp(spec, "ack.pro.", 8) != 0))
		finding_add(&f, "InvalidParameter.ClusterSpec",
			"cluster_spec: It takes specifications of Pro "
			"clusters, of one that is a Pro cluster.");
	if (!findings_none(&f, x))
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

	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
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

void call_modify_cluster(struct sandbox *s, struct exchange *x)
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

void call_migrate_cluster(struct sandbox *s, struct exchange *x)
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
