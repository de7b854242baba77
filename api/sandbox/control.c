/* SPDX-License-Identifier: MIT */
/* /_sandbox/…: what steers and shows the sandbox itself. */
#include <errno.h>
#include <stdio.h>

#include "base/error.h"
#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/base64.h"
#include "sandbox/clock.h"
#include "sandbox/documents.h"
#include "sandbox/fields.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"

/* What `curl -u ID:SECRET` sends, for HTTP Basic. */
static bool has_key(const struct verifier *v, const struct exchange *x)
{
	const char *given = exchange_header(x, "authorization");
	struct ack_buf pair = ACK_BUF_INIT(2 * KEY_MAX);
	struct ack_buf wants = ACK_BUF_INIT(4 * KEY_MAX);
	bool has;

	ack_buf_printf(&pair, "%s:%s", v->key_id, v->key_secret);
	ack_buf_puts(&wants, "Basic ");
	base64_encode(ack_buf_text(&pair), pair.len, &wants);
	has = given && !pair.failed && !wants.failed &&
	      !ack_secret_compare(given, ack_buf_text(&wants));
	ack_buf_release(&pair);
	ack_buf_release(&wants);
	return has;
}

bool control_check(const struct sandbox *s, struct exchange *x)
{
	if ((x->own && !s->locked) || has_key(&s->verifier, x))
		return true;
	answer_gateway(x, 401, "Unauthorized",
		"What steers the sandbox needs its AccessKey: curl -u "
		"ID:SECRET.");
	return false;
}

void control_set_faults(struct sandbox *s, struct exchange *x)
{
	struct ack_json *list, *root;
	struct ack_error e;
	size_t where = 0;
	char digits[24];
	int rc;

	list = ack_json_parse(ack_buf_text(&x->body), x->body.len, &where);
	if (!list)
		rc = ack_error_set(&e, EINVAL, NULL,
			"The rules are not JSON; see byte %zu.", where);
	else
		rc = faults_set(&s->faults, list, &e);
	ack_json_free(list);
	if (rc < 0) {
		answer_service(x, rc == -EINVAL ? 400 : 500, "InvalidFault",
			e.message, NULL);
		return;
	}
	snprintf(digits, sizeof(digits), "%zu", s->faults.count);
	root = ack_json_object();
	if (root)
		rc = ack_json_add(root, "rules", ack_json_new_number(digits));
	answer_json(x, 200, root, rc);
}

void control_list_requests(struct sandbox *s, struct exchange *x)
{
	int rc = 0;
	struct ack_json *list = requests_json(&s->requests, &rc);

	answer_json(x, 200, list, rc);
}

void control_list_clusters(struct sandbox *s, struct exchange *x)
{
	struct ack_json *list = ack_json_array();
	int64_t now = clock_ms();
	int rc = 0;

	clusters_settle(&s->clusters, now);
	for (size_t i = 0; list && i < s->clusters.count; i++) {
		const struct cluster *k = s->clusters.list[i];
		const struct task *first = k->ntasks ? k->tasks[0] : NULL;
		struct ack_json *o = cluster_record(k);
		struct standing p;

		if (o) {
			rc |= document_set(&o, "state",
				ack_json_new_string(cluster_state(k)));
			rc |= ack_json_add_string(
				o, "name", field_text(k, "name"));
		}
		if (o && first) {
			task_look(first, now, &p);
			rc |= ack_json_add_string(o, "task_id", first->id);
			rc |= ack_json_add_string(
				o, "task_state", task_state_word(p.state));
		}
		rc |= ack_json_add(list, NULL, o);
	}
	answer_json(x, 200, list, rc);
}
