/* SPDX-License-Identifier: MIT */
#include "tree/node.h"

#include <errno.h>
#include <string.h>

#include "actions/draft.h"
#include "base/buf.h"
#include "model/address.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/moved.h"
#include "model/object.h"
#include "model/scratch.h"
#include "page/page.h"
#include "params/params.h"
#include "params/types.h"
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
		return o && !o->parent;
	if (!o)
		return !(place & (AT_BOTH | AT_LIVE_CLUSTER));
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

const char *node_name(const struct node *n)
{
	if (n->scratch)
		return n->scratch->name;
	if (n->param)
		return n->param->name;
	return n->file->name ? n->file->name : n->object->name;
}

bool node_named(const struct node *n)
{
	if (n->scratch)
		return n->scratch->named;
	if (!n->object)
		return true;
	/* what is told at the end makes no sense at the beginning */
	if (n->param && n->param->change == ACK_DELETE &&
		!object_exists(n->object))
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

static size_t text_size(const struct node *n, size_t open)
{
	struct ack_buf text = ACK_BUF_INIT(TEXT_MAX);
	size_t len = 0;

	if (n->scratch)
		return n->scratch->text.len;
	if (n->param && n->object) {
		if (object_value(n->object, node_param_row(n), &len) &&
			!(n->param->flags & ACK_SECRET))
			return len + 1;
		return 0;
	}
	/* what is fetched, or changes by itself, has the size that whoever has
	 * it open sees */
	if (node_has(n, NODE_FLEETING) &&
		!node_has(n, NODE_GROWS | NODE_STREAM))
		len = open;
	/* one that has yet to come must be read, and sendfile(2) would not */
	if (!len && n->file && n->file->wait)
		return sizeof(n->object->word);
	if (len || (n->file && n->file->fetch))
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
