/* SPDX-License-Identifier: MIT */
/* Open directories. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/listing.h"
#include "fuse/ops_parked.h"
#include "fuse/tree.h"
#include "model/fleet.h"

static void look_up(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	struct node n;

	ops_reply_entry(req, tree_lookup(ops_fleet(req), dir, name, &n), &n);
}

static void open_list(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct listing *l = NULL;
	struct node n;
	int ret;

	if (!ops_get(req, ino, &n))
		return;
	ret = listing_open(&n, fuse_req_ctx(req)->uid, &l);
	fi->fh = (uintptr_t)l;
	if (ret)
		fuse_reply_err(req, -ret);
	else if (fuse_reply_open(req, fi))
		listing_free(l);
}

/* What stands in the directory is known now, or cannot be. */
static void reply_renewed(struct parked *p, int err)
{
	if (err)
		fuse_reply_err(p->req, -err);
	else if (p->name)
		look_up(p->req, p->dir, p->name);
	else
		open_list(p->req, p->dir, &p->fi);
	free(p->name);
	free(p);
}

/* Whether that answers; `name` and `fi` are NULL where they are not meant. */
static bool renew(fuse_req_t req, const struct node *dir, const char *name,
	const struct fuse_file_info *fi)
{
	struct parked *p;

	if (!tree_is_old(dir, name))
		return false;
	p = parked_new(req, reply_renewed);
	if (!p)
		return true;
	p->dir = dir->ino;
	if (fi)
		p->fi = *fi;
	if (name)
		p->name = strdup(name);
	parked_settle(
		p, name && !p->name ? -ENOMEM : tree_renew(dir, &p->waiter));
	return true;
}

void ops_walk(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	struct node n;

	if (node_get(ops_fleet(req), dir, &n) || !renew(req, &n, name, NULL))
		look_up(req, dir, name);
}

void ops_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct node n;
	int ret;

	if (!ops_get(req, ino, &n))
		return;
	node_looked_at(&n);
	ret = tree_listed(&n);
	if (ret)
		fuse_reply_err(req, -ret);
	else if (!renew(req, &n, NULL, fi))
		open_list(req, ino, fi);
}

static size_t put_entry(fuse_req_t req, fuse_ino_t dir,
	const struct listing_entry *e, const char *name, off_t next, bool plus,
	char *to, size_t room)
{
	struct fuse_entry_param out = {
		.attr.st_ino = e->ino, .attr.st_mode = e->mode};
	struct node n;

	if (!plus)
		return fuse_add_direntry(req, to, room, name, &out.attr, next);
	/* ino 0: the kernel is to make no inode of this one */
	if (next > 2 && !tree_lookup(ops_fleet(req), dir, name, &n) &&
		n.ino == e->ino)
		ops_entry(&n, &out);
	return fuse_add_direntry_plus(req, to, room, name, &out, next);
}

static void read_directory(fuse_req_t req, fuse_ino_t dir, size_t size,
	off_t off, struct listing *l, bool plus)
{
	const struct listing_names *names;
	size_t used = 0, n;
	struct node now;
	char *buf;
	int ret = 0;

	if (off == 0 && l->read && !node_get(ops_fleet(req), dir, &now))
		ret = listing_rewind(l, &now);
	buf = ret ? NULL : malloc(size);
	if (!buf || !l->names) {
		free(buf);
		fuse_reply_err(req, ret ? -ret : ENOMEM);
		return;
	}
	l->read = true;
	names = l->names;
	for (size_t i = off < 0 ? names->count : (size_t)off; i < names->count;
		i++) {
		n = put_entry(req, dir, &names->entries[i],
			names->text + names->entries[i].name, (off_t)i + 1,
			plus, buf + used, size - used);
		if (n > size - used)
			break;
		used += n;
	}
	fuse_reply_buf(req, buf, used);
	free(buf);
}

void ops_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	struct fuse_file_info *fi)
{
	read_directory(req, ino, size, off, (void *)fi->fh, false);
}

void ops_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	struct fuse_file_info *fi)
{
	read_directory(req, ino, size, off, (void *)fi->fh, true);
}

void ops_releasedir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	listing_free((void *)fi->fh);
	fuse_reply_err(req, 0);
}
