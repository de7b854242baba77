/* SPDX-License-Identifier: MIT */
/* Files of live/ that are tables: a line for each element, columns with a blank
 * between, - where the service says nothing. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "tree/fetch.h"

static void put(struct fetch *f, const char *text, char end)
{
	fetch_put(f, text && *text ? text : "-");
	ack_buf_putc(&f->text, end);
}

/* What has a directory here goes by its name. */
static void put_named(struct fetch *f, const char *id, const char *name)
{
	const struct object *o = id ? fleet_by_id(f->fleet, id) : NULL;

	put(f, o ? o->name : name && *name ? name : id, ' ');
}

static bool ask_nodes(struct fetch *f, struct ack_request *r)
{
	r->action = ACK_CALL_DescribeClusterNodes;
	return fetch_page(f, r, "pageNumber", "pageSize");
}

static void put_node(struct fetch *f, const struct ack_json *n)
{
	const struct ack_json *addresses = ack_json_get(n, "ip_address");

	put(f, ack_json_get_string(n, "node_name"), ' ');
	put(f, ack_json_string(ack_json_first(addresses)), ' ');
	put(f, ack_json_get_string(n, "state"), ' ');
	put_named(f, ack_json_get_string(n, "nodepool_id"), NULL);
	put(f, ack_json_get_string(n, "instance_type"), ' ');
	put(f, ack_json_get_string(n, "zone_id"), ' ');
	put(f, ack_json_get_string(n, "instance_charge_type"), '\n');
}

static int take_nodes(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	const struct ack_json *nodes = ack_json_get(answer, "nodes");

	for (const struct ack_json *n = ack_json_first(nodes); n;
		n = ack_json_next(n))
		put_node(f, n);
	return fetch_paged(f, nodes, ack_json_get(answer, "page"), e);
}

const struct fetch_source fetch_node_table = {
	.ask = ask_nodes, .take = take_nodes};

/* The service's words for how soon one should be fixed. */
static const char *severity(const char *necessity)
{
	static const char *const words[][2] = {
		{"asap", "high"}, {"later", "medium"}, {"nntf", "low"}};

	for (size_t i = 0; necessity && i < LENGTH(words); i++)
		if (!strcmp(necessity, words[i][0]))
			return words[i][1];
	return necessity;
}

static void put_vulnerability(struct fetch *f, const struct ack_json *n)
{
	const struct ack_json *cve = ack_json_first(
		ack_json_get(n, "cve_list"));

	put(f, severity(ack_json_get_string(n, "necessity")), ' ');
	put(f, ack_json_get_string(n, "vul_name"), ' ');
	put_named(f, ack_json_get_string(n, "nodepool_id"),
		ack_json_get_string(n, "nodepool_name"));
	for (; cve && ack_json_next(cve); cve = ack_json_next(cve))
		put(f, ack_json_string(cve), ',');
	put(f, ack_json_string(cve), ' ');
	put(f, ack_json_get_string(n, "vul_alias_name"), '\n');
}

static int take_vulnerabilities(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	const struct ack_json *list = ack_json_get(answer, "vul_records");

	if (!ack_json_is_array(list))
		return ack_error_set(e, EPROTO, NULL,
			"the answer of the service has no vulnerabilities");
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n))
		put_vulnerability(f, n);
	return 0;
}

const struct fetch_source fetch_vulnerabilities = {
	.action = ACK_CALL_DescribeClusterVuls, .take = take_vulnerabilities};

/* Of a region there may be any number; these are the newest. */
#define EVENT_PAGES 10

static bool ask_events(struct fetch *f, struct ack_request *r)
{
	r->action = ACK_CALL_DescribeEventsForRegion;
	return f->step < EVENT_PAGES &&
	       fetch_page(f, r, "page_number", "page_size");
}

static void put_event(struct fetch *f, const struct ack_json *n)
{
	const struct ack_json *data = ack_json_get(n, "data");
	const char *subject = ack_json_get_string(n, "subject");
	const char *cluster = ack_json_get_string(n, "cluster_id");

	put(f, ack_json_get_string(n, "time"), ' ');
	put(f, ack_json_get_string(data, "level"), ' ');
	put_named(f, cluster, NULL);
	if (!subject || !cluster || strcmp(subject, cluster) != 0)
		put_named(f, subject, NULL);
	else
		put(f, NULL, ' ');
	put(f, ack_json_get_string(n, "type"), ' ');
	put(f, ack_json_get_string(data, "reason"), ' ');
	put(f, ack_json_get_string(data, "message"), '\n');
}

static int take_events(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	const struct ack_json *events = ack_json_get(answer, "events");

	for (const struct ack_json *n = ack_json_first(events); n;
		n = ack_json_next(n))
		put_event(f, n);
	return fetch_paged(f, events, ack_json_get(answer, "page_info"), e);
}

const struct fetch_source fetch_region_events = {
	.ask = ask_events, .take = take_events};
