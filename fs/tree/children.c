/* SPDX-License-Identifier: MIT */
/* What the directories hold: node_lookup() and node_list() of node.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cloud/refresh.h"
#include "model/address.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/scratch.h"
#include "params/params.h"
#include "state/dirname.h"
#include "tree/files.h"
#include "tree/node.h"

static int at(const struct node *dir, struct object *o, unsigned row,
	struct node *out)
{
	uint64_t ino = node_ino(o ? o->serial : 0, row);
	int ret = node_get(dir->fleet, ino, out);

	return !ret && !node_named(out) ? -ENOENT : ret;
}

/* The fixed files of the directory; of an object's only those of its kind. */
static unsigned children(const struct node *dir)
{
	unsigned place = dir->file->children;

	if (dir->row == ROW_OBJECT)
		place &= dir->object->parent ? AT_NODEPOOL : AT_CLUSTER;
	return place;
}

static int find_fixed(
	const struct node *dir, const char *name, struct node *out)
{
	unsigned place = children(dir);

	for (unsigned i = 1; i < node_nfiles; i++)
		if (node_files[i].place & place &&
			!strcmp(node_files[i].name, name))
			return at(dir, dir->object, i, out);
	return -ENOENT;
}

/* In live/ the names of the fixed files come first; @ stands in no name. */
static bool shadowed(const char *name)
{
	for (unsigned i = 1; i < node_nfiles; i++)
		if (node_files[i].place & AT_LIVE &&
			!strcmp(node_files[i].name, name))
			return true;
	return false;
}

void node_live_name(const struct object *o, char *out)
{
	snprintf(out, DIRNAME_MAX + 1, "%s%s", o->name,
		shadowed(o->name) ? "@" : "");
}

static int find_live(const struct node *dir, const char *name, struct node *out)
{
	size_t len = strlen(name);
	char plain[DIRNAME_MAX];
	struct object *o;

	snprintf(plain, sizeof(plain), "%s", name);
	if (len && len < sizeof(plain) && plain[len - 1] == '@')
		plain[len - 1] = '\0';
	if (shadowed(plain) != (strlen(plain) != len))
		return -ENOENT;
	o = fleet_by_name(dir->fleet, plain);
	return o && object_exists(o) ? at(dir, o, ROW_LIVE_OBJECT, out)
				     : -ENOENT;
}

static int find_param(const struct node *dir, const struct ack_table *table,
	unsigned first, const char *name, struct node *out)
{
	int row = ack_table_find(table, name);

	return row < 0 ? -ENOENT
		       : at(dir, dir->object, first + (unsigned)row, out);
}

static int find_object(
	const struct node *dir, const char *name, struct node *out)
{
	struct object *o = objects_find(
		fleet_below(dir->fleet, dir->object), name);

	return o ? at(dir, o, ROW_OBJECT, out) : -ENOENT;
}

static int find_member(
	const struct node *dir, const char *name, struct node *out)
{
	struct object *o;
	struct scratch *s;
	int ret;

	switch (dir->file->members) {
	case MEMBERS_NONE:
		break;
	case MEMBERS_SCHEMA:
		return find_param(
			dir, &ack_cluster_table, NODE_PARAMS, name, out);
	case MEMBERS_NODEPOOL_SCHEMA:
		return find_param(
			dir, &ack_pool_table, NODE_NODEPOOL, name, out);
	case MEMBERS_CLUSTERS:
	case MEMBERS_NODEPOOLS:
		return find_object(dir, name, out);
	case MEMBERS_IDS:
		o = fleet_by_id(dir->fleet, name);
		return o && !o->parent ? at(dir, o, ROW_ID, out) : -ENOENT;
	case MEMBERS_LIVE:
		return find_live(dir, name, out);
	case MEMBERS_PARAMS:
		ret = find_param(
			dir, dir->object->kind->table, NODE_PARAMS, name, out);
		s = ret == -ENOENT && !out->ino
			    ? scratch_find(dir->object, name)
			    : NULL;
		return s ? at(dir, dir->object, NODE_SCRATCH + s->slot, out)
			 : ret;
	}
	return -ENOENT;
}

int node_lookup(const struct node *dir, const char *name, struct node *out)
{
	int ret;

	*out = (struct node){.ino = 0};
	if (!node_is_dir(dir))
		return -ENOTDIR;
	ret = find_fixed(dir, name, out);
	return ret == -ENOENT && !out->ino ? find_member(dir, name, out) : ret;
}

struct listing {
	const struct node *dir;
	void (*visit)(const struct node *child, const char *name, void *arg);
	void *arg;
};

static void visit(const struct listing *l, struct object *o, unsigned row,
	const char *name)
{
	struct node child;

	if (!at(l->dir, o, row, &child))
		l->visit(&child, name ? name : node_name(&child), l->arg);
}

static void visit_object(struct object *o, void *arg)
{
	visit(arg, o, ROW_OBJECT, NULL);
}

static void visit_live(struct object *o, void *arg)
{
	char name[DIRNAME_MAX + 1];

	node_live_name(o, name);
	if (object_exists(o))
		visit(arg, o, ROW_LIVE_OBJECT, name);
}

static void visit_id(struct object *o, void *arg)
{
	if (*o->id)
		visit(arg, o, ROW_ID, o->id);
}

static void visit_params(
	const struct listing *l, const struct ack_table *table, unsigned first)
{
	int row = ack_table_next(table, -1);

	for (; row >= 0; row = ack_table_next(table, row))
		visit(l, l->dir->object, first + (unsigned)row, NULL);
}

void node_list(const struct node *dir,
	void (*child)(const struct node *child, const char *name, void *arg),
	void *arg)
{
	struct listing l = {dir, child, arg};
	struct objects *below = fleet_below(dir->fleet, dir->object);
	unsigned place = children(dir);

	for (unsigned i = 1; i < node_nfiles; i++)
		if (node_files[i].place & place)
			visit(&l, dir->object, i, NULL);
	switch (dir->file->members) {
	case MEMBERS_NONE:
		break;
	case MEMBERS_SCHEMA:
		visit_params(&l, &ack_cluster_table, NODE_PARAMS);
		break;
	case MEMBERS_NODEPOOL_SCHEMA:
		visit_params(&l, &ack_pool_table, NODE_NODEPOOL);
		break;
	case MEMBERS_CLUSTERS:
	case MEMBERS_NODEPOOLS:
		objects_walk(below, visit_object, &l);
		break;
	case MEMBERS_IDS:
		objects_walk(below, visit_id, &l);
		break;
	case MEMBERS_LIVE:
		objects_walk(below, visit_live, &l);
		break;
	case MEMBERS_PARAMS:
		visit_params(&l, dir->object->kind->table, NODE_PARAMS);
		for (struct scratch *s = dir->object->scratch; s; s = s->next)
			visit(&l, dir->object, NODE_SCRATCH + s->slot, NULL);
		break;
	}
}

/* Any use of a directory in which clusters come and go; what stands in one
 * object is kept up to date by whoever lists its directory. */
void node_looked_at(const struct node *n)
{
	if (n->row == ROW_CLUSTERS || n->row == ROW_LIVE || n->row == ROW_IDS ||
		n->row == ROW_PAGE || (n->object && object_exists(n->object)))
		refresh_look(n->fleet);
}
