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

static const struct role rows[] = {
	{"AliyunCSDefaultRole", ACK_P_name, {NULL}},
	{"AliyunCSManagedKubernetesRole", ACK_P_name, {NULL}},
	{"AliyunCSManagedNetworkRole", ACK_P_name, {NULL}},
	{"AliyunCSManagedCsiRole", ACK_P_addons, {"csi"}},
	{"AliyunCSManagedCsiPluginRole", ACK_P_addons, {"csi"}},
	{"AliyunCSManagedCsiProvisionerRole", ACK_P_addons, {"csi"}},
	{"AliyunCSManagedLogRole", ACK_P_addons, {"log", "loongcollector"}},
	{"AliyunCSManagedCmsRole", ACK_P_addons, {"metrics"}},
	{"AliyunCSManagedArmsRole", ACK_P_addons, {"arms"}},
	{"AliyunCSKubernetesAuditRole", ACK_P_addons,
		{"log", "loongcollector"}},
	/* without it no node pool has a desired size */
	{"AliyunOOSLifecycleHook4CSRole", ACK_P_num_of_nodes, {""}},
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

void roles_want(const struct object *o)
{
	struct fleet *f = o->fleet;
	struct ack_buf body = ACK_BUF_INIT(4096);
	struct ack_request r = {
		.action = ACK_CALL_CheckServiceRole, .paced = true};
	ACK_UNSET struct ack_error e;

	if (f->roles.asked || o->parent || o->state != COURSE_DRAFT)
		return;
	f->roles.asked = true;
	roles_body(&body);
	r.body = ack_buf_text(&body);
	r.len = body.len;
	f->roles.call = ack_ask(f->client, &r, answered, f, &e);
	ack_buf_release(&body);
}

static bool is_needed(const struct role *r, const struct ack_values *v)
{
	const char *text = ack_values_get(v, r->row, NULL);
	bool needed = !r->parts[0];

	for (size_t i = 0; text && i < LENGTH(r->parts) && r->parts[i]; i++)
		needed |= strcmp(text, "0") != 0 && strstr(text, r->parts[i]);
	return needed;
}

const struct role *roles_missing(const struct fleet *f,
	const struct ack_values *v, const struct role *after)
{
	for (size_t i = after ? (size_t)(after - rows) + 1 : 0;
		i < LENGTH(rows); i++)
		if (f->roles.missing >> i & 1 && is_needed(&rows[i], v))
			return &rows[i];
	return NULL;
}

void roles_stop(struct fleet *f)
{
	ack_call_drop(f->roles.call);
	f->roles.call = NULL;
}
