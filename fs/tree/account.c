/* SPDX-License-Identifier: MIT */
/*
 * live/account: what a newcomer to an account reads first. Nothing that it
 * asks costs or makes anything; a call that is refused does not keep the
 * others from being shown.
 */
#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "client/credentials.h"
#include "model/fleet.h"
#include "model/roles.h"
#include "tree/fetch.h"

enum { IDENTITY, ROLES, QUOTA, LISTING, STEPS };

/* SERVICE.md, Quota */
static const struct {
	const char *key, *what;
} quotas[] = {
	{"amk_cluster_quota", "managed clusters"},
	{"cluster_quota", "clusters of all kinds"},
	{"node_quota", "nodes in a cluster"},
	{"cluster_nodepool_quota", "node pools in a cluster"},
};

static void put_hint(struct fetch *f, const char *text)
{
	ack_buf_printf(&f->text, "  hint: %s\n", text);
}

static void put_keys(struct fetch *f)
{
	char left[64];

	ack_credentials_left(f->fleet->expires, left);
	ack_buf_printf(&f->text, "credentials: %s, key %s%s\n",
		f->fleet->source, f->fleet->key_id, left);
	if (*f->fleet->sts.url)
		return;
	ack_buf_puts(&f->text,
		"identity: not asked for, because the endpoint does not belong "
		"to Alibaba Cloud\n");
	f->step = ROLES;
}

static void put_actions(struct fetch *f, enum ack_purpose purpose)
{
	for (int i = 0; i < ACK_ACTIONS; i++) {
		const char *name = ack_action_name((enum ack_action)i);

		if (name && ack_action_purpose((enum ack_action)i) == purpose)
			ack_buf_printf(&f->text, "  cs:%s\n", name);
	}
}

/* What was not tried may still be missing. */
static void put_permissions(struct fetch *f)
{
	static const char *const purposes[ACK_PURPOSES] = {
		[ACK_TO_LOOK] = "look: these actions in RAM "
				"(https://ram.console.aliyun.com)",
		[ACK_TO_CREATE] = "create: also",
		[ACK_TO_CHANGE] = "change and delete: also",
		[ACK_TO_OPERATE] = "operate (tasks, upgrades, addons, "
				   "kubeconfigs, checks): also",
	};

	for (int i = 0; i < ACK_PURPOSES; i++) {
		ack_buf_printf(&f->text, "permissions to %s:\n", purposes[i]);
		put_actions(f, (enum ack_purpose)i);
	}
}

static bool ask_account(struct fetch *f, struct ack_request *r)
{
	if (!f->text.len)
		put_keys(f);
	ack_buf_clear(&f->body);
	switch (f->step) {
	case IDENTITY:
		r->action = ACK_CALL_GetCallerIdentity;
		r->endpoint = &f->fleet->sts;
		return true;
	case ROLES:
		r->action = ACK_CALL_CheckServiceRole;
		roles_body(&f->body);
		r->body = ack_buf_text(&f->body);
		r->len = f->body.len;
		return true;
	case QUOTA:
		r->action = ACK_CALL_DescribeUserQuota;
		return true;
	case LISTING:
		r->action = ACK_CALL_DescribeClustersForRegion;
		r->ids[0] = f->fleet->endpoint.region;
		r->query[0] = (struct ack_query){"page_number", "1"};
		r->query[1] = (struct ack_query){"page_size", "1"};
		return true;
	default:
		put_permissions(f);
		return false;
	}
}

static void take_identity(struct fetch *f, const struct ack_json *answer)
{
	ack_buf_puts(&f->text, "identity: ");
	fetch_put(f, ack_json_get_string(answer, "Arn"));
	ack_buf_puts(&f->text, ", account ");
	fetch_put(f, ack_json_get_string(answer, "AccountId"));
	ack_buf_putc(&f->text, '\n');
}

static void take_roles(struct fetch *f, const struct ack_json *answer)
{
	const struct ack_json *n = ack_json_first(
		ack_json_get(answer, "roles"));
	bool all = true;

	roles_take(f->fleet, answer);
	for (; n; n = ack_json_next(n)) {
		bool granted = false;

		ack_json_boolean(ack_json_get(n, "granted"), &granted);
		all &= granted;
		ack_buf_puts(&f->text, "role ");
		fetch_put(f, ack_json_get_string(n, "name"));
		ack_buf_puts(&f->text, granted ? ": granted\n" : ": missing\n");
	}
	if (!all)
		put_hint(f, "grant the missing service roles at "
			    "https://cs.console.aliyun.com (Authorize), with "
			    "the account's own user");
}

/* Its own number, or the newer object of quotas, which wins. */
static void take_quota(struct fetch *f, const struct ack_json *answer)
{
	const struct ack_json *newer = ack_json_get(answer, "quotas");

	ack_buf_puts(&f->text, "service: open\n");
	for (size_t i = 0; i < LENGTH(quotas); i++) {
		const char *text = ack_json_get_string(
			ack_json_get(newer, quotas[i].key), "quota");

		if (!text)
			text = ack_json_number(
				ack_json_get(answer, quotas[i].key));
		if (!text)
			continue;
		ack_buf_printf(&f->text, "quota of %s: ", quotas[i].what);
		fetch_put(f, text);
		ack_buf_putc(&f->text, '\n');
	}
}

static void take_listing(struct fetch *f, const struct ack_json *answer)
{
	int64_t total = 0;

	ack_json_integer(
		ack_json_get(ack_json_get(answer, "page_info"), "total_count"),
		&total);
	ack_buf_printf(&f->text, "clusters in %s: %" PRId64 "\n",
		f->fleet->endpoint.region, total);
}

static int take_account(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	static void (*const takes[STEPS])(
		struct fetch * f, const struct ack_json *answer) = {
		take_identity, take_roles, take_quota, take_listing};

	(void)e;
	takes[f->step](f, answer);
	f->seen++;
	return 0;
}

/* Where nothing at all can be shown, that is no answer. */
static bool missed_account(struct fetch *f, const struct ack_error *e)
{
	static const char *const what[STEPS] = {
		"identity", "service roles", "service and quota", "clusters"};

	ack_buf_printf(&f->text, "%s: cannot be read: %s\n", what[f->step],
		e->message);
	if (*e->code)
		ack_buf_printf(&f->text, "  code: %s\n", e->code);
	if (*e->hint)
		put_hint(f, e->hint);
	return f->seen || f->step < STEPS - 1;
}

const struct fetch_source fetch_account = {
	.ask = ask_account, .take = take_account, .missed = missed_account};
