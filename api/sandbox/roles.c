/* SPDX-License-Identifier: MIT */
/* CheckServiceRole. */
#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/checks.h"
#include "sandbox/documents.h"
#include "sandbox/lookup.h"
#include "sandbox/objections.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

/* clang-format off */
static const struct check rows[] = {
	{ "roles", CHECK_LIST, true, 1, 50 },
	{ "roles[].name", CHECK_STRING, true, .most = 64 },
};
/* clang-format on */

static struct ack_json *role_json(
	const char *name, const struct fault *missing, int *rc)
{
	struct ack_json *o = ack_json_object();

	if (!o)
		return NULL;
	*rc |= ack_json_add_string(o, "name", name);
	*rc |= document_add_boolean(o, "granted", !missing);
	*rc |= ack_json_add_string(
		o, "message", missing ? missing->message : "");
	return o;
}

void call_check_roles(struct sandbox *s, struct exchange *x)
{
	struct ack_json *body = lookup_body(x), *root, *list;
	const struct ack_json *n;
	struct findings f = {NULL};
	int rc = 0;

	if (!body)
		return;
	check_document(body, rows, sizeof(rows) / sizeof(*rows), false, &f);
	if (findings_none(&f, x)) {
		root = ack_json_object();
		list = ack_json_array();
		for (n = ack_json_first(ack_json_get(body, "roles")); list && n;
			n = ack_json_next(n)) {
			const char *name = ack_json_get_string(n, "name");

			rc |= ack_json_add(list, NULL,
				role_json(name,
					faults_take_role(&s->faults, name, x),
					&rc));
		}
		if (root)
			rc |= ack_json_add(root, "roles", list);
		else
			ack_json_free(list);
		answer_json(x, 200, root, rc);
	}
	ack_json_free(body);
}
