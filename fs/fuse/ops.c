/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "fuse/alias.h"
#include "fuse/handle.h"
#include "fuse/opened.h"
#include "fuse/transfer.h"
#include "fuse/tree.h"
#include "model/fleet.h"
#include "model/object.h"
#include "tree/files.h"
#include "tree/node.h"
#include "fuse/ops.h"

/*
 * The kernel keeps names and attributes until the daemon invalidates them;
 * object_touch() and its kin do, for the rows that were sent from here.
 */
#define FOR_EVER 1e9
/* Seconds; for `ls -l`, which asks again right after an answer. */
#define BRIEF 0.1

struct fleet *ops_fleet(fuse_req_t req)
{
	return ((struct ops *)fuse_req_userdata(req))->fleet;
}

bool ops_get(fuse_req_t req, fuse_ino_t ino, struct node *n)
{
	int ret = node_by_number(ops_fleet(req), ino, n);

	if (ret)
		fuse_reply_err(req, -ret);
	return !ret;
}

/* Writes change the size that the kernel has, and the close of one that holds a
 * truncation back does, for which nobody waits. */
static bool is_written(const struct node *n)
{
	const struct handle *h = opened_first(&n->fleet->opened, n->ino);

	while (h && !h->writing)
		h = h->older;
	return h;
}

/* For how long they hold, st being filled in. */
static double lasting(const struct node *n, uint64_t number)
{
	if (n->scratch || number != n->ino || node_has(n, NODE_FLEETING) ||
		is_written(n))
		return 0;
	if (n->object)
		n->object->sent[n->row / 64] |= 1ull << n->row % 64;
	else if (n->row < NODE_PARAMS)
		n->fleet->sent |= 1ull << n->row;
	return FOR_EVER;
}

static void attributes(const struct node *n, struct stat *st)
{
	node_stat(n, handle_size(n), st);
	owner_stat(&n->fleet->owner, st);
}

void ops_entry_by(
	const struct node *n, uint64_t number, struct fuse_entry_param *out)
{
	out->ino = number;
	out->attr_timeout = lasting(n, number);
	/* the kernel may not have the inode yet, and would miss what
	 * object_touch() sends; an answer to GETATTR is safe from that */
	if (n->object && !node_is_dir(n) && out->attr_timeout > 0 &&
		(n->file || object_exists(n->object)))
		out->attr_timeout = BRIEF;
	out->entry_timeout = n->scratch || number != n->ino ? 0 : FOR_EVER;
}

void ops_entry(const struct node *n, struct fuse_entry_param *out)
{
	memset(out, 0, sizeof(*out));
	attributes(n, &out->attr);
	ops_entry_by(n, alias_choose(n, out->attr.st_size), out);
}

void ops_reply_entry(fuse_req_t req, int ret, const struct node *n)
{
	struct fuse_entry_param out;

	if (ret) {
		fuse_reply_err(req, -ret);
		return;
	}
	ops_entry(n, &out);
	if (alias_of(out.ino))
		((struct ops *)fuse_req_userdata(req))->again = 0;
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

/* The size is the file's, but for what lseek(2) and ftruncate(2) of an open
 * file ask: its own text's. */
static double tell_size(const struct node *n, fuse_ino_t ino,
	const struct fuse_file_info *fi, struct stat *st)
{
	attributes(n, st);
	if (fi && fi->fh && n->object && !n->scratch && !handle_is_order(n)) {
		st->st_size = (off_t)handle_length((void *)fi->fh);
		return 0;
	}
	if (alias_size(n, ino, st->st_size) == st->st_size)
		return lasting(n, ino);
	/* this answer is the caller's, but not to be kept for those who read */
	n->fleet->forget(n->fleet->session, ino);
	return 0;
}

static void op_getattr(
	fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct stat st;
	struct node n;
	int ret = node_by_number(ops_fleet(req), ino, &n);
	double timeout = 0;

	if (!ret)
		timeout = tell_size(&n, ino, fi, &st);
	else if (handle_stat(ops_fleet(req), ino, &st))
		ret = 0;
	/* with an open file that is lseek(2) to the end, which a stream has not
	 * got; to the end of a line that was read it can be wound back */
	if (!ret && fi && fi->fh && handle_is_stream((void *)fi->fh))
		ret = -ESPIPE;
	if (ret)
		fuse_reply_err(req, -ret);
	else
		fuse_reply_attr(req, &st, timeout);
}

bool ops_look_again(
	fuse_req_t req, const struct node *n, fuse_ino_t ino, int flags)
{
	struct ops *ops = fuse_req_userdata(req);
	pid_t pid = fuse_req_ctx(req)->pid;

	/* an alias has just been looked up */
	if ((alias_of(ino) && alias_ino(ino) == n->ino) ||
		!alias_clashes(n, ino, flags))
		return false;
	/* /proc/self/fd, which has no name to look up */
	if (ops->again == ino && ops->again_pid == pid) {
		ops->again = 0;
		return false;
	}
	ops->again = ino;
	ops->again_pid = pid;
	return true;
}

/* Times and modes are what they are; copying tools set them without need,
 * so asking for others is no failure. */
static void op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr,
	int set, struct fuse_file_info *fi)
{
	const struct owner *o = &ops_fleet(req)->owner;
	struct stat st;
	struct node n;
	double timeout;
	off_t size;
	int ret = 0;

	if (!ops_get(req, ino, &n))
		return;
	if (set & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID))
		ret = tree_chown(&n,
			set & FUSE_SET_ATTR_UID ? attr->st_uid : o->uid,
			set & FUSE_SET_ATTR_GID ? attr->st_gid : o->gid);
	if (!ret && set & FUSE_SET_ATTR_SIZE)
		ret = ops_may(req, &n);
	if (!ret && set & FUSE_SET_ATTR_SIZE && !(fi && fi->fh) &&
		ops_look_again(req, &n, ino, O_WRONLY))
		ret = -ESTALE;
	if (!ret && set & FUSE_SET_ATTR_SIZE)
		ret = fi && fi->fh
			      ? handle_truncate((void *)fi->fh, attr->st_size)
			      : transfer_truncate(&n, attr->st_size);
	if (ret) {
		fuse_reply_err(req, -ret);
		return;
	}
	/* nobody but the kernel looks at this answer */
	attributes(&n, &st);
	size = fi && fi->fh && !n.scratch ? (off_t)handle_length((void *)fi->fh)
					  : alias_size(&n, ino, st.st_size);
	timeout = size == st.st_size ? lasting(&n, ino) : 0;
	st.st_size = size;
	fuse_reply_attr(req, &st, timeout);
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
	/* that there is nothing to replace the kernel has seen to */
	int ret = flags & ~(unsigned)RENAME_NOREPLACE
			  ? -EINVAL
			  : may_take(req, newdir, newname);

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
