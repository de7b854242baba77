/* SPDX-License-Identifier: MIT */
/* DescribeClustersForRegion. */
#include <string.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/clock.h"
#include "sandbox/describe.h"
#include "sandbox/fields.h"
#include "sandbox/paging.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

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
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		const char *value = target_query(t, asked[i]);

		if (value && !is(field_text(k, asked[i]), value))
			return false;
	}
	return true;
}

void call_list_clusters(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct page page;
	int rc = 0;

	if (!page_begin(&page, x, &page_snake))
		return;
	clusters_settle(&s->clusters, now);
	struct ack_json *root = ack_json_object(), *list = ack_json_array();
	for (size_t i = 0; list && i < s->clusters.count; i++) {
		const struct cluster *k = s->clusters.list[i];

		if (wanted(x, k, now) && page_takes(&page))
			rc |= ack_json_add(list, NULL,
				describe_cluster(k, now, true, &rc));
	}
	page_finish(&page, root, "clusters", list, &rc);
	answer_json(x, 200, root, rc);
}
