/* SPDX-License-Identifier: MIT */
#include "actions/compose.h"
#include "actions/whole.h"

#include <errno.h>
#include <stdbool.h>

#include "actions/draft.h"
#include "base/buf.h"
#include "base/error.h"
#include "model/advice.h"
#include "model/findings.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/object.h"
#include "params/body.h"
#include "params/types.h"

#define BODY_MAX (1u << 20)

/* The tag that makes evidence certain, beside the user's own. */
static int add_tag(struct ack_values *v, const struct intent *i)
{
	const char *tags = ack_values_get(v, ACK_P_tags, NULL);
	struct ack_buf all = ACK_BUF_INIT(ACK_VALUE_MAX + 128);
	int ret;

	ack_buf_printf(&all, "%s%s%s=%s", tags ? tags : "", tags ? "\n" : "",
		INTENT_TAG, i->commit);
	ret = ack_buf_status(&all);
	if (!ret)
		ret = ack_values_set(
			v, ACK_P_tags, ack_buf_text(&all), all.len, 0);
	ack_buf_release(&all);
	return ret;
}

/* A node pool's tags are those of its nodes, and no list has them. */
static bool tagged(const struct object *o)
{
	return o->fleet->tag && !o->parent;
}

int compose(struct object *o, struct ack_buf *body, struct intent **intent,
	struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	int ret = object_effective(o, &v);

	ack_buf_init(body, BODY_MAX);
	body->secret = true;
	if (!ret)
		ret = findings_error(o->kind->table, &v, kind_form(o, &v), e);
	if (!ret)
		ret = advice_error(o, &v, e);
	if (!ret) {
		*intent = intent_new(
			ack_values_get(&v, o->kind->name_row, NULL), tagged(o));
		/* after the POST is too late to be short of memory */
		ret = *intent && object_receipt(o) ? 0 : -ENOMEM;
	}
	if (!ret)
		ret = whole_note(o, &v);
	if (!ret && tagged(o))
		ret = add_tag(&v, *intent);
	if (!ret)
		ret = ack_body_build(o->kind->table, &v, kind_form(o, &v), true,
			false, body);
	ack_values_release(&v);
	if (ret == -ENOMEM)
		ack_error_memory(e, NULL);
	return ret;
}
