/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "buf.h"
#include "cluster.h"
#include "draft.h"
#include "files.h"
#include "fleet.h"
#include "node.h"
#include "params.h"
#include "scratch.h"
#include "types.h"

_Static_assert(NODE_PARAMS + ACK_P_COUNT <= CLUSTER_ROWS, "too many rows");
_Static_assert(CLUSTER_ROWS <= NODE_SCRATCH, "scratch files come last");
_Static_assert(NODE_SCRATCH + SCRATCH_SLOTS <= 1 << NODE_ROW_BITS,
	"an inode number has room for every row");

/* The text of any file but a scratch file stays below this. */
#define TEXT_MAX (1u << 20)

static bool node_set(
	struct node *n, struct fleet *f, struct cluster *c, unsigned row)
{
	*n = (struct node){.fleet = f,
		.cluster = c,
		.row = row,
		.ino = node_ino(c ? c->serial : 0, row)};
	if (row >= NODE_SCRATCH) {
		n->scratch = c ? scratch_at(c, row - NODE_SCRATCH) : NULL;
		return n->scratch;
	}
	if (row >= NODE_PARAMS) {
		if (row - NODE_PARAMS >= ack_cluster_table.count)
			return false;
		n->param = &ack_cluster_table.rows[row - NODE_PARAMS];
		return true; /* also while rm has taken its name away */
	}
	if (row == ROW_NONE || row >= node_nfiles)
		return false;
	n->file = &node_files[row];
	if (!c != (n->file->place != IN_CLUSTER && row != ROW_CLUSTER))
		return false;
	return !n->file->there || n->file->there(c);
}

int node_get(struct fleet *f, uint64_t ino, struct node *out)
{
	uint64_t serial = ino >> NODE_ROW_BITS;
	struct cluster *c = serial ? fleet_by_serial(f, serial) : NULL;

	if (serial && !c)
		return -ENOENT;
	return node_set(out, f, c, ino & ((1u << NODE_ROW_BITS) - 1)) ? 0
								      : -ENOENT;
}

void node_of_cluster(struct cluster *c, struct node *out)
{
	node_set(out, c->fleet, c, ROW_CLUSTER);
}

bool node_is_dir(const struct node *n)
{
	return n->file && n->file->flags & NODE_DIR;
}

bool node_is_clusters(const struct node *n)
{
	return n->file == &node_files[ROW_CLUSTERS];
}

bool node_is_cluster(const struct node *n)
{
	return n->file == &node_files[ROW_CLUSTER];
}

unsigned node_param_row(const struct node *n)
{
	return n->row - NODE_PARAMS;
}

const char *node_name(const struct node *n)
{
	if (n->scratch)
		return n->scratch->name;
	if (n->param)
		return n->param->name;
	return node_is_cluster(n) ? n->cluster->name : n->file->name;
}

static bool node_named(const struct node *n)
{
	if (n->scratch)
		return n->scratch->named;
	return !n->cluster || !cluster_hidden(n->cluster, n->row);
}

/* -ENOENT also when rm has taken the name away; `out` is set then. */
static int find(const struct node *dir, unsigned row, struct node *out)
{
	if (!node_set(out, dir->fleet, dir->cluster, row))
		return -ENOENT;
	return node_named(out) ? 0 : -ENOENT;
}

int node_lookup(const struct node *dir, const char *name, struct node *out)
{
	enum node_place place = node_is_cluster(dir) ? IN_CLUSTER : IN_ROOT;
	struct cluster *c = dir->cluster;
	struct scratch *s;
	int row;

	if (!node_is_dir(dir))
		return -ENOTDIR;
	if (node_is_clusters(dir)) {
		c = fleet_by_name(dir->fleet, name);
		if (c)
			node_of_cluster(c, out);
		return c ? 0 : -ENOENT;
	}
	if (c || dir->row == ROW_SCHEMA) {
		row = ack_table_find(&ack_cluster_table, name);
		if (row >= 0)
			return find(dir, NODE_PARAMS + (unsigned)row, out);
	}
	s = c ? scratch_find(c, name) : NULL;
	if (s)
		return find(dir, NODE_SCRATCH + s->slot, out);
	for (unsigned i = 1; dir->row != ROW_SCHEMA && i < node_nfiles; i++)
		if (node_files[i].place == place && node_files[i].name &&
			!strcmp(node_files[i].name, name))
			return find(dir, i, out);
	return -ENOENT;
}

mode_t node_mode(const struct node *n)
{
	if (n->scratch)
		return S_IFREG | 0644;
	if (n->param && !n->cluster)
		return S_IFREG | 0444;
	if (n->param && n->cluster->state != COURSE_DRAFT)
		return S_IFREG | (n->param->flags & ACK_SECRET ? 0 : 0444);
	if (n->param)
		return S_IFREG | (n->param->flags & ACK_SECRET ? 0200 : 0644);
	if (n->file->flags & NODE_DIR)
		return n->file->mode;
	if (n->file->flags & NODE_GATHER && n->cluster->state != COURSE_DRAFT)
		return S_IFREG | 0444;
	return S_IFREG | n->file->mode;
}

void node_text(const struct node *n, struct ack_buf *out)
{
	const char *value;

	if (n->scratch) {
		ack_buf_put(out, ack_buf_text(&n->scratch->text),
			n->scratch->text.len);
	} else if (n->param && !n->cluster) {
		ack_param_schema(n->param, out);
	} else if (n->param) {
		value = ack_values_get(
			&n->cluster->values, node_param_row(n), NULL);
		if (value && !(n->param->flags & ACK_SECRET))
			ack_buf_printf(out, "%s\n", value);
	} else if (n->file->show) {
		n->file->show(n->fleet, n->cluster, out);
	}
}

static size_t text_size(const struct node *n)
{
	struct ack_buf text = ACK_BUF_INIT(TEXT_MAX);
	size_t len = 0;

	if (n->scratch)
		return n->scratch->text.len;
	if (n->param && n->cluster) {
		if (ack_values_get(
			    &n->cluster->values, node_param_row(n), &len) &&
			!(n->param->flags & ACK_SECRET))
			return len + 1;
		return 0;
	}
	node_text(n, &text);
	len = text.len;
	ack_buf_release(&text);
	return len;
}

static int64_t node_time(const struct node *n)
{
	int64_t t = 0;

	if (n->scratch)
		return n->scratch->changed;
	if (!n->cluster)
		return n->fleet->started;
	if (n->param)
		t = ack_values_time(&n->cluster->values, node_param_row(n));
	else if (!(n->file->flags & (NODE_DIR | NODE_ACT)))
		t = n->cluster->changed;
	return t ? t : n->cluster->created;
}

void node_stat(const struct node *n, struct stat *st)
{
	int64_t t = node_time(n);

	memset(st, 0, sizeof(*st));
	st->st_ino = n->ino;
	st->st_mode = node_mode(n);
	st->st_nlink = node_is_dir(n) ? 2 : node_named(n);
	st->st_blksize = 4096;
	st->st_mtim.tv_sec = t / 1000000000;
	st->st_mtim.tv_nsec = t % 1000000000;
	st->st_atim = st->st_ctim = st->st_mtim;
	if (node_is_dir(n))
		return;
	st->st_size = (off_t)text_size(n);
	st->st_blocks = (st->st_size + 511) / 512;
}

bool node_fleeting(const struct node *n)
{
	return n->file && n->file->flags & NODE_FLEETING;
}

struct listing {
	void (*visit)(const struct node *child, const char *name, void *arg);
	void *arg;
};

static void list_cluster(struct cluster *c, void *arg)
{
	struct listing *l = arg;
	struct node child;

	node_of_cluster(c, &child);
	l->visit(&child, c->name, l->arg);
}

void node_list(const struct node *dir,
	void (*visit)(const struct node *child, const char *name, void *arg),
	void *arg)
{
	struct listing l = {visit, arg};
	struct cluster *c = dir->cluster;
	enum node_place place = c ? IN_CLUSTER : IN_ROOT;
	struct node child;

	if (node_is_clusters(dir)) {
		fleet_walk(dir->fleet, list_cluster, &l);
		return;
	}
	for (unsigned i = 1; dir->row != ROW_SCHEMA && i < node_nfiles; i++)
		if (node_files[i].place == place && node_files[i].name &&
			!find(dir, i, &child))
			visit(&child, node_files[i].name, arg);
	for (unsigned i = 0;
		(c || dir->row == ROW_SCHEMA) && i < ack_cluster_table.count;
		i++)
		if (!find(dir, NODE_PARAMS + i, &child))
			visit(&child, child.param->name, arg);
	for (struct scratch *s = c ? c->scratch : NULL; s; s = s->next)
		if (s->named &&
			node_set(&child, dir->fleet, c, NODE_SCRATCH + s->slot))
			visit(&child, s->name, arg);
}
