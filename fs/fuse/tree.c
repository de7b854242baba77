/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "actions/draft.h"
#include "actions/naming.h"
#include "base/error.h"
#include "base/text.h"
#include "cloud/live.h"
#include "cloud/refresh.h"
#include "fuse/alias.h"
#include "fuse/handle.h"
#include "fuse/transfer.h"
#include "model/address.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/scratch.h"
#include "params/guess.h"
#include "params/nearest.h"
#include "params/params.h"
#include "tree/fetch.h"
#include "tree/files.h"
#include "fuse/tree.h"

int tree_lookup(
	struct fleet *f, uint64_t dir, const char *name, struct node *out)
{
	struct node parent;
	int ret = node_get(f, dir, &parent);

	/* the kernel itself lets longer ones through, and looks a name up
	 * before it does anything with it */
	if (!ret && strlen(name) > NAME_MAX)
		ret = -ENAMETOOLONG;
	return ret ? ret : node_lookup(&parent, name, out);
}

bool tree_is_old(const struct node *dir, const char *name)
{
	struct node child;

	/* a shell's prompt looks for .git, and others for the like */
	if (!node_is_dir(dir) || !dir->file->fetch ||
		live_pools_fresh(dir->object) || (name && *name == '.'))
		return false;
	if (!name || node_lookup(dir, name, &child))
		return true;
	live_ask_nodepools(dir->object);
	return false;
}

int tree_renew(const struct node *dir, struct waiter *w)
{
	ACK_UNSET struct ack_error e;
	int ret = fetch_begin(dir, w, &e);

	return ret < 0 ? node_fail(dir, &e) : ret;
}

int tree_listed(const struct node *dir)
{
	ACK_UNSET struct ack_error e;

	if ((dir->row != ROW_CLUSTERS && dir->row != ROW_IDS) ||
		!refresh_missing(dir->fleet, &e))
		return 0;
	return node_fail(dir, &e);
}

/* Reports it in the `error` next to n. */
static int refuse(
	const struct node *n, int err, const char *name, const char *text)
{
	ACK_UNSET struct ack_error e;

	ack_error_set(&e, err, NULL, "%s: %s", name, ack_text(text));
	return node_fail(n, &e);
}

int tree_mkdir(
	struct fleet *f, uint64_t dir, const char *name, struct node *out)
{
	ACK_UNSET struct ack_error e;
	struct object *o, *below;
	struct node parent;
	int ret = node_get(f, dir, &parent);

	if (ret)
		return ret;
	if (!node_is_maker(&parent, &below))
		return refuse(&parent, EPERM, name,
			"directories are made in clusters/ and in the "
			"nodepools/ of a cluster only");
	o = naming_create(f, below, name, &e);
	if (!o)
		return node_fail(&parent, &e);
	ack_error_clear(&e);
	node_fail(&parent, &e);
	node_of_object(o, out);
	return 0;
}

int tree_rmdir(struct fleet *f, uint64_t dir, const char *name)
{
	ACK_UNSET struct ack_error e;
	struct node n;
	int ret = tree_lookup(f, dir, name, &n);

	if (ret)
		return ret;
	if (!node_is_dir(&n))
		return -ENOTDIR;
	if (!node_is_object(&n))
		return refuse(&n, EPERM, name, "this directory is fixed");
	ret = naming_remove(n.object, &e);
	return ret ? node_fail(&n, &e) : 0;
}

int tree_unlink(struct fleet *f, uint64_t dir, const char *name)
{
	ACK_UNSET struct ack_error e;
	struct node n;
	int ret = tree_lookup(f, dir, name, &n);

	if (ret)
		return ret;
	if (node_is_dir(&n))
		return -EISDIR;
	if (!n.object)
		return refuse(&n, EPERM, name, "this file is fixed");
	if (n.scratch) {
		scratch_unlink(n.object, n.scratch);
		return 0;
	}
	ret = object_editable(n.object, name, &e);
	if (!ret && !n.param && object_exists(n.object))
		ret = ack_error_set(&e, EPERM, NULL,
			"%s stays while the %s exists; rm deletes nothing in "
			"the cloud",
			name, kind_noun(n.object->kind));
	if (ret)
		return node_fail(&n, &e);
	if (n.param) {
		ret = object_param_remove(n.object, node_param_row(&n), &e);
		if (!ret)
			alias_unlink(n.object, n.row);
		return ret ? node_fail(&n, &e) : 0;
	}
	/*
	 * `rm -rf` of a draft unlinks the fixed files too. Their names go
	 * until somebody makes them again: a name that stayed would send tar
	 * and others, which unlink and create, round in circles.
	 */
	object_hide(n.object, n.row, true);
	object_cut(n.object, n.row, false);
	object_touch(n.object);
	return 0;
}

int tree_rename(struct fleet *f, uint64_t dir, const char *name,
	uint64_t newdir, const char *newname)
{
	ACK_UNSET struct ack_error e;
	struct node parent, n;
	int ret = node_get(f, newdir, &parent);

	if (!ret)
		ret = tree_lookup(f, dir, name, &n);
	if (ret)
		return ret;
	if (dir != newdir)
		return -EXDEV;
	/* the kernel sees to that, but where the name has another number now */
	if (!strcmp(name, newname))
		return 0;
	if (node_is_object(&n)) {
		ret = naming_rename(n.object, newname, &e);
		return ret ? transfer_refused(&n, &e) : 0;
	}
	if (node_is_dir(&n) || !n.object || node_has(&n, NODE_LINK))
		return refuse(&n, EPERM, name, "this name is fixed");
	return transfer_rename(&n, &parent, newname);
}

static const char *nearest_file(const char *name, struct ack_nearest *near)
{
	for (unsigned row = 0; row < node_nfiles; row++)
		if (node_files[row].name && node_files[row].place & AT_BOTH)
			ack_nearest_offer(near, node_files[row].name);
	return *near->best && strcmp(near->best, name) ? near->best : NULL;
}

static const struct ack_error *not_a_parameter(
	const struct object *o, const char *name, struct ack_error *e)
{
	struct ack_nearest near = ACK_NEAREST_INIT(name);
	const char *meant = nearest_file(name, &near);

	if (!meant)
		meant = ack_guess(o->kind->table, name);
	if (meant)
		ack_error_set(e, EPERM, NULL,
			"%s is not a parameter; did you mean %s?", name, meant);
	else
		ack_error_set(e, EPERM, NULL,
			"%s is not a parameter; schema/ lists them", name);
	return e;
}

static int create_refused(
	const struct node *dir, const char *name, const struct node *absent)
{
	ACK_UNSET struct ack_error e;

	/* such as cancel, without a task */
	if (absent->file && absent->object)
		return refuse(dir, EPERM, name,
			"this file is there only at times, and not now: state "
			"and progress show what goes on");
	if (!dir->object)
		return refuse(dir, EPERM, name,
			"no files can be made here; mkdir in clusters/ makes "
			"a cluster");
	return node_fail(dir, not_a_parameter(dir->object, name, &e));
}

int tree_create(
	struct fleet *f, uint64_t dir, const char *name, struct node *out)
{
	ACK_UNSET struct ack_error e;
	struct node parent;
	struct scratch *s;
	int ret = node_get(f, dir, &parent);
	int row;

	if (ret)
		return ret;
	row = parent.row == ROW_OBJECT
		      ? ack_table_find(parent.object->kind->table, name)
		      : -1;
	/* a fixed file that rm took away: opening it decides the rest */
	if (node_lookup(&parent, name, out) == -ENOENT && out->file &&
		out->object && object_hidden(out->object, out->row)) {
		object_hide(out->object, out->row, false);
		return 0;
	}
	if (row >= 0 && !object_exists(parent.object) &&
		ack_param_later(&parent.object->kind->table->rows[row]))
		return refuse(&parent, EPERM, name,
			"this applies to what exists, and there is only a "
			"draft yet");
	if (parent.row != ROW_OBJECT ||
		(row < 0 && !scratch_name(parent.object->kind->table, name)))
		return create_refused(&parent, name, out);
	ret = row >= 0 ? object_row_editable(parent.object, (unsigned)row, &e)
		       : object_editable(parent.object, name, &e);
	if (ret)
		return node_fail(&parent, &e);
	if (row >= 0 && object_value(parent.object, (unsigned)row, NULL)) {
		object_hide(parent.object, NODE_PARAMS + (unsigned)row, false);
		return node_lookup(&parent, name, out);
	}
	if (row >= 0) {
		ret = object_put(parent.object, (unsigned)row, NULL, &e);
		return ret ? node_fail(&parent, &e)
			   : node_lookup(&parent, name, out);
	}
	s = scratch_create(parent.object, name);
	if (!s) {
		ack_error_set(&e, ENOSPC, NULL,
			"a draft holds at most %d scratch files",
			SCRATCH_FILES);
		return node_fail(&parent, &e);
	}
	return node_get(f,
		node_ino(parent.object->serial, NODE_SCRATCH + s->slot), out);
}

int tree_chown(const struct node *n, uid_t uid, gid_t gid)
{
	const struct owner *o = &n->fleet->owner;

	if (uid == o->uid && gid == o->gid)
		return 0;
	return refuse(n, EPERM, node_is_dir(n) ? "chown" : node_name(n),
		"everything here belongs to the user who mounted it");
}
