/* SPDX-License-Identifier: MIT */
/* Open files and directories. */
#include <errno.h>
#include <stdlib.h>

#include "handle.h"
#include "listing.h"
#include "ops.h"
#include "tree.h"
#include "waiter.h"

static int handle_for(const struct node *n, struct fuse_file_info *fi)
{
	struct handle *h;
	int ret = handle_open(n, fi->flags, &h);

	if (ret)
		return ret;
	fi->fh = (uintptr_t)h;
	fi->noflush = 1;
	/* what never changes may stay in the page cache; all else is read
	 * from the handle's own text, so no reader sees half of each */
	fi->keep_cache = !n->cluster && !node_fleeting(n);
	fi->direct_io = !fi->keep_cache;
	return 0;
}

void ops_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct node n;
	int ret;

	if (!ops_get(req, ino, &n))
		return;
	ret = handle_for(&n, fi);
	if (ret)
		fuse_reply_err(req, -ret);
	else if (fuse_reply_open(req, fi))
		handle_release((void *)fi->fh);
}

void ops_create(fuse_req_t req, fuse_ino_t dir, const char *name, mode_t mode,
	struct fuse_file_info *fi)
{
	struct fuse_entry_param out;
	struct node n;
	int ret = tree_create(ops_fleet(req), dir, name, &n);

	(void)mode;
	if (!ret)
		ret = handle_for(&n, fi);
	if (ret) {
		fuse_reply_err(req, -ret);
		return;
	}
	ops_entry(&n, &out);
	if (fuse_reply_create(req, &out, fi))
		handle_release((void *)fi->fh);
}

void ops_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	struct fuse_file_info *fi)
{
	const char *data = NULL;
	size_t len = handle_read((void *)fi->fh, off, size, &data);

	(void)ino;
	fuse_reply_buf(req, data, len);
}

/* A write whose answer comes later; an interrupt answers it at once. */
struct parked {
	struct waiter waiter;
	fuse_req_t req;
	size_t size;
	bool inside; /* the write has not returned yet */
	bool over;   /* and the answer is there already */
	int err;
};

static void parked_reply(struct parked *p, int err)
{
	if (err)
		fuse_reply_err(p->req, -err);
	else
		fuse_reply_write(p->req, p->size);
	free(p);
}

static void parked_done(struct waiter *w, int err)
{
	struct parked *p = (struct parked *)w;

	p->over = true;
	p->err = err;
	if (p->inside)
		return;
	fuse_req_interrupt_func(p->req, NULL, NULL);
	parked_reply(p, err);
}

static void parked_interrupted(fuse_req_t req, void *data)
{
	struct parked *p = data;

	(void)req;
	waiter_leave(&p->waiter);
	fuse_reply_err(p->req, EINTR);
	free(p);
}

void ops_write(fuse_req_t req, fuse_ino_t ino, const char *data, size_t size,
	off_t off, struct fuse_file_info *fi)
{
	const struct fuse_ctx *caller = fuse_req_ctx(req);
	struct parked *p = calloc(1, sizeof(*p));
	int ret;

	(void)ino;
	if (!p) {
		fuse_reply_err(req, ENOMEM);
		return;
	}
	p->waiter = (struct waiter){
		.done = parked_done, .uid = caller->uid, .pid = caller->pid};
	p->req = req;
	p->size = size;
	p->inside = true;
	ret = handle_write((void *)fi->fh, data, size, off, &p->waiter);
	p->inside = false;
	if (ret == NODE_LATER && !p->over)
		fuse_req_interrupt_func(req, parked_interrupted, p);
	else
		parked_reply(p, p->over ? p->err : ret);
}

void ops_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	handle_release((void *)fi->fh);
	fuse_reply_err(req, 0);
}

void ops_fsync(
	fuse_req_t req, fuse_ino_t ino, int datasync, struct fuse_file_info *fi)
{
	(void)ino;
	(void)datasync;
	fuse_reply_err(req, -handle_sync((void *)fi->fh));
}

void ops_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct listing *l;
	struct node n;

	if (!ops_get(req, ino, &n))
		return;
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
