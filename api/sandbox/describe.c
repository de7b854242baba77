/* SPDX-License-Identifier: MIT */
#include "sandbox/describe.h"

#include "base/buf.h"
#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/clock.h"
#include "sandbox/documents.h"
#include "sandbox/fields.h"
#include "sandbox/lookup.h"
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

void call_describe_cluster(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	const struct cluster *k = lookup_cluster(s, x, now);
	int rc = 0;

	if (!k)
		return;
	struct ack_json *root = describe_cluster(k, now, false, &rc);
	answer_json(x, 200, root, rc);
}
