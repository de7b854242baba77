/* SPDX-License-Identifier: MIT */
#include "model/advice.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/length.h"
#include "base/text.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/roles.h"
#include "model/versions.h"
#include "params/cidr.h"
#include "params/params.h"
#include "params/values.h"

/* What is being looked at, and where it goes. */
struct look {
	const struct object *object;
	const struct ack_values *values;
	bool warning;        /* what the row says is one */
	struct ack_buf *out; /* or NULL: */
	struct ack_error *e;
};

static const char *set(const struct look *l, unsigned row)
{
	return ack_values_get(l->values, row, NULL);
}

__attribute__((format(printf, 3, 4))) static void find(
	struct look *l, unsigned row, const char *fmt, ...)
{
	const char *name = l->object->kind->table->rows[row].name;
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), ack_text(fmt), ap);
	va_end(ap);
	if (l->out)
		ack_buf_printf(l->out, "%s%s: %s\n",
			l->warning ? "warning: " : "", name, text);
	else
		ack_error_about(l->e, EINVAL, name, "%s", text);
}

static bool is_elsewhere(const struct look *l)
{
	const char *region = set(l, ACK_P_region_id);

	return region && strcmp(region, l->object->fleet->endpoint.region) != 0;
}

static void region(struct look *l)
{
	const char *meant = is_elsewhere(l)
				    ? ack_region_meant(set(l, ACK_P_region_id))
				    : NULL;

	if (meant)
		find(l, ACK_P_region_id,
			"is %s, which is not a region that ackfs knows; did "
			"you mean %s?",
			set(l, ACK_P_region_id), meant);
	if (is_elsewhere(l))
		find(l, ACK_P_region_id,
			"is %s, and this mount stands for %s: the cluster is "
			"made, and billed, in %s",
			set(l, ACK_P_region_id),
			l->object->fleet->endpoint.region,
			set(l, ACK_P_region_id));
}

static void version(struct look *l)
{
	const char *wanted = set(l, ACK_P_kubernetes_version);

	if (wanted && !is_elsewhere(l) &&
		versions_lack(l->object->fleet, wanted))
		find(l, ACK_P_kubernetes_version,
			"the service does not offer %s for new clusters; "
			"live/versions lists what it does",
			wanted);
}

/* -o tag adds one more. */
static void tags(struct look *l)
{
	const char *text = set(l, ACK_P_tags);
	int64_t count = text != NULL,
		most = ack_cluster_table.rows[ACK_P_tags].max;

	for (; text && *text; text++)
		count += *text == '\n';
	if (l->object->fleet->tag && count >= most)
		find(l, ACK_P_tags,
			"there are %d; this mount adds one (-o tag), and a "
			"cluster has %d at most",
			(int)count, (int)most);
}

struct neighbour {
	struct look *look;
	const char *vpc;
	struct ack_cidr net;
};

static void compare(struct object *o, void *arg)
{
	struct neighbour *n = arg;
	const char *vpc = ack_values_get(&o->values, ACK_P_vpcid, NULL);
	const char *text = ack_values_get(
		&o->values, ACK_P_container_cidr, NULL);
	struct ack_cidr net;

	if (!object_exists(o) || !vpc || strcmp(vpc, n->vpc) != 0 || !text ||
		ack_cidr_parse(text, &net) || !ack_cidr_overlap(net, n->net))
		return;
	find(n->look, ACK_P_container_cidr,
		"overlaps %s, the pods of the cluster %s in the same VPC", text,
		object_name(o));
}

static void neighbours(struct look *l)
{
	struct neighbour n = {.look = l, .vpc = set(l, ACK_P_vpcid)};
	const char *text = set(l, ACK_P_container_cidr);

	if (n.vpc && text && !ack_cidr_parse(text, &n.net))
		objects_walk(&l->object->fleet->clusters, compare, &n);
}

static void roles(struct look *l)
{
	const struct fleet *f = l->object->fleet;
	const struct role *r = roles_missing(f, l->values, NULL);

	/* a draft of the mount before may get no more values */
	roles_want(l->object);
	for (; r; r = roles_missing(f, l->values, r))
		find(l, r->row,
			"the account lacks the service role %s; the account's "
			"own user grants it at https://cs.console.aliyun.com "
			"(Authorize)",
			r->name);
}

static const struct {
	bool warning;
	void (*look)(struct look *l);
} rows[] = {
	{false, tags},
	{true, region},
	{true, version},
	{true, neighbours},
	{true, roles},
};

static void look(struct look *l)
{
	for (size_t i = 0; !l->object->parent && i < LENGTH(rows); i++) {
		l->warning = rows[i].warning;
		if (l->out || !l->warning)
			rows[i].look(l);
	}
}

void advice_text(
	const struct object *o, const struct ack_values *v, struct ack_buf *out)
{
	struct look l = {.object = o, .values = v, .out = out};

	look(&l);
}

int advice_error(
	const struct object *o, const struct ack_values *v, struct ack_error *e)
{
	struct look l = {.object = o, .values = v, .e = e};

	ack_error_clear(e);
	look(&l);
	return -e->err;
}

void advice_edits(const struct object *o, struct ack_error *e)
{
	const char *wanted = ack_values_get(
		&o->edits, ACK_P_kubernetes_version, NULL);

	if (!o->parent && wanted && versions_refuse(o, wanted))
		ack_error_about(e, EINVAL, "kubernetes_version",
			"the service does not offer an upgrade to %s; "
			"live/upgrades lists what it does",
			wanted);
}
