/* SPDX-License-Identifier: MIT */
#include "steps.h"

#include <errno.h>
#include <string.h>

#include "body.h"
#include "error.h"
#include "fleet.h"
#include "json.h"
#include "kind.h"
#include "object.h"
#include "params.h"
#include "scale.h"
#include "sign.h"
#include "tags.h"
#include "types.h"

static bool changes_by(
	const struct object *o, unsigned row, enum ack_change change)
{
	return o->kind->table->rows[row].change == change;
}

static bool covers_modify(const struct object *o, unsigned row)
{
	return changes_by(o, row, ACK_MODIFY);
}

static bool covers_scale(const struct object *o, unsigned row)
{
	return changes_by(o, row, ACK_SCALE);
}

static bool covers_upgrade(const struct object *o, unsigned row)
{
	return changes_by(o, row, ACK_UPGRADE);
}

static bool covers_tags(const struct object *o, unsigned row)
{
	return changes_by(o, row, ACK_TAGS);
}

/* The first edited row that changes so, or -1. */
static int edited(const struct object *o, enum ack_change change)
{
	int row = ack_values_next_touched(&o->edits, 0);

	while (row >= 0 && !changes_by(o, (unsigned)row, change))
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1);
	return row;
}

static bool wants_modify(const struct object *o)
{
	return edited(o, ACK_MODIFY) >= 0;
}

static bool wants_scale(const struct object *o)
{
	return edited(o, ACK_SCALE) >= 0;
}

static bool wants_upgrade(const struct object *o)
{
	return edited(o, ACK_UPGRADE) >= 0;
}

/* A call that is repeated after a lost answer must count once. */
static int add_token(struct ack_buf *body)
{
	char token[37];
	size_t where;
	struct ack_json *root = ack_json_parse(
		ack_buf_text(body), body->len, &where);
	int ret = root && !ack_uuid(token)
			  ? ack_json_add_string(root, "client_token", token)
			  : -ENOMEM;

	ack_buf_clear(body);
	if (!ret)
		ack_json_print(root, false, body);
	ack_json_free(root);
	return ret;
}

static int compose_modify(const struct object *o, struct step_request *s)
{
	int ret = ack_body_build(
		o->kind->table, &o->edits, ACK_EDIT, true, false, &s->body);

	s->r = kind_request(o, o->kind->modify);
	if (!ret && o->kind->modify == ACK_CALL_ModifyCluster)
		ret = add_token(&s->body);
	return ret;
}

static const char *edit(const struct object *o, enum ack_change change)
{
	const char *text = ack_values_get(
		&o->edits, (unsigned)edited(o, change), NULL);

	return text ? text : "";
}

static int compose_scale(const struct object *o, struct step_request *s)
{
	s->r = kind_request(o, ACK_CALL_ModifyClusterNodePool);
	s->r.ids[1] = s->pool;
	ack_buf_printf(&s->body, "{\"scaling_group\":{\"desired_size\":%ld}}",
		scale_wanted(o) - s->elsewhere);
	return 0;
}

static int compose_upgrade(const struct object *o, struct step_request *s)
{
	struct ack_json *root = ack_json_object();
	int ret = root ? ack_json_add_string(
				 root, "next_version", edit(o, ACK_UPGRADE))
		       : -ENOMEM;

	s->r = kind_request(o, ACK_CALL_UpgradeCluster);
	if (!ret)
		ack_json_print(root, false, &s->body);
	ack_json_free(root);
	return ret;
}

const struct step steps[] = {
	{"untag", covers_tags, tags_gone, tags_compose_untag, false,
		tags_untagged},
	{"tag", covers_tags, tags_new, tags_compose_tag, false},
	{"modify", covers_modify, wants_modify, compose_modify, false},
	{"scale", covers_scale, wants_scale, compose_scale, true},
	{"upgrade", covers_upgrade, wants_upgrade, compose_upgrade, false},
};

const unsigned nsteps = sizeof(steps) / sizeof(steps[0]);

void step_request_init(struct step_request *s)
{
	*s = (struct step_request){.pool = ""};
	ack_buf_init(&s->body, 1u << 20);
	for (int i = 0; i < STEPS_QUERIES; i++)
		ack_buf_init(&s->texts[i], 65536);
}

void step_request_release(struct step_request *s)
{
	ack_buf_release(&s->body);
	for (int i = 0; i < STEPS_QUERIES; i++)
		ack_buf_release(&s->texts[i]);
}

bool steps_wanted(const struct object *o)
{
	for (unsigned i = 0; i < nsteps; i++)
		if (steps[i].wanted(o))
			return true;
	return false;
}

static void fault(struct ack_error *e, const char *param, const char *text)
{
	if (!e->err)
		ack_error_set(e, EINVAL, param, "%s: %s", param, text);
	else
		ack_error_more(e, "%s: %s", param, text);
}

int steps_check(const struct object *o, struct ack_error *e)
{
	int row = ack_values_next_touched(&o->edits, 0);

	ack_error_clear(e);
	if (!kind_at_rest(o))
		return ack_error_set(e, EBUSY, NULL,
			"the %s is %s; cat its live/wait, then commit again",
			o->kind->noun, object_state_word(o));
	for (; row >= 0;
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1)) {
		const struct ack_param *p = &o->kind->table->rows[row];

		if (p->change != ACK_TAGS &&
			!ack_values_get(&o->edits, (unsigned)row, NULL))
			fault(e, p->name,
				"it cannot be unset any more; write a value, "
				"or take the edit back with rm");
	}
	return -e->err;
}
