/* SPDX-License-Identifier: MIT */
/* UpgradeCluster (SERVICE.md, Upgrading). */
#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/begun.h"
#include "sandbox/checks.h"
#include "sandbox/clock.h"
#include "sandbox/documents.h"
#include "sandbox/fields.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/releases.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

#include <string.h>

/* clang-format off */
static const struct check rows[] = {
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

static bool check(struct exchange *x, const struct cluster *k,
	const struct ack_json *body)
{
	const char *version = ack_json_get_string(body, "next_version");
	struct findings f = {NULL};

	check_document(body, rows, sizeof(rows) / sizeof(*rows), false, &f);
	if (!findings_none(&f, x) || !lookup_is_in(x, k, "running"))
		return false;
	if (is_offered(k, version))
		return true;
	finding_add(&f, "InvalidParameter.NextVersion",
		"next_version: A cluster of version %s cannot be upgraded to "
		"%s.",
		field_text(k, "current_version"), version);
	return findings_none(&f, x);
}

void call_upgrade_cluster(struct sandbox *s, struct exchange *x)
{
	struct cluster *k = lookup_cluster(s, x, clock_ms());
	struct ack_json *body = k ? lookup_body(x) : NULL;
	struct task *t;

	if (body && check(x, k, body) &&
		(t = task_begin(s, x, k, TASK_UPGRADE, NULL))) {
		t->parameters = document_copy(body);
		if (t->parameters)
			answer_begun(s, x, k, t);
		else
			answer_broken(x);
	}
	ack_json_free(body);
}
