/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "buf.h"
#include "files.h"
#include "fleet.h"
#include "handle.h"
#include "node.h"
#include "object.h"
#include "ops.h"
#include "transfer.h"
#include "tree.h"

/*
 * Names and attributes are kept by the kernel until it is told otherwise;
 * object_touch() and its kin tell it, for the rows it was told of here.
 */
#define FOR_EVER 1e9
/* Seconds; for `ls -l`, which asks right after it has been told. */
#define BRIEF 0.1

struct fleet *ops_fleet(fuse_req_t req)
{
	return ((struct ops *)fuse_req_userdata(req))->fleet;
}

bool ops_get(fuse_req_t req, fuse_ino_t ino, struct node *n)
{
	int ret = node_get(ops_fleet(req), ino, n);

	if (ret)
		fuse_reply_err(req, -ret);
	return !ret;
}

static double attributes(const struct node *n, struct stat *st)
{
	node_stat(n, st);
	owner_stat(&n->fleet->owner, st);
	if (n->scratch || node_has(n, NODE_FLEETING))
		return 0;
	/* the close of one that holds a truncation back changes the size, and
	 * nobody waits for a close */
	for (const struct handle *h = opened_first(&n->fleet->opened, n->ino);
		h; h = h->older)
		if (h->truncated)
			return 0;
	if (n->object)
		n->object->told[n->row / 64] |= 1ull << n->row % 64;
	return FOR_EVER;
}

void ops_entry(const struct node *n, struct fuse_entry_param *out)
{
	memset(out, 0, sizeof(*out));
	out->ino = n->ino;
	out->attr_timeout = attributes(n, &out->attr);
	/* the kernel may not have the inode yet, and would miss what
	 * object_touch() tells; an answer to GETATTR is safe from that */
	if (n->object && !node_is_dir(n) && out->attr_timeout > 0 &&
		(n->file || object_exists(n->object)))
		out->attr_timeout = BRIEF;
	out->entry_timeout = n->scratch ? 0 : FOR_EVER;
}

void ops_reply_entry(fuse_req_t req, int ret, const struct node *n)
{
	struct fuse_entry_param out;

	if (ret) {
		fuse_reply_err(req, -ret);
		return;
	}
	ops_entry(n, &out);
	fuse_reply_entry(req, &out);
}

static void op_init(void *userdata, struct fuse_conn_info *conn)
{
	(void)conn;
	((struct ops *)userdata)->ready = true;
}

/* A list that is too old is renewed when somebody looks into it, whether the
 * name is there or not; nobody waits for it. */
static void op_lookup(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	struct node n;

	if (!node_get(ops_fleet(req), dir, &n))
		node_looked_at(&n);
	ops_walk(req, dir, name);
}

static void op_getattr(
	fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct stat st;
	struct node n;
	int ret = node_get(ops_fleet(req), ino, &n);
	double timeout = 0;

	(void)fi;
	if (!ret)
		timeout = attributes(&n, &st);
	else if (handle_stat(ops_fleet(req), ino, &st))
		ret = 0;
	if (ret)
		fuse_reply_err(req, -ret);
	else
		fuse_reply_attr(req, &st, timeout);
}

/* Times and modes are what they are; copying tools set them without need,
 * so asking for others is no failure. */
static void op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr,
	int set, struct fuse_file_info *fi)
{
	const struct owner *o = &ops_fleet(req)->owner;
	struct node n;
	int ret = 0;

	if (!ops_get(req, ino, &n))
		return;
	if (set & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID))
		ret = tree_chown(&n,
			set & FUSE_SET_ATTR_UID ? attr->st_uid : o->uid,
			set & FUSE_SET_ATTR_GID ? attr->st_gid : o->gid);
	if (!ret && set & FUSE_SET_ATTR_SIZE)
		ret = ops_may(req, &n);
	if (!ret && set & FUSE_SET_ATTR_SIZE)
		ret = fi && fi->fh
			      ? handle_truncate((void *)fi->fh, attr->st_size)
			      : transfer_truncate(&n, attr->st_size);
	if (ret)
		fuse_reply_err(req, -ret);
	else
		op_getattr(req, ino, fi);
}

static void op_readlink(fuse_req_t req, fuse_ino_t ino)
{
	struct ack_buf target = ACK_BUF_INIT(4096);
	struct node n;

	if (!ops_get(req, ino, &n))
		return;
	node_text(&n, &target);
	fuse_reply_readlink(req, ack_buf_text(&target));
	ack_buf_release(&target);
}

static void op_mkdir(
	fuse_req_t req, fuse_ino_t dir, const char *name, mode_t mode)
{
	struct node n;

	(void)mode;
	ops_reply_entry(req, tree_mkdir(ops_fleet(req), dir, name, &n), &n);
}

static void op_rmdir(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	fuse_reply_err(req, -tree_rmdir(ops_fleet(req), dir, name));
}

/* Names go with what they hold. */
static int may_take(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	struct node n;

	return tree_lookup(ops_fleet(req), dir, name, &n) ? 0
							  : ops_may(req, &n);
}

static void op_unlink(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	int ret = may_take(req, dir, name);

	if (!ret)
		ret = tree_unlink(ops_fleet(req), dir, name);
	fuse_reply_err(req, -ret);
}

static void op_rename(fuse_req_t req, fuse_ino_t dir, const char *name,
	fuse_ino_t newdir, const char *newname, unsigned flags)
{
	int ret = flags ? -EINVAL : may_take(req, newdir, newname);

	if (!ret)
		ret = tree_rename(ops_fleet(req), dir, name, newdir, newname);

	fuse_reply_err(req, -ret);
}

/* mknod, symlink and link: EPERM, where ENOSYS would confuse tools. */
static void op_mknod(fuse_req_t req, fuse_ino_t dir, const char *name,
	mode_t mode, dev_t rdev)
{
	(void)dir;
	(void)name;
	(void)mode;
	(void)rdev;
	fuse_reply_err(req, EPERM);
}

static void op_symlink(
	fuse_req_t req, const char *link, fuse_ino_t dir, const char *name)
{
	(void)link;
	(void)dir;
	(void)name;
	fuse_reply_err(req, EPERM);
}

static void op_link(
	fuse_req_t req, fuse_ino_t ino, fuse_ino_t dir, const char *name)
{
	(void)ino;
	(void)dir;
	(void)name;
	fuse_reply_err(req, EPERM);
}

static void op_statfs(fuse_req_t req, fuse_ino_t ino)
{
	struct statvfs st = {
		.f_bsize = 4096, .f_frsize = 4096, .f_namemax = 255};

	(void)ino;
	fuse_reply_statfs(req, &st);
}

/*
 * Left out on purpose: the extended attributes. libfuse answers ENOSYS, and
 * the kernel stops asking. forget needs no answer, since inode numbers are
 * addresses.
 */
const struct fuse_lowlevel_ops ops_table = {
	.init = op_init,
	.lookup = op_lookup,
	.getattr = op_getattr,
	.setattr = op_setattr,
	.readlink = op_readlink,
	.mkdir = op_mkdir,
	.rmdir = op_rmdir,
	.unlink = op_unlink,
	.rename = op_rename,
	.mknod = op_mknod,
	.symlink = op_symlink,
	.link = op_link,
	.open = ops_open,
	.create = ops_create,
	.read = ops_read,
	.write = ops_write,
	.poll = ops_poll,
	.release = ops_release,
	.flush = ops_flush,
	.fsync = ops_fsync,
	.opendir = ops_opendir,
	.readdir = ops_readdir,
	.readdirplus = ops_readdirplus,
	.releasedir = ops_releasedir,
	.statfs = op_statfs,
};
