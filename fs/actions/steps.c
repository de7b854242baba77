/* SPDX-License-Identifier: MIT */
#include "actions/steps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "actions/addons.h"
#include "actions/eviction.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "base/span.h"
#include "base/text.h"
#include "client/sign.h"
#include "cloud/story.h"
#include "model/advice.h"
#include "model/bases.h"
#include "model/findings.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/regions.h"
#include "model/scale.h"
#include "model/tags.h"
#include "params/body.h"
#include "params/params.h"
#include "params/types.h"
#include "params/values.h"

static bool changes_by(
	const struct object *o, unsigned row, enum ack_change change)
{
	return o->kind->table->rows[row].change == change;
}

/* The service refuses a size in the call that switches scaling off, too. */
static bool stops_scaling(const struct object *o)
{
	return o->parent && object_edited(o, ACK_POOL_P_desired_size) &&
	       object_edited(o, ACK_POOL_P_auto_scaling) &&
	       scale_by_itself(o, false) && !scale_by_itself(o, true);
}

static bool covers_stop(const struct object *o, unsigned row)
{
	return row == ACK_POOL_P_auto_scaling && stops_scaling(o);
}

#define BASIC "ack.standard"
#define PRO   "ack.pro.small"

/* ModifyCluster takes sizes of Pro clusters only. */
static bool migrates(const struct object *o)
{
	const char *spec = ack_values_get(&o->values, ACK_P_cluster_spec, NULL);

	return !o->parent && object_edited(o, ACK_P_cluster_spec) && spec &&
	       !strcmp(spec, BASIC);
}

static bool covers_migrate(const struct object *o, unsigned row)
{
	return row == ACK_P_cluster_spec && migrates(o);
}

static bool covers_modify(const struct object *o, unsigned row)
{
	return changes_by(o, row, ACK_MODIFY) && !covers_stop(o, row) &&
	       !covers_migrate(o, row);
}

static bool covers_scale(const struct object *o, unsigned row)
{
	return changes_by(o, row, ACK_SCALE);
}

static bool covers_upgrade(const struct object *o, unsigned row)
{
	return changes_by(o, row, ACK_UPGRADE);
}

static bool covers_remove(const struct object *o, unsigned row)
{
	return changes_by(o, row, ACK_REMOVE);
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
	int row = ack_values_next_touched(&o->edits, 0);

	while (row >= 0 && !covers_modify(o, (unsigned)row))
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1);
	return row >= 0;
}

static bool wants_scale(const struct object *o)
{
	return edited(o, ACK_SCALE) >= 0;
}

static bool wants_upgrade(const struct object *o)
{
	return edited(o, ACK_UPGRADE) >= 0;
}

int steps_token(struct step_request *s)
{
	char token[37];
	size_t where;
	struct ack_json *root;
	int ret;

	if (s->r.action != ACK_CALL_ModifyCluster)
		return 0;
	root = ack_json_parse(ack_buf_text(&s->body), s->body.len, &where);
	ret = root && !ack_uuid(token)
		      ? ack_json_add_string(root, "client_token", token)
		      : -ENOMEM;
	ack_buf_clear(&s->body);
	if (!ret)
		ack_json_print(root, false, &s->body);
	ack_json_free(root);
	return ret ? ret : ack_buf_status(&s->body);
}

/* What has to be sent along with an edit of that row, as it is. */
static int add_along(const struct object *o, unsigned row, struct ack_values *v)
{
	const struct ack_table *t = o->kind->table;
	struct ack_span rest = ack_span_of(t->rows[row].along);
	int ret = 0;

	while (rest.len > 0 && !ret) {
		struct ack_span word = ack_span_cut(&rest, " ");
		unsigned i = 0;

		while (!ack_span_is(word, t->rows[i].name))
			i++;
		const char *text = ack_values_get(&o->values, i, NULL);
		if (text && !object_edited(o, i))
			ret = ack_values_set(v, i, text, strlen(text), 0);
	}
	return ret;
}

/* The edits that a step covers, in one call. */
static int compose_edits(const struct object *o, struct step_request *s,
	bool (*covers)(const struct object *o, unsigned row))
{
	struct ack_values v = ACK_VALUES_INIT;
	int ret = ack_values_copy(&v, &o->edits);

	for (unsigned row = 0; !ret && row < o->kind->table->count; row++) {
		if (!object_edited(o, row))
			continue;
		if (covers(o, row))
			ret = add_along(o, row, &v);
		else
			ack_values_drop(&v, row);
	}
	if (!ret)
		ret = ack_body_build(o->kind->table, &v, ACK_EDIT, s->secrets,
			false, &s->body);
	ack_values_release(&v);
	s->r = kind_request(o, o->kind->modify);
	return ret;
}

static int compose_stop(const struct object *o, struct step_request *s)
{
	return compose_edits(o, s, covers_stop);
}

static int compose_modify(const struct object *o, struct step_request *s)
{
	return compose_edits(o, s, covers_modify);
}

/* A Basic cluster becomes the smallest Pro one. */
static int compose_migrate(const struct object *o, struct step_request *s)
{
	s->r = kind_request(o, ACK_CALL_MigrateCluster);
	ack_buf_puts(&s->body, "{}");
	return ack_buf_status(&s->body);
}

static const char *edit(const struct object *o, enum ack_change change)
{
	const char *text = ack_values_get(
		&o->edits, (unsigned)edited(o, change), NULL);

	return text ? text : "";
}

static int compose_scale(const struct object *o, struct step_request *s)
{
	struct scale found;
	bool known = scale_find(o, &found);

	/* which pool it will be is asked for at the commit */
	snprintf(s->pool, sizeof(s->pool), "%s",
		known ? found.pool->id : "POOL");
	s->nodes = known ? found.to : -1;
	s->r = kind_request(o, ACK_CALL_ModifyClusterNodePool);
	s->r.ids[1] = s->pool;
	if (known)
		ack_buf_printf(&s->body,
			"{\"scaling_group\":{\"desired_size\":%ld}}", s->nodes);
	return ack_buf_status(&s->body);
}

static int compose_pool_upgrade(const struct object *o, struct step_request *s)
{
	int ret = compose_edits(o, s, covers_upgrade);

	s->r = kind_request(o, ACK_CALL_UpgradeClusterNodepool);
	return ret;
}

static int compose_upgrade(const struct object *o, struct step_request *s)
{
	struct ack_json *root;
	int ret;

	if (o->parent)
		return compose_pool_upgrade(o, s);
	root = ack_json_object();
	ret = root ? ack_json_add_string(
			     root, "next_version", edit(o, ACK_UPGRADE))
		   : -ENOMEM;
	s->r = kind_request(o, ACK_CALL_UpgradeCluster);
	if (!ret)
		ack_json_print(root, false, &s->body);
	ack_json_free(root);
	return ret;
}

static int compose_untag(const struct object *o, struct step_request *s)
{
	int ret = tags_lost(o, &s->texts[0]);

	ack_buf_printf(&s->texts[1], "[\"%s\"]", o->id);
	s->r = (struct ack_request){.action = ACK_CALL_UntagResources,
		.endpoint = regions_of(o),
		.query = {{"region_id", regions_of(o)->region},
			{"resource_type", "CLUSTER"},
			{"resource_ids", ack_buf_text(&s->texts[1])},
			{"tag_keys", ack_buf_text(&s->texts[0])}}};
	return ret;
}

static int compose_tag(const struct object *o, struct step_request *s)
{
	s->r = (struct ack_request){
		.action = ACK_CALL_TagResources, .endpoint = regions_of(o)};
	return tags_body(o, &s->body);
}

static bool covers_addons(const struct object *o, unsigned row)
{
	return changes_by(o, row, ACK_ADDONS);
}

const struct step steps[] = {
	{"untag", covers_tags, tags_gone, compose_untag,
		.halfway = tags_untagged},
	{"tag", covers_tags, tags_new, compose_tag},
	{"stop_scaling", covers_stop, stops_scaling, compose_stop,
		.moves = ACK_POOL_P_desired_size},
	{"modify", covers_modify, wants_modify, compose_modify},
	{"migrate", covers_migrate, migrates, compose_migrate},
	{"scale", covers_scale, wants_scale, compose_scale},
	{"upgrade", covers_upgrade, wants_upgrade, compose_upgrade},
	{"remove_nodes", covers_remove, eviction_wanted, eviction_compose,
		.passes = true},
	{"addons", covers_addons, addons_wanted, addons_compose,
		.calls = addons_calls, .put = addons_put, .done = addons_done},
};

const unsigned nsteps = LENGTH(steps);

unsigned step_calls(const struct step *step, const struct object *o)
{
	if (!step->wanted(o))
		return 0;
	return step->calls ? step->calls(o) : 1;
}

void step_request_init(struct step_request *s)
{
	*s = (struct step_request){.nodes = -1};
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

bool steps_cover(const struct object *o, unsigned row)
{
	for (unsigned i = 0; i < nsteps; i++)
		if (steps[i].covers(o, row))
			return true;
	return false;
}

/* What is there with the edits over it, but for what is to be unset: that is
 * refused for itself. The size of a pool that is to scale itself becomes the
 * scaler's. */
static int lay_over(const struct object *o, struct ack_values *v)
{
	int row = ack_values_next(&o->edits, 0);
	int ret = ack_values_copy(v, &o->values);

	for (; !ret && row >= 0;
		row = ack_values_next(&o->edits, (unsigned)row + 1)) {
		size_t len = 0;
		const char *text = ack_values_get(
			&o->edits, (unsigned)row, &len);

		ret = ack_values_set(v, (unsigned)row, text, len,
			ack_values_time(&o->edits, (unsigned)row));
	}
	if (o->parent && scale_by_itself(o, true) &&
		!object_edited(o, ACK_POOL_P_desired_size))
		ack_values_drop(v, ACK_POOL_P_desired_size);
	return ret;
}

/* The rules between parameters hold for edits as they do for drafts. */
static void check_rules(
	const struct object *o, struct ack_error *e, struct ack_buf *warnings)
{
	struct ack_values v = ACK_VALUES_INIT;
	int ret = lay_over(o, &v);

	if (!ret)
		ret = findings_new(o->kind->table, &o->values, &v,
			o->fleet->endpoint.form, e, warnings);
	ack_values_release(&v);
	if (ret == -ENOMEM)
		ack_error_memory(e, NULL);
}

void steps_warnings(const struct object *o, struct ack_buf *out)
{
	ACK_UNSET struct ack_error e;

	ack_error_clear(&e);
	check_rules(o, &e, out);
}

/* Of a node pool. */
static void check_version(const struct object *o, struct ack_error *e)
{
	unsigned row = ACK_POOL_P_kubernetes_version;
	const char *wanted = o->parent ? ack_values_get(&o->edits, row, NULL)
				       : NULL;
	const char *cluster = o->parent
				      ? ack_values_get(&o->parent->values,
						ACK_P_kubernetes_version, NULL)
				      : NULL;

	if (wanted && cluster && strcmp(wanted, cluster) != 0)
		ack_error_about(e, EINVAL, "kubernetes_version",
			"nodes go to the version of their cluster, %s; upgrade "
			"the cluster first for a later one",
			cluster);
}

static void check_spec(const struct object *o, struct ack_error *e)
{
	const char *spec = ack_values_get(&o->edits, ACK_P_cluster_spec, NULL);

	if (o->parent || !spec)
		return;
	if (migrates(o) && strcmp(spec, PRO) != 0)
		ack_error_about(e, EINVAL, "cluster_spec",
			"a Basic cluster becomes " PRO
			" first; commit that, then write %s",
			spec);
	else if (!migrates(o) && !strcmp(spec, BASIC))
		ack_error_about(e, EINVAL, "cluster_spec", "%s",
			ack_text("a Pro cluster cannot become a Basic one "
				 "(" BASIC ")"));
}

int steps_check(const struct object *o, struct ack_error *e)
{
	int row = ack_values_next_touched(&o->edits, 0);

	ack_error_clear(e);
	if (!story_resting(o))
		return ack_error_set(e, EBUSY, NULL,
			"the %s is %s; cat its %swait, then commit again",
			kind_noun(o->kind), object_state_word(o),
			o->parent ? "" : "live/");
	for (; row >= 0;
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1)) {
		const struct ack_param *p = &o->kind->table->rows[row];

		if (p->change != ACK_TAGS && p->change < ACK_REMOVE &&
			!ack_values_get(&o->edits, (unsigned)row, NULL))
			ack_error_about(e, EINVAL, ack_param_file(p),
				"it cannot be unset any more; write a value, "
				"or discard the edit with rm");
	}
	scale_check(o, e);
	check_spec(o, e);
	check_version(o, e);
	eviction_check(o, e);
	advice_edits(o, e);
	check_rules(o, e, NULL);
	return -e->err;
}

static void put_changes(
	const struct object *o, const struct step *step, struct ack_buf *out)
{
	const char *before = ": ";
	int row = ack_values_next_touched(&o->edits, 0);

	for (; row >= 0;
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1)) {
		const struct ack_param *p = &o->kind->table->rows[row];

		if (!step->covers(o, (unsigned)row))
			continue;
		ack_buf_printf(out, "%s%s: ", before, p->name);
		ack_param_line(p,
			ack_values_get(&o->values, (unsigned)row, NULL), out);
		ack_buf_puts(out, " -> ");
		ack_param_line(
			p, ack_values_get(&o->edits, (unsigned)row, NULL), out);
		before = ", ";
	}
}

/* Of num_of_nodes: the pool that changes, and both numbers of it. */
static void put_pool(const struct object *o, struct ack_buf *out)
{
	struct scale s;

	if (scale_find(o, &s))
		ack_buf_printf(out, ", desired_size of %s: %ld -> %ld",
			object_name(s.pool), s.from, s.to);
}

unsigned steps_losses(const struct object *o, struct ack_buf *out)
{
	unsigned row = ACK_P_endpoint_public_access;
	const char *now = ack_values_get(&o->values, row, NULL);
	const char *will = ack_values_get(&o->edits, row, NULL);
	unsigned count = scale_losses(o, out) + eviction_losses(o, out) +
			 addons_losses(o, out);

	/* of a cluster that was made elsewhere nobody says whether it has one
	 */
	if (o->parent || (now && strcmp(now, "true")) || !will ||
		strcmp(will, "false"))
		return count;
	ack_buf_printf(out,
		"loses: %s: the public address of the API server%s; another "
		"one may come of a later true\n",
		o->kind->table->rows[row].name,
		now ? "" : ack_text(", if it has one"));
	return count + 1;
}

struct behind {
	const char *wanted;
	struct ack_buf *out;
};

static void put_behind(struct object *pool, void *arg)
{
	const struct behind *b = arg;
	const char *is = ack_values_get(
		&pool->values, ACK_POOL_P_kubernetes_version, NULL);

	if (object_exists(pool) && (!is || strcmp(is, b->wanted) != 0))
		ack_buf_printf(b->out,
			"warning: kubernetes_version: the nodes of the node "
			"pool %s stay at %s; upgrade them afterwards with "
			"nodepools/%s/kubernetes_version\n",
			object_name(pool), is ? is : ack_text("their version"),
			pool->name);
}

/* The upgrade of a cluster leaves the nodes as they are. */
static void put_pools_behind(const struct object *o, struct ack_buf *out)
{
	struct behind b = {.out = out,
		.wanted = o->parent ? NULL
				    : ack_values_get(&o->edits,
					      ACK_P_kubernetes_version, NULL)};

	if (b.wanted && o->pools_seen)
		objects_walk(&o->pools, put_behind, &b);
	else if (b.wanted)
		ack_buf_printf(out,
			"warning: kubernetes_version: the nodes stay at their "
			"version; upgrade each node pool afterwards with "
			"nodepools/NAME/kubernetes_version\n");
}

/* Edits that others have overtaken. */
static void put_stale(const struct object *o, struct ack_buf *out)
{
	struct ack_error e;

	if (bases_compare(o, steps_cover, &e))
		ack_buf_printf(out,
			"warning: %s; a commit sends nothing and makes the "
			"plan anew\n",
			e.message);
}

static void put_call(const struct object *o, const struct step *step,
	unsigned nth, struct ack_buf *out)
{
	struct step_request s;

	step_request_init(&s);
	s.nth = nth;
	if (step->compose(o, &s)) {
		out->failed = true;
	} else {
		ack_request_text(&s.r, out);
		if (step->put)
			step->put(o, nth, out);
		else
			put_changes(o, step, out);
		if (*s.pool)
			put_pool(o, out);
		ack_buf_putc(out, '\n');
	}
	step_request_release(&s);
}

void steps_plan(const struct object *o, struct ack_buf *out)
{
	bool any = false;

	for (unsigned i = 0; i < nsteps; i++) {
		unsigned count = step_calls(&steps[i], o);

		any |= count;
		for (unsigned n = 0; n < count; n++)
			put_call(o, &steps[i], n, out);
	}
	if (!any)
		return;
	steps_losses(o, out);
	scale_warnings(o, out);
	put_pools_behind(o, out);
	put_stale(o, out);
}
