/* SPDX-License-Identifier: MIT */
/* Open files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/error.h"
#include "cloud/follow.h"
#include "fuse/alias.h"
#include "fuse/handle.h"
#include "fuse/ops.h"
#include "fuse/ops_parked.h"
#include "fuse/tree.h"
#include "model/fleet.h"
#include "model/object.h"
#include "model/scratch.h"
#include "tree/access.h"
#include "tree/files.h"

/*
 * What never changes may stay in the page cache; all else is read from the
 * handle's own text, so no reader sees half of each.
 */
static void set_caching(const struct node *n, struct fuse_file_info *fi)
{
	fi->noflush = (fi->flags & O_ACCMODE) == O_RDONLY || !handle_gathers(n);
	fi->keep_cache = !n->object && !node_has(n, NODE_FLEETING);
	fi->direct_io = !fi->keep_cache;
}

/*
 * splice(2), sendfile(2) and an O_APPEND that is set later believe the size
 * that the kernel has, and ask for none. Where that may be less than the text
 * is long, its last byte, stored where it belongs, says it; more is no harm,
 * since the read that ends before it says how much there is.
 */
static void tell_kernel(const struct handle *h)
{
	const struct ack_buf *text = handle_text(h);
	size_t size = handle_length(h);
	struct node n;

	if (!h->reading || node_get(h->fleet, h->ino, &n) || !h->fleet->sized ||
		!alias_alone(h))
		return;
	/* what all writes of a number go to has the size of that */
	if (h->number == h->ino &&
		(n.scratch ||
			(n.object &&
				n.object->sent[n.row / 64] >> n.row % 64 & 1)))
		return;
	if (n.scratch) {
		text = &n.scratch->text;
		size = text->len;
	}
	if (size)
		h->fleet->sized(h->fleet->session, h->number,
			text->len ? text->data[size - 1] : '\0', (off_t)size);
}

static void reply_open(struct parked *p, int err)
{
	struct handle *h = p->handle;
	fuse_req_t req = p->req;
	struct fuse_file_info fi = p->fi;

	if (err == NODE_LATER) {
		handle_defer(h);
		err = 0;
	} else if (!err && h->waiting) {
		err = handle_opened(h, p->waiter.answer);
	}
	if (!err && !fi.keep_cache)
		tell_kernel(h);
	free(p);
	if (err) {
		fuse_reply_err(req, -err);
		if (h)
			handle_release(h);
	} else if (fuse_reply_open(req, &fi)) {
		handle_release(h);
	}
}

int ops_may(fuse_req_t req, const struct node *n)
{
	ACK_UNSET struct ack_error e;
	int ret = access_check(n, fuse_req_ctx(req)->uid, &e);

	return ret ? node_fail(n, &e) : 0;
}

/* The owner may have handed a descriptor on, or left it to a program that has
 * become somebody else. */
static int may_go_on(fuse_req_t req, const struct handle *h)
{
	struct node n;

	if (!h->guarded || owner_is(&h->fleet->owner, fuse_req_ctx(req)->uid))
		return 0;
	return node_get(h->fleet, h->ino, &n) ? -EACCES : ops_may(req, &n);
}

static void opened_by(struct handle *h, const struct node *n, uint64_t number)
{
	h->number = number;
	/* the kernel forgets the size that it got, too */
	if (h->writing && n->object && !n->scratch && !handle_is_order(n))
		object_touch_row(n->object, n->row);
}

void ops_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct parked *p;
	struct node n;
	int ret;

	if (!ops_get(req, ino, &n))
		return;
	p = parked_new(req, reply_open);
	if (!p)
		return;
	ret = ops_may(req, &n);
	if (!ret && ops_look_again(req, &n, ino, fi->flags))
		ret = -ESTALE;
	if (ret) {
		parked_settle(p, ret);
		return;
	}
	node_looked_at(&n);
	p->waiter.impatient = fi->flags & O_NONBLOCK;
	p->defers = node_waits_long(&n);
	ret = handle_open(&n, fi->flags, &p->waiter, &p->handle);
	if (ret < 0)
		p->handle = NULL;
	else
		opened_by(p->handle, &n, ino);
	p->fi = *fi;
	p->fi.fh = (uintptr_t)p->handle;
	set_caching(&n, &p->fi);
	parked_settle(p, ret);
}

void ops_create(fuse_req_t req, fuse_ino_t dir, const char *name, mode_t mode,
	struct fuse_file_info *fi)
{
	struct fuse_entry_param out;
	struct handle *h = NULL;
	struct node n;
	int ret = tree_create(ops_fleet(req), dir, name, &n);
	uint64_t number = 0;
	bool kept;

	(void)mode;
	if (!ret)
		ret = ops_may(req, &n);
	if (!ret) {
		number = n.scratch ? n.ino : alias_free(&n);
		/* of a name that a rename took away the value is held back */
		kept = n.param &&
		       object_value(n.object, node_param_row(&n), NULL);
		ret = handle_open(
			&n, fi->flags | (kept ? O_TRUNC : 0), NULL, &h);
	}
	if (ret) {
		fuse_reply_err(req, -ret);
		return;
	}
	fi->fh = (uintptr_t)h;
	set_caching(&n, fi);
	opened_by(h, &n, number);
	if (h->writing && !n.scratch)
		handle_clear(h);
	ops_entry(&n, &out);
	if (!n.scratch) {
		out.attr.st_size = (off_t)handle_text(h)->len;
		ops_entry_by(&n, number, &out);
	}
	if (fuse_reply_create(req, &out, fi))
		handle_release(h);
}

static void reply_read(struct parked *p, int err);

static void try_read(struct parked *p)
{
	const char *data = NULL;
	size_t len;
	int ret;

	parked_enter(p);
	ret = handle_read(p->handle, p->off, p->size, &p->waiter, &data, &len);
	if (ret) {
		parked_settle(p, ret);
		return;
	}
	fuse_reply_buf(p->req, data, len);
	free(p);
}

/* There is something to read now, or it has ended. */
static void reply_read(struct parked *p, int err)
{
	if (!err) {
		try_read(p);
		return;
	}
	fuse_reply_err(p->req, -err);
	free(p);
}

void ops_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	struct fuse_file_info *fi)
{
	struct parked *p = parked_new(req, reply_read);
	int ret;

	(void)ino;
	if (!p)
		return;
	ret = may_go_on(req, (void *)fi->fh);
	/* what has no owner comes by way of a page, and can be read otherwise
	 */
	if (!ret && !fi->lock_owner && !handle_has_pages((void *)fi->fh))
		ret = -EINVAL;
	if (ret) {
		parked_settle(p, ret);
		return;
	}
	p->handle = (void *)fi->fh;
	p->size = size;
	p->off = off;
	p->waiter.impatient = fi->flags & O_NONBLOCK;
	try_read(p);
}

static void reply_write(struct parked *p, int err)
{
	if (p->handle)
		handle_written(p->handle, err);
	if (err)
		fuse_reply_err(p->req, -err);
	else
		fuse_reply_write(p->req, p->size);
	free(p);
}

void ops_write(fuse_req_t req, fuse_ino_t ino, const char *data, size_t size,
	off_t off, struct fuse_file_info *fi)
{
	struct parked *p = parked_new(req, reply_write);
	struct handle *h = (void *)fi->fh;
	int ret;

	(void)ino;
	if (!p)
		return;
	p->size = size;
	p->urgent = true;
	ret = may_go_on(req, h);
	h->appending = fi->flags & O_APPEND; /* fcntl(2) may have set it */
	if (!ret)
		ret = handle_write(h, data, size, off, &p->waiter);
	/* only what is answered later is heard of by that; the impatient leave
	 * an order to itself, as one whom a signal calls away */
	if (ret == NODE_LATER && fi->flags & O_NONBLOCK) {
		waiter_leave(&p->waiter);
		handle_written(h, 0);
		ret = 0;
	} else if (ret == NODE_LATER) {
		p->handle = h;
	}
	parked_settle(p, ret);
}

void ops_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct handle *h = (void *)fi->fh;

	(void)ino;
	if (h->poll)
		fuse_pollhandle_destroy(h->poll);
	handle_release(h);
	fuse_reply_err(req, 0);
}

/* Asked only of what gathers a text: the others have said all in write(2). */
void ops_flush(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	fuse_reply_err(req, -handle_flush((void *)fi->fh));
}

static void reply_sync(struct parked *p, int err)
{
	fuse_reply_err(p->req, -err);
	free(p);
}

void ops_fsync(
	fuse_req_t req, fuse_ino_t ino, int datasync, struct fuse_file_info *fi)
{
	struct parked *p = parked_new(req, reply_sync);

	(void)ino;
	(void)datasync;
	if (p)
		parked_settle(p, handle_sync((void *)fi->fh, &p->waiter));
}

void ops_poll(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi,
	struct fuse_pollhandle *ph)
{
	struct handle *h = (void *)fi->fh;

	(void)ino;
	if (ph) {
		if (h->poll)
			fuse_pollhandle_destroy(h->poll);
		h->poll = ph;
		follow_soon(h->fleet);
	}
	fuse_reply_poll(req, handle_poll(h));
}

void ops_notify(void *session, struct handle *h)
{
	(void)session;
	if (!h->poll)
		return;
	fuse_lowlevel_notify_poll(h->poll);
	fuse_pollhandle_destroy(h->poll);
	h->poll = NULL;
}
