/* SPDX-License-Identifier: MIT */
#include "model/roles.h"

#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "client/client.h"
#include "model/fleet.h"
#include "model/object.h"
#include "params/params.h"
#include "params/values.h"

/* Of a cluster: the addon whose name has that in it; or where it has nodes of
 * its own. */
static const struct {
	const char *name, *addon;
	bool nodes;
} rows[] = {
	{"AliyunCSDefaultRole", NULL, false},
	{"AliyunCSManagedKubernetesRole", NULL, false},
	{"AliyunCSManagedNetworkRole", NULL, false},
	{"AliyunCSManagedCsiRole", "csi", false},
	{"AliyunCSManagedCsiPluginRole", "csi", false},
	{"AliyunCSManagedCsiProvisionerRole", "csi", false},
	{"AliyunCSManagedLogRole", "log", false},
	{"AliyunCSManagedCmsRole", "metrics", false},
	{"AliyunCSManagedArmsRole", "arms", false},
	{"AliyunCSKubernetesAuditRole", "log", false},
	/* without it no node pool has a desired size */
	{"AliyunOOSLifecycleHook4CSRole", NULL, true},
};

void roles_body(struct ack_buf *out)
{
	ack_buf_puts(out, "{\"roles\":[");
	for (size_t i = 0; i < LENGTH(rows); i++)
		ack_buf_printf(
			out, "%s{\"name\":\"%s\"}", i ? "," : "", rows[i].name);
	ack_buf_puts(out, "]}");
}

/* Checks that were made before are old then. */
static void touch(struct object *o, void *arg)
{
	(void)arg;
	if (!object_exists(o))
		object_touch(o);
}

void roles_take(struct fleet *f, const struct ack_json *answer)
{
	const struct ack_json *n = ack_json_first(
		ack_json_get(answer, "roles"));
	uint32_t before = f->roles.missing;

	f->roles.asked = true;
	f->roles.missing = 0;
	for (; n; n = ack_json_next(n)) {
		const char *name = ack_json_get_string(n, "name");
		bool granted = true;

		ack_json_boolean(ack_json_get(n, "granted"), &granted);
		for (size_t i = 0; name && !granted && i < LENGTH(rows); i++)
			if (!strcmp(name, rows[i].name))
				f->roles.missing |= 1u << i;
	}
	if (f->roles.missing != before)
		objects_walk(&f->clusters, touch, NULL);
}

static void answered(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct fleet *f = arg;

	f->roles.call = NULL;
	if (!e->err)
		roles_take(f, answer->json);
}

void roles_want(struct fleet *f)
{
	struct ack_buf body = ACK_BUF_INIT(4096);
	struct ack_request r = {
		.action = ACK_CALL_CheckServiceRole, .paced = true};
	ACK_UNSET struct ack_error e;

	if (f->roles.asked)
		return;
	f->roles.asked = true;
	roles_body(&body);
	r.body = ack_buf_text(&body);
	r.len = body.len;
	f->roles.call = ack_ask(f->client, &r, answered, f, &e);
	ack_buf_release(&body);
}

static bool is_needed(size_t i, const struct ack_values *v)
{
	const char *addons = ack_values_get(v, ACK_P_addons, NULL);
	const char *nodes = ack_values_get(v, ACK_P_num_of_nodes, NULL);

	if (rows[i].nodes)
		return nodes && strcmp(nodes, "0") != 0;
	return !rows[i].addon || (addons && strstr(addons, rows[i].addon));
}

const char *roles_missing(
	const struct fleet *f, const struct ack_values *v, const char *after)
{
	size_t i = 0;

	while (after && i < LENGTH(rows) && rows[i++].name != after)
		;
	for (; i < LENGTH(rows); i++)
		if (f->roles.missing >> i & 1 && is_needed(i, v))
			return rows[i].name;
	return NULL;
}

void roles_stop(struct fleet *f)
{
	ack_call_drop(f->roles.call);
	f->roles.call = NULL;
}
