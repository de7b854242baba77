/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "buf.h"
#include "cluster.h"
#include "draft.h"
#include "error.h"
#include "fleet.h"
#include "node.h"
#include "saved.h"
#include "types.h"

int cluster_editable(
	const struct cluster *c, const char *param, struct ack_error *e)
{
	switch (c->state) {
	case COURSE_DRAFT:
		return 0;
	case COURSE_ASKING:
	case COURSE_RECORDING:
	case COURSE_SENDING:
		return ack_error_set(e, EBUSY, param,
			"a commit is under way; wait for it to end");
	case COURSE_UNKNOWN:
		return ack_error_set(e, EPERM, param,
			"a cluster may have been made from this draft, so it "
			"must "
			"stay as it was sent");
	case COURSE_EXISTS:
	case COURSE_STATES:
		break;
	}
	return ack_error_set(e, EPERM, param,
		"the cluster exists; this cannot be changed any more");
}

/* Replaces the values by `v`, saved, or leaves them as they were. */
static int replace(struct cluster *c, struct ack_values *v, struct ack_error *e)
{
	struct ack_values old = c->values;
	char *error = c->error;
	int ret;

	c->values = *v;
	c->error = NULL;
	ret = saved_put(c, false, e);
	if (ret) {
		c->values = old;
		c->error = error;
		return ret;
	}
	*v = old;
	free(error);
	cluster_touch(c);
	return 0;
}

static int set_value(struct cluster *c, unsigned row, const char *text,
	bool hide, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	bool hidden = cluster_hidden(c, NODE_PARAMS + row);
	int ret = ack_values_copy(&v, &c->values);

	if (!ret)
		ret = ack_values_set(&v, row, text ? text : "",
			text ? strlen(text) : 0, time_now_ns());
	cluster_hide(c, NODE_PARAMS + row, hide);
	ret = ret ? ack_error_set(e, ENOMEM, NULL, "out of memory")
		  : replace(c, &v, e);
	if (ret)
		cluster_hide(c, NODE_PARAMS + row, hidden);
	else
		cluster_touch_row(c, NODE_PARAMS + row);
	ack_values_release(&v);
	return ret;
}

int cluster_put(
	struct cluster *c, unsigned row, const char *text, struct ack_error *e)
{
	return set_value(c, row, text, false, e);
}

int cluster_param_remove(struct cluster *c, unsigned row, struct ack_error *e)
{
	return set_value(c, row, NULL, true, e);
}

int cluster_write(struct cluster *c, unsigned row, const char *text, size_t len,
	struct ack_error *e)
{
	const struct ack_param *p = &ack_cluster_table.rows[row];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	int ret = cluster_editable(c, p->name, e);

	if (!ret)
		ret = ack_param_parse(p, text, len, &canon, e);
	if (!ret)
		ret = cluster_put(c, row, ack_buf_text(&canon), e);
	ack_buf_release(&canon);
	return ret;
}

/*
 * What a body leaves out on purpose is kept: secrets, which request.json
 * never shows. A name that another directory has already is not taken over,
 * so that `cp a/request.json b/request.json` makes b, not a second a.
 */
static int import_adjust(struct cluster *c, struct ack_values *v)
{
	const char *name = ack_values_get(v, ACK_P_name, NULL);
	const struct cluster *other = name ? fleet_by_name(c->fleet, name)
					   : NULL;
	int ret = 0;

	if (name && (!strcmp(name, c->name) || (other && other != c)))
		ret = ack_values_set(v, ACK_P_name, "", 0, time_now_ns());
	for (unsigned row = 0; !ret && row < ACK_P_COUNT; row++) {
		const char *old = ack_values_get(&c->values, row, NULL);

		if (!old || !(ack_cluster_table.rows[row].flags & ACK_SECRET) ||
			ack_values_get(v, row, NULL))
			continue;
		ret = ack_values_set(v, row, old, strlen(old),
			ack_values_time(&c->values, row));
	}
	return ret;
}

/* A body has many parameters, so the sentence has to say which. */
static int name_fault(struct ack_error *e)
{
	struct ack_error told = *e;

	if (!*told.param || strstr(told.message, told.param))
		return -e->err;
	snprintf(e->message, sizeof(e->message), "%s: %.*s", told.param,
		(int)(sizeof(e->message) - sizeof(told.param) - 3),
		told.message);
	return -e->err;
}

int cluster_import(
	struct cluster *c, const char *text, size_t len, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	int ret = cluster_editable(c, "request.json", e);

	if (!ret)
		ret = ack_body_parse(
			&ack_cluster_table, text, len, time_now_ns(), &v, e);
	if (ret == -EINVAL)
		ret = name_fault(e);
	if (!ret && import_adjust(c, &v))
		ret = ack_error_set(e, ENOMEM, NULL, "out of memory");
	if (!ret)
		ret = replace(c, &v, e);
	ack_values_release(&v);
	if (ret)
		return ret;
	memset(c->hidden, 0, sizeof(c->hidden));
	cluster_touch_params(c);
	return 0;
}

int cluster_restore(
	struct cluster *c, const struct ack_values *values, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	int ret = ack_values_copy(&v, values);

	ret = ret ? ack_error_set(e, ENOMEM, NULL, "out of memory")
		  : replace(c, &v, e);
	ack_values_release(&v);
	if (!ret)
		cluster_touch_params(c);
	return ret;
}

static int fill_in(struct ack_values *v, unsigned row, const char *text)
{
	if (ack_values_get(v, row, NULL))
		return 0;
	return ack_values_set(v, row, text, strlen(text), time_now_ns());
}

int cluster_effective(const struct cluster *c, struct ack_values *out)
{
	int ret = ack_values_copy(out, &c->values);

	if (!ret)
		ret = fill_in(out, ACK_P_name, c->name);
	if (!ret)
		ret = fill_in(out, ACK_P_region_id, c->fleet->endpoint.region);
	return ret;
}
