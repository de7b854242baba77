/* SPDX-License-Identifier: MIT */
#include "sandbox/describe.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/length.h"
#include "params/params.h"
#include "params/types.h"
#include "sandbox/clock.h"
#include "sandbox/clusters.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/paging.h"
#include "sandbox/releases.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

/* A string that holds JSON; empty until the API server answers. */
static void add_master_url(
	struct ack_json *root, const struct cluster *k, int64_t now_ms, int *rc)
{
	struct ack_buf text = ACK_BUF_INIT(1024);

	if (cluster_is_past(k, STAGE_CONTROL_PLANE, now_ms)) {
		ack_buf_puts(&text, "{\"intranet_api_server_endpoint\":"
				    "\"" INTRANET_SERVER "\"");
		if (field_flag(k, "endpoint_public_access"))
			ack_buf_puts(&text, ",\"api_server_endpoint\":"
					    "\"" PUBLIC_SERVER "\"");
		ack_buf_puts(&text, "}");
	}
	*rc |= ack_buf_status(&text);
	*rc |= ack_json_add_string(root, "master_url", ack_buf_text(&text));
	*rc |= ack_json_add_string(root, "meta_data", "{}");
	ack_buf_release(&text);
}

struct ack_json *describe_cluster(
	const struct cluster *k, int64_t now_ms, bool brief, int *rc)
{
	struct ack_json *root = ack_json_object();
	char created[CLOCK_TEXT], updated[CLOCK_TEXT];

	if (!root)
		return NULL;
	clock_rfc3339(k->created_ms, created);
	clock_rfc3339(cluster_changed_ms(k, now_ms), updated);
	*rc |= ack_json_add_string(root, "cluster_id", k->id);
	*rc |= ack_json_add_string(root, "state", cluster_state(k));
	*rc |= ack_json_add_string(root, "created", created);
	*rc |= ack_json_add_string(root, "updated", updated);
	*rc |= document_add_number(root, "size", cluster_size(k, now_ms));
	*rc |= ack_json_add_string(root, "next_version",
		version_next(field_text(k, "current_version")));
	*rc |= fields_add(k, brief, root);
	if (!brief)
		add_master_url(root, k, now_ms, rc);
	return root;
}

void call_DescribeClusterDetail(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	const struct cluster *k = lookup_cluster(s, x, now);
	int rc = 0;

	if (!k)
		return;
	struct ack_json *root = describe_cluster(k, now, false, &rc);
	answer_json(x, 200, root, rc);
}

#define NO_ROW ACK_P_COUNT

/* In lists, too; its default is JSON; only the sandbox itself asks for it. */
enum { BRIEF = 1, JSON = 2, HIDDEN = 4 };

/*
 * What the request left to the service gets an ID made from the cluster's:
 * `made` is its head.
 */
/* clang-format off */
static const struct field {
	const char *key;
	unsigned row;
	unsigned flags;
	const char *otherwise; /* when it has no value; NULL: "" or [] */
	const char *made;
	const char *own_vpc;   /* in a VPC made by the service */
} fields[] = {
	{ "name", ACK_P_name, BRIEF },
	{ "cluster_type", ACK_P_cluster_type, BRIEF },
	{ "region_id", ACK_P_region_id, BRIEF },
	{ "current_version", ACK_P_kubernetes_version, BRIEF, VERSION_NEWEST },
	{ "init_version", ACK_P_kubernetes_version, BRIEF, VERSION_NEWEST },
	{ "vpc_id", ACK_P_vpcid, BRIEF, NULL, "vpc-" },
	{ "vswitch_ids", ACK_P_vswitch_ids, BRIEF, NULL, "vsw-" },
	{ "security_group_id", ACK_P_security_group_id, BRIEF, NULL, "sg-" },
	{ "container_cidr", ACK_P_container_cidr, BRIEF, NULL, NULL,
		"172.16.0.0/16" },
	{ "service_cidr", ACK_P_service_cidr, BRIEF, "172.19.0.0/20" },
	{ "node_cidr_mask", ACK_P_node_cidr_mask, BRIEF, "25" },
	{ "proxy_mode", ACK_P_proxy_mode, BRIEF, "ipvs" },
	{ "deletion_protection", ACK_P_deletion_protection, BRIEF, "false" },
	{ "tags", ACK_P_tags, BRIEF },
	{ "profile", NO_ROW, BRIEF, "Default" },
	{ "cluster_spec", NO_ROW, BRIEF, "ack.standard" },
	{ "ip_stack", NO_ROW, BRIEF, "ipv4" },
	{ "cluster_domain", NO_ROW, BRIEF, "cluster.local" },
	{ "timezone", NO_ROW, BRIEF, "Asia/Shanghai" },
	{ "resource_group_id", NO_ROW, BRIEF, "rg-acfmsandbox0000" },
	{ "worker_ram_role_name", NO_ROW, 0, NULL,
		"KubernetesWorkerRole-" },
	{ "maintenance_window", NO_ROW, JSON, "{\"enable\":false}" },
	{ "operation_policy", NO_ROW, JSON,
		"{\"cluster_auto_upgrade\":{\"enabled\":false}}" },
	{ "rrsa_config", NO_ROW, JSON, "{\"enabled\":false}" },
	{ "auto_mode", NO_ROW, JSON, "{\"enable\":false}" },
	{ "extra_sans", NO_ROW, JSON, "[]" },
	{ "control_plane_endpoints_config", NO_ROW, JSON, "{}" },
	{ "parameters", NO_ROW, JSON, "{}" },
	{ "endpoint_public_access", ACK_P_endpoint_public_access, HIDDEN,
		"false" },
	{ "snat_entry", ACK_P_snat_entry, HIDDEN, "false" },
};
/* clang-format on */

#define COUNT LENGTH(fields)

static const struct field *find(const char *key)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(fields[i].key, key) == 0)
			return &fields[i];
	return NULL;
}

static const char *request_text(const struct cluster *k, const struct field *f)
{
	const char *text = f->row == NO_ROW ? NULL : cluster_value(k, f->row);

	if (!text && f->own_vpc && !cluster_value(k, ACK_P_vpcid))
		return f->own_vpc;
	return text ? text : f->otherwise;
}

static struct ack_json *make(const struct cluster *k, const struct field *f)
{
	const struct ack_param *p =
		f->row == NO_ROW ? NULL : &ack_cluster_table.rows[f->row];
	const char *text = request_text(k, f);
	char made[64];
	size_t where;

	if (!text && f->made) {
		snprintf(made, sizeof(made), "%s2ze%.17s", f->made, k->id + 1);
		text = made;
	}
	if (f->flags & JSON)
		return ack_json_parse(text, strlen(text), &where);
	if (text && p)
		return p->type->wire(p, text);
	if (!text && p && p->type->list)
		return ack_json_array();
	return ack_json_new_string(text ? text : "");
}

static struct ack_json *value(const struct cluster *k, const struct field *f)
{
	const struct ack_json *set = ack_json_get(k->settings, f->key);

	return set ? document_copy(set) : make(k, f);
}

int fields_add(const struct cluster *k, bool brief, struct ack_json *root)
{
	int rc = 0;

	for (const struct field *f = fields; f < fields + COUNT; f++)
		if (!(f->flags & HIDDEN) && (!brief || f->flags & BRIEF))
			rc |= ack_json_add(root, f->key, value(k, f));
	return rc;
}

const char *field_text(const struct cluster *k, const char *key)
{
	const struct field *f = find(key);
	const char *text = ack_json_get_string(k->settings, key);

	if (!text && f)
		text = request_text(k, f);
	return text ? text : "";
}

bool field_flag(const struct cluster *k, const char *key)
{
	bool flag;

	if (ack_json_boolean(ack_json_get(k->settings, key), &flag))
		return flag;
	return strcmp(field_text(k, key), "true") == 0;
}

struct ack_json *field_json(const struct cluster *k, const char *key)
{
	return value(k, find(key));
}

int fields_take(struct cluster *k, const struct ack_json *body)
{
	int rc = 0;

	for (const struct field *f = fields; f < fields + COUNT; f++) {
		const struct ack_json *n = ack_json_get(body, f->key);

		if (f->row == NO_ROW && n && !ack_json_is_null(n) && rc == 0)
			rc = cluster_set(k, f->key, document_copy(n));
	}
	return rc;
}

/* Fields that a query can ask for. */
static const char *const asked[] = {"cluster_type", "cluster_spec", "profile"};

static bool is(const char *text, const char *wanted)
{
	return !wanted || !*wanted || strcmp(text, wanted) == 0;
}

static bool wanted(
	const struct exchange *x, const struct cluster *k, int64_t now_ms)
{
	const struct target *t = &x->target;
	const char *part = target_query(t, "name");

	if (now_ms < k->listed_ms || !is(k->id, target_query(t, "cluster_id")))
		return false;
	/* The service's match of names is fuzzy: any part will do. */
	if (part && *part && !strstr(field_text(k, "name"), part))
		return false;
	if (!is(field_text(k, "region_id"), x->args[0]))
		return false;
	for (size_t i = 0; i < LENGTH(asked); i++) {
		const char *value = target_query(t, asked[i]);

		if (value && !is(field_text(k, asked[i]), value))
			return false;
	}
	return true;
}

void call_DescribeClustersForRegion(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct paging page;
	int rc = 0;

	if (!paging_begin(&page, x, &paging_snake))
		return;
	clusters_settle(&s->clusters, now);
	struct ack_json *root = ack_json_object(), *list = ack_json_array();
	for (size_t i = 0; list && i < s->clusters.count; i++) {
		const struct cluster *k = s->clusters.list[i];

		if (wanted(x, k, now) && paging_takes(&page))
			rc |= ack_json_add(list, NULL,
				describe_cluster(k, now, true, &rc));
	}
	paging_finish(&page, root, "clusters", list, &rc);
	answer_json(x, 200, root, rc);
}
