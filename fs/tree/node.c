/* SPDX-License-Identifier: MIT */
#include "tree/node.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "actions/draft.h"
#include "base/buf.h"
#include "cloud/refresh.h"
#include "model/address.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/moved.h"
#include "model/object.h"
#include "model/scratch.h"
#include "page/page.h"
#include "params/params.h"
#include "state/dirname.h"
#include "tree/fetch.h"
#include "tree/files.h"

_Static_assert(NODE_PARAMS + ACK_P_COUNT <= OBJECT_ROWS, "too many rows");
_Static_assert(OBJECT_ROWS <= NODE_NODEPOOL, "schema/ holds two tables");
_Static_assert(NODE_NODEPOOL + ACK_POOL_P_COUNT <= NODE_SCRATCH,
	"scratch files come last");
_Static_assert(NODE_SCRATCH + SCRATCH_SLOTS <= 1 << NODE_ROW_BITS,
	"an inode number has room for every row");

/* The text of any file but a scratch file stays below this. */
#define TEXT_MAX (1u << 20)

/* The parameter of a row, in an object or in schema/. */
static const struct ack_param *param_at(const struct object *o, unsigned row)
{
	const struct ack_table *t = o ? o->kind->table : &ack_cluster_table;

	row -= NODE_PARAMS;
	if (!o && row >= NODE_NODEPOOL - NODE_PARAMS) {
		t = &ack_pool_table;
		row -= NODE_NODEPOOL - NODE_PARAMS;
	}
	return row < t->count ? &t->rows[row] : NULL;
}

/* A fixed file stands in an object, in live/NAME, or outside of both. */
static bool stands_at(const struct object *o, unsigned row)
{
	unsigned place = node_files[row].place;

	if (row == ROW_OBJECT)
		return o;
	if (row == ROW_LIVE_OBJECT || row == ROW_ID)
		return o && !o->parent && object_exists(o);
	if (!o)
		return !(place & (AT_BOTH | AT_LIVE_CLUSTER));
	/* the kernel may know its name from when it was there */
	if (place & AT_LIVE_CLUSTER && !object_exists(o))
		return false;
	return place & (o->parent ? AT_NODEPOOL : AT_CLUSTER | AT_LIVE_CLUSTER);
}

bool node_is_live(const struct node *n)
{
	return n->object && n->file && n->file->place & AT_LIVE_CLUSTER;
}

static bool node_set(
	struct node *n, struct fleet *f, struct object *o, unsigned row)
{
	*n = (struct node){.fleet = f,
		.object = o,
		.row = row,
		.ino = node_ino(o ? o->serial : 0, row)};
	if (row >= NODE_SCRATCH) {
		n->scratch = o ? scratch_at(o, row - NODE_SCRATCH) : NULL;
		return n->scratch;
	}
	if (row >= NODE_PARAMS) {
		n->param = param_at(o, row);
		return n->param; /* also while rm has taken its name away */
	}
	if (row == ROW_NONE || row >= node_nfiles || !stands_at(o, row))
		return false;
	n->file = &node_files[row];
	return !n->file->there || n->file->there(o);
}

int node_get(struct fleet *f, uint64_t ino, struct node *out)
{
	uint64_t serial = alias_ino(ino) >> NODE_ROW_BITS;
	struct object *o = serial ? fleet_by_serial(f, serial) : NULL;

	out->object = NULL;
	if (serial && !o)
		return -ESTALE;
	return node_set(out, f, o, ino & ((1u << NODE_ROW_BITS) - 1)) ? 0
								      : -ENOENT;
}

int node_by_number(struct fleet *f, uint64_t number, struct node *out)
{
	int ret = node_get(f, number, out);
	unsigned row = out->object ? moved_row(out->object, number) : 0;

	return row ? node_get(f, node_ino(out->object->serial, row), out) : ret;
}

void node_of_object(struct object *o, struct node *out)
{
	node_set(out, o->fleet, o, ROW_OBJECT);
}

bool node_has(const struct node *n, unsigned flag)
{
	return n->file && n->file->flags & flag;
}

bool node_is_dir(const struct node *n)
{
	return node_has(n, NODE_DIR);
}

bool node_is_maker(const struct node *n, struct object **parent)
{
	*parent = n->object;
	return n->row == ROW_CLUSTERS || n->row == ROW_NODEPOOLS;
}

bool node_is_object(const struct node *n)
{
	return n->row == ROW_OBJECT;
}

bool node_is_secret(const struct node *n)
{
	if (n->param)
		return n->object && n->param->flags & ACK_SECRET;
	return node_has(n, NODE_SECRET);
}

unsigned node_param_row(const struct node *n)
{
	return n->row - NODE_PARAMS;
}

static const char *live_name(const struct ack_param *p)
{
	return p->live + strlen("live/");
}

const char *node_name(const struct node *n)
{
	if (n->scratch)
		return n->scratch->name;
	if (n->param)
		return n->object && n->param->live ? live_name(n->param)
						   : n->param->name;
	return n->file->name ? n->file->name : n->object->name;
}

static bool node_named(const struct node *n)
{
	if (n->scratch)
		return n->scratch->named;
	if (!n->object)
		return true;
	/* what is known at the end makes no sense at the beginning */
	if (n->param && ack_param_later(n->param) && !object_exists(n->object))
		return false;
	return !object_hidden(n->object, n->row);
}

static mode_t param_mode(const struct node *n)
{
	bool secret = n->param->flags & ACK_SECRET;

	if (!n->object)
		return 0444;
	if (n->object->state == COURSE_DRAFT ||
		(object_exists(n->object) &&
			object_row_changes(n->object, node_param_row(n))))
		return secret ? 0600 : 0644;
	return secret ? 0400 : 0444;
}

mode_t node_mode(const struct node *n)
{
	/* it may become a secret's */
	if (n->scratch)
		return S_IFREG | 0600;
	if (n->param)
		return S_IFREG | param_mode(n);
	if (n->file->flags & (NODE_DIR | NODE_LINK))
		return n->file->mode;
	if (n->file->flags & NODE_GATHER && n->object->state != COURSE_DRAFT &&
		!object_exists(n->object))
		return S_IFREG | 0444;
	return S_IFREG | n->file->mode;
}

void node_text(const struct node *n, struct ack_buf *out)
{
	const char *value;
	size_t len;

	if (n->scratch) {
		ack_buf_put(out, ack_buf_text(&n->scratch->text),
			n->scratch->text.len);
	} else if (n->param && !n->object) {
		ack_param_schema(n->param, out);
	} else if (n->param) {
		value = object_value(n->object, node_param_row(n), &len);
		if (value && !(n->param->flags & ACK_SECRET)) {
			ack_buf_put(out, value, len);
			ack_buf_putc(out, '\n');
		}
	} else if (n->file->show) {
		n->file->show(n->fleet, n->object, out);
	}
}

const struct fetch_source *node_fetch(const struct node *n)
{
	if (n->param)
		return n->object && n->param->live ? &fetch_addons : NULL;
	return n->file ? n->file->fetch : NULL;
}

bool node_waits_long(const struct node *n)
{
	const struct fetch_source *source = node_fetch(n);

	return source ? source->most_ms : n->file && n->file->wait;
}

static size_t text_size(const struct node *n, size_t open)
{
	struct ack_buf text = ACK_BUF_INIT(TEXT_MAX);
	size_t len = 0;

	if (n->scratch)
		return n->scratch->text.len;
	if (n->param && node_fetch(n))
		return open;
	if (n->param && n->object) {
		if (object_value(n->object, node_param_row(n), &len) &&
			!(n->param->flags & ACK_SECRET))
			return len + 1;
		return 0;
	}
	/* what is fetched, or changes by itself, has the size that its
	 * open files see */
	if (node_has(n, NODE_FLEETING) &&
		!node_has(n, NODE_GROWS | NODE_STREAM))
		len = open;
	/* one that has yet to come must be read, and sendfile(2) would not */
	if (!len && n->file && n->file->wait)
		return sizeof(n->object->word);
	if (len || node_fetch(n))
		return len;
	node_text(n, &text);
	len = text.len;
	ack_buf_release(&text);
	return len;
}

/* Of a directory of directories: when one came or went. */
static int64_t members_time(const struct node *n)
{
	switch (n->file ? n->file->members : MEMBERS_NONE) {
	case MEMBERS_CLUSTERS:
	case MEMBERS_IDS:
	case MEMBERS_LIVE:
		return n->fleet->clusters.changed;
	case MEMBERS_NODEPOOLS:
		return n->object->pools.changed;
	default:
		return 0;
	}
}

static int64_t node_time(const struct node *n)
{
	const struct object *o = n->object;
	int64_t t = members_time(n);

	if (n->scratch)
		return n->scratch->changed;
	if (n->row == ROW_PAGE)
		t = page_time(n->fleet);
	if (!o)
		return t ? t : n->fleet->started;
	if (n->param && object_edited(o, node_param_row(n)))
		return ack_values_time(&o->edits, node_param_row(n));
	if (n->param)
		t = ack_values_time(&o->values, node_param_row(n));
	else if (!t && !(n->file->flags & NODE_ACT))
		t = o->changed;
	return t ? t : o->created;
}

void node_stat(const struct node *n, size_t open, struct stat *st)
{
	/* asking for the size may make the text, and so its time */
	size_t size = node_is_dir(n) ? 0 : text_size(n, open);
	int64_t t = node_time(n);

	memset(st, 0, sizeof(*st));
	st->st_ino = n->ino;
	st->st_mode = node_mode(n);
	st->st_nlink = node_is_dir(n) ? 2 : node_named(n);
	st->st_blksize = 4096;
	st->st_mtim.tv_sec = t / 1000000000;
	st->st_mtim.tv_nsec = t % 1000000000;
	st->st_atim = st->st_ctim = st->st_mtim;
	st->st_size = (off_t)size;
	st->st_blocks = (st->st_size + 511) / 512;
}

const char *node_file_name(struct object *o, unsigned row)
{
	struct node n;

	return node_get(o->fleet, node_ino(o->serial, row), &n) ? NULL
								: node_name(&n);
}

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

	return row < 0 || (dir->object && table->rows[row].live)
		       ? -ENOENT
		       : at(dir, dir->object, first + (unsigned)row, out);
}

/* Of those that stand below live/NAME. */
static int find_live_param(
	const struct node *dir, const char *name, struct node *out)
{
	const struct ack_table *table = dir->object->kind->table;

	for (unsigned row = 0; row < table->count; row++)
		if (table->rows[row].live &&
			!strcmp(live_name(&table->rows[row]), name))
			return at(dir, dir->object, NODE_PARAMS + row, out);
	return -ENOENT;
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
	case MEMBERS_LIVE_PARAMS:
		return find_live_param(dir, name, out);
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
		if (!l->dir->object ||
			!table->rows[row].live == (l->dir->row == ROW_OBJECT))
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
	case MEMBERS_LIVE_PARAMS:
		visit_params(&l, dir->object->kind->table, NODE_PARAMS);
		break;
	case MEMBERS_PARAMS:
		visit_params(&l, dir->object->kind->table, NODE_PARAMS);
		for (struct scratch *s = dir->object->scratch; s; s = s->next)
			visit(&l, dir->object, NODE_SCRATCH + s->slot, NULL);
		break;
	}
}

/* Any use of a directory in which clusters come and go; what stands in one
 * object is kept up to date when its directory is listed. */
void node_looked_at(const struct node *n)
{
	if (n->row == ROW_CLUSTERS || n->row == ROW_LIVE || n->row == ROW_IDS ||
		n->row == ROW_PAGE || (n->object && object_exists(n->object)))
		refresh_look(n->fleet);
}
