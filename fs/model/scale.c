/* SPDX-License-Identifier: MIT */
#include "model/scale.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "model/kind.h"
#include "model/object.h"
#include "params/params.h"

static long number(const char *text)
{
	return text ? strtol(text, NULL, 10) : -1;
}

static const char *value(const struct object *o, unsigned row)
{
	return ack_values_get(&o->values, row, NULL);
}

static bool is_true(const char *text)
{
	return text && !strcmp(text, "true");
}

bool scale_by_itself(const struct object *pool, bool edited)
{
	return is_true(
		edited ? object_value(pool, ACK_POOL_P_auto_scaling, NULL)
		       : value(pool, ACK_POOL_P_auto_scaling));
}

long scale_nodes(const struct object *pool)
{
	long desired = number(value(pool, ACK_POOL_P_desired_size));

	if (desired < 0 || scale_by_itself(pool, false))
		return pool->nodes >= 0 ? pool->nodes : desired;
	return desired;
}

struct pools {
	const struct object *first, *is_default;
	unsigned count;
	long sum; /* -1: one of them is not known */
};

static void add_pool(struct object *p, void *arg)
{
	struct pools *all = arg;
	long nodes = scale_nodes(p);

	if (!object_exists(p) || !strcmp(p->word, "deleting"))
		return;
	if (!all->count++)
		all->first = p;
	if (p->is_default)
		all->is_default = p;
	all->sum = all->sum < 0 || nodes < 0 ? -1 : all->sum + nodes;
}

/* False: no list of them was read since the mount began. */
static bool look(const struct object *cluster, struct pools *all)
{
	*all = (struct pools){NULL};
	if (!cluster->pools_seen)
		return false;
	objects_walk(&cluster->pools, add_pool, all);
	return true;
}

long scale_sum(const struct object *cluster)
{
	struct pools all;

	return look(cluster, &all) ? all.sum : -1;
}

static const struct object *target(const struct pools *all)
{
	if (all->is_default)
		return all->is_default;
	return all->count == 1 ? all->first : NULL;
}

static long wanted(const struct object *o)
{
	return number(ack_values_get(&o->edits, o->kind->table->nodes, NULL));
}

bool scale_find(const struct object *cluster, struct scale *s)
{
	struct pools all;
	long will = wanted(cluster);

	*s = (struct scale){NULL};
	if (cluster->parent || will < 0 || !look(cluster, &all) || all.sum < 0)
		return false;
	s->pool = target(&all);
	if (!s->pool)
		return false;
	s->from = scale_nodes(s->pool);
	s->to = will - (all.sum - s->from);
	return true;
}

static void check_cluster(const struct object *o, struct ack_error *e)
{
	const char *name = o->kind->table->rows[o->kind->table->nodes].name;
	struct pools all;
	struct scale s;

	if (wanted(o) < 0 || !look(o, &all))
		return;
	if (!target(&all))
		ack_error_about(e, EINVAL, name,
			all.count ? "there are several node pools, and no "
				    "default one; write into "
				    "nodepools/NAME/desired_size instead"
				  : "the cluster has no node pool; make one "
				    "with mkdir nodepools/NAME");
	else if (!scale_find(o, &s))
		ack_error_about(e, EINVAL, name,
			"the service does not say how many nodes each node "
			"pool wants; write into nodepools/NAME/desired_size "
			"instead");
	else if (scale_by_itself(s.pool, false))
		ack_error_about(e, EINVAL, name,
			"the node pool %s scales itself, between its "
			"min_instances and max_instances; change those in "
			"nodepools/%s, or write false into its auto_scaling "
			"and commit that first",
			object_name(s.pool), s.pool->name);
	else if (s.to < 0)
		ack_error_about(e, EINVAL, name,
			"the node pools beside %s have %ld nodes; write into "
			"nodepools/NAME/desired_size instead",
			object_name(s.pool), all.sum - s.from);
}

static void check_pool(const struct object *o, struct ack_error *e)
{
	if (object_edited(o, ACK_POOL_P_desired_size) &&
		scale_by_itself(o, true))
		ack_error_about(e, EINVAL, "desired_size",
			"the pool scales itself, between min_instances and "
			"max_instances; change those, or write false into "
			"auto_scaling, too");
}

void scale_check(const struct object *o, struct ack_error *e)
{
	if (o->parent)
		check_pool(o, e);
	else
		check_cluster(o, e);
}

static unsigned put_loss(const struct object *pool, const char *param,
	long less, struct ack_buf *out)
{
	if (less <= 0)
		return 0;
	if (pool)
		ack_buf_printf(out,
			"loses: %s: %ld node%s of the node pool %s, with all "
			"that runs there\n",
			param, less, less == 1 ? "" : "s", object_name(pool));
	else
		ack_buf_printf(out,
			"loses: %s: %ld node%s, with all that runs there\n",
			param, less, less == 1 ? "" : "s");
	return 1;
}

static unsigned pool_losses(const struct object *o, struct ack_buf *out)
{
	const char *param = "desired_size";
	long is = scale_nodes(o), will = wanted(o);

	/* one that scales itself shrinks to what it may have at most */
	if (scale_by_itself(o, true)) {
		param = "max_instances";
		will = object_edited(o, ACK_POOL_P_max_instances) ||
				       object_edited(o, ACK_POOL_P_auto_scaling)
			       ? number(object_value(
					 o, ACK_POOL_P_max_instances, NULL))
			       : -1;
	}
	return will >= 0 ? put_loss(o, param, is - will, out) : 0;
}

unsigned scale_losses(const struct object *o, struct ack_buf *out)
{
	unsigned row = o->kind->table->nodes;
	struct scale s;
	long is = number(value(o, row)), will = wanted(o);

	if (o->parent)
		return pool_losses(o, out);
	if (scale_find(o, &s))
		return put_loss(s.pool, o->kind->table->rows[row].name,
			s.from - s.to, out);
	return will >= 0 ? put_loss(NULL, o->kind->table->rows[row].name,
				   is - will, out)
			 : 0;
}

/* How the nodes of the pool that changes are paid; NULL: it is not known. */
static const char *charge_type(const struct object *o, const struct scale *s)
{
	if (o->parent)
		return value(o, ACK_POOL_P_instance_charge_type);
	return s->pool ? value(s->pool, ACK_POOL_P_instance_charge_type)
		       : value(o, ACK_P_worker_instance_charge_type);
}

void scale_warnings(const struct object *o, struct ack_buf *out)
{
	const char *param = o->kind->table->rows[o->kind->table->nodes].name;
	const char *paid;
	struct scale s = {NULL};

	if (wanted(o) < 0)
		return;
	scale_find(o, &s);
	paid = charge_type(o, &s);
	if (paid && !strcmp(paid, "PrePaid"))
		ack_buf_printf(out,
			"warning: %s: the nodes are PrePaid: new ones are paid "
			"for the whole period, and those that go stay rented\n",
			param);
	if (!o->parent && !s.pool)
		ack_buf_printf(out,
			"warning: %s: the node pools are not known yet, nor "
			"how their nodes are paid (PrePaid or PostPaid); cat "
			"live/nodepools.json, then read plan again\n",
			param);
	else if (!paid)
		ack_buf_printf(out,
			"warning: %s: how the nodes are paid (PrePaid or "
			"PostPaid) is not known\n",
			param);
}
