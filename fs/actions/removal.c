/* SPDX-License-Identifier: MIT */
#include "actions/removal.h"

#include <errno.h>
#include <string.h>

#include "actions/steps.h"
#include "base/error.h"
#include "base/json.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "params/params.h"
#include "params/types.h"

static const char *text(const struct object *o, unsigned row)
{
	return object_value(o, row, NULL);
}

static bool is(const struct object *o, const struct ack_values *v,
	const char *name, const char *wanted)
{
	int row = ack_table_find(o->kind->table, name);
	const char *value = row < 0 ? NULL
				    : ack_values_get(v, (unsigned)row, NULL);

	return value && !strcmp(value, wanted);
}

static bool is_protected(const struct object *o)
{
	return is(o, &o->values, "deletion_protection", "true");
}

int removal_check(const struct object *o, struct ack_error *e)
{
	if (o->fleet->no_delete)
		return ack_error_set(e, EPERM, "delete",
			"this mount does not delete anything (-o no_delete)");
	if (!is_protected(o))
		return 0;
	ack_error_set(e, EPERM, "delete",
		"the %s is protected from being deleted", kind_noun(o->kind));
	ack_error_hint(e,
		"echo false > deletion_protection; echo 1 > commit; then "
		"delete it");
	return -EPERM;
}

/* One query parameter that holds JSON. */
static int put_json(const struct object *o, unsigned row, const char *name,
	struct step_request *s, unsigned at)
{
	const struct ack_param *p = &o->kind->table->rows[row];
	const char *value = text(o, row);
	struct ack_json *n = value ? p->type->wire(p, value) : NULL;

	if (!value)
		return 0;
	if (!n)
		return -ENOMEM;
	ack_json_print(n, false, &s->texts[at]);
	ack_json_free(n);
	s->r.query[at] = (struct ack_query){name, ack_buf_text(&s->texts[at])};
	return ack_buf_status(&s->texts[at]);
}

int removal_compose(const struct object *o, struct step_request *s)
{
	const char *retain;
	int ret;

	s->r = kind_request(o, o->kind->remove);
	if (o->parent) {
		/* its ID was written: the pool goes with its nodes */
		s->r.query[0] = (struct ack_query){"force", "true"};
		return 0;
	}
	retain = text(o, ACK_P_retain_resources);
	if (retain && !strcmp(retain, "all")) {
		s->r.query[0] = (struct ack_query){
			"retain_all_resources", "true"};
		return 0;
	}
	ret = put_json(o, ACK_P_retain_resources, "retain_resources", s, 0);
	return ret ? ret
		   : put_json(o, ACK_P_delete_options, "delete_options", s, 1);
}

static void put_queries(const struct step_request *s, struct ack_buf *out)
{
	for (unsigned i = 0; i < ACK_REQUEST_QUERIES; i++)
		if (s->r.query[i].value)
			ack_buf_printf(out, " %s=%s", s->r.query[i].name,
				s->r.query[i].value);
}

void show_delete_plan(struct fleet *f, struct object *o, struct ack_buf *out)
{
	struct step_request s;
	const char *charge = o->parent ? "instance_charge_type"
				       : "worker_instance_charge_type";

	(void)f;
	step_request_init(&s);
	if (removal_compose(o, &s)) {
		out->failed = true;
	} else {
		ack_request_text(&s.r, out);
		put_queries(&s, out);
		ack_buf_printf(out, ": delete %s\n", object_name(o));
	}
	step_request_release(&s);
	if (is_protected(o))
		ack_buf_printf(out,
			"warning: deletion_protection is true; delete is "
			"refused until it is false\n");
	if (o->fleet->no_delete)
		ack_buf_printf(out,
			"warning: this mount does not delete anything (-o "
			"no_delete)\n");
	if (is(o, &o->values, charge, "PrePaid"))
		ack_buf_printf(out,
			"warning: its nodes are PrePaid: they stay, and are "
			"paid for until their period ends\n");
	else
		ack_buf_printf(out,
			"warning: nodes that are PrePaid stay, and are paid "
			"for until their period ends; live/nodes.json shows "
			"which they are\n");
	if (!o->parent)
		ack_buf_printf(out,
			"warning: log projects and ALB instances stay unless "
			"delete_options says otherwise; disks of volumes may "
			"stay, too\n");
}
