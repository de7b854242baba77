/* SPDX-License-Identifier: MIT */
/* Open directories. */
#include <errno.h>
#include <stdlib.h>

#include "fleet.h"
#include "listing.h"
#include "ops.h"
#include "tree.h"

void ops_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct listing *l;
	struct node n;

	if (!ops_get(req, ino, &n))
		return;
	node_looked_at(&n);
	l = listing_open(&n);
	fi->fh = (uintptr_t)l;
	if (!l)
		fuse_reply_err(req, ENOMEM);
	else if (fuse_reply_open(req, fi))
		listing_free(l);
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
	char *buf = malloc(size);
	size_t used = 0, n;
	struct node now;

	if (!buf ||
		(off == 0 && l->read && !node_get(ops_fleet(req), dir, &now) &&
			listing_rewind(l, &now))) {
		free(buf);
		fuse_reply_err(req, ENOMEM);
		return;
	}
	l->read = true;
	for (size_t i = off < 0 ? l->count : (size_t)off; i < l->count; i++) {
		n = put_entry(req, dir, &l->entries[i],
			l->names + l->entries[i].name, (off_t)i + 1, plus,
			buf + used, size - used);
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
