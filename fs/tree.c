/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <unistd.h>

#include "cluster.h"
#include "draft.h"
#include "error.h"
#include "fleet.h"
#include "handle.h"
#include "params.h"
#include "scratch.h"
#include "transfer.h"
#include "tree.h"

int tree_lookup(
	struct fleet *f, uint64_t dir, const char *name, struct node *out)
{
	struct node parent;
	int ret = node_get(f, dir, &parent);

	return ret ? ret : node_lookup(&parent, name, out);
}

/* Tells it in the `error` next to n. */
static int refuse(
	const struct node *n, int err, const char *name, const char *text)
{
	struct ack_error e;

	ack_error_set(&e, err, NULL, "%s: %s", name, text);
	return node_fail(n, &e);
}

int tree_mkdir(
	struct fleet *f, uint64_t dir, const char *name, struct node *out)
{
	struct ack_error e;
	struct cluster *c;
	struct node parent;
	int ret = node_get(f, dir, &parent);

	if (ret)
		return ret;
	if (!node_is_clusters(&parent))
		return refuse(&parent, EPERM, name,
			"directories are made in clusters/ only");
	c = fleet_create(f, name, &e);
	if (!c)
		return node_fail(&parent, &e);
	fleet_fail(f, NULL);
	node_of_cluster(c, out);
	return 0;
}

int tree_rmdir(struct fleet *f, uint64_t dir, const char *name)
{
	struct ack_error e;
	struct node n;
	int ret = tree_lookup(f, dir, name, &n);

	if (ret)
		return ret;
	if (!node_is_dir(&n))
		return -ENOTDIR;
	if (!node_is_cluster(&n))
		return refuse(&n, EPERM, name, "this directory is fixed");
	ret = fleet_remove(f, n.cluster, &e);
	return ret ? node_fail(&n, &e) : 0;
}

int tree_unlink(struct fleet *f, uint64_t dir, const char *name)
{
	struct ack_error e;
	struct node n;
	int ret = tree_lookup(f, dir, name, &n);

	if (ret)
		return ret;
	if (node_is_dir(&n))
		return -EISDIR;
	if (!n.cluster)
		return refuse(&n, EPERM, name, "this file is fixed");
	if (n.scratch) {
		scratch_unlink(n.cluster, n.scratch);
		return 0;
	}
	ret = cluster_editable(n.cluster, name, &e);
	if (ret)
		return node_fail(&n, &e);
	if (n.param) {
		ret = cluster_param_remove(n.cluster, node_param_row(&n), &e);
		return ret ? node_fail(&n, &e) : 0;
	}
	/*
	 * `rm -rf` of a draft unlinks the fixed files too. Their names go
	 * until somebody makes them again: a name that stayed would send tar
	 * and others, which unlink and create, round in circles.
	 */
	cluster_hide(n.cluster, n.row, true);
	return 0;
}

int tree_rename(struct fleet *f, uint64_t dir, const char *name,
	uint64_t newdir, const char *newname)
{
	struct ack_error e;
	struct node parent, n;
	int ret = node_get(f, newdir, &parent);

	if (!ret)
		ret = tree_lookup(f, dir, name, &n);
	if (ret)
		return ret;
	if (dir != newdir)
		return -EXDEV;
	if (node_is_cluster(&n)) {
		ret = fleet_rename(f, n.cluster, newname, &e);
		return ret ? node_fail(&n, &e) : 0;
	}
	if (node_is_dir(&n) || !n.cluster)
		return refuse(&n, EPERM, name, "this name is fixed");
	return transfer_rename(&n, &parent, newname);
}

static int create_refused(const struct node *dir, const char *name)
{
	struct ack_error e;

	if (!dir->cluster)
		return refuse(dir, EPERM, name,
			"no files can be made here; mkdir in clusters/ makes "
			"a cluster");
	ack_error_set(&e, EPERM, NULL,
		"%s is not a parameter; ls ../../schema lists them", name);
	return node_fail(dir, &e);
}

int tree_create(
	struct fleet *f, uint64_t dir, const char *name, struct node *out)
{
	struct ack_error e;
	struct node parent;
	struct scratch *s;
	int ret = node_get(f, dir, &parent);
	int row = ack_table_find(&ack_cluster_table, name);

	if (ret)
		return ret;
	*out = (struct node){.fleet = f};
	/* a fixed file that rm took away: opening it decides the rest */
	if (node_lookup(&parent, name, out) == -ENOENT && out->file &&
		out->cluster && cluster_hidden(out->cluster, out->row)) {
		cluster_hide(out->cluster, out->row, false);
		return 0;
	}
	if (!parent.cluster || (row < 0 && !scratch_name(name)))
		return create_refused(&parent, name);
	ret = cluster_editable(parent.cluster, name, &e);
	if (ret)
		return node_fail(&parent, &e);
	if (row >= 0) {
		ret = cluster_put(parent.cluster, (unsigned)row, NULL, &e);
		return ret ? node_fail(&parent, &e)
			   : node_lookup(&parent, name, out);
	}
	s = scratch_create(parent.cluster, name);
	if (!s) {
		ack_error_set(&e, ENOSPC, NULL,
			"a draft holds at most %d scratch files",
			SCRATCH_FILES);
		return node_fail(&parent, &e);
	}
	return node_get(f,
		node_ino(parent.cluster->serial, NODE_SCRATCH + s->slot), out);
}

int tree_chown(const struct node *n, uid_t uid, gid_t gid)
{
	if (uid == getuid() && gid == getgid())
		return 0;
	return refuse(n, EPERM, node_is_dir(n) ? "chown" : node_name(n),
		"everything here belongs to the user who mounted it");
}
