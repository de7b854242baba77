/* SPDX-License-Identifier: MIT */
/*
 * FUSE requests -> nodes -> replies. This header is the only place that
 * includes libfuse; the files ops*.c and loop.c are all that include it.
 */
#ifndef OPS_H
#define OPS_H

#include <fuse_lowlevel.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "base/event.h"

struct fleet;
struct handle;
struct node;
struct parked;

struct parked;

/* Whose signals are to be looked at, the next one first. */
struct parked_looked {
	TAILQ_HEAD(, parked) all;
	size_t count;
	struct ack_timer timer;
};

/* The userdata of the session. */
struct ops {
	struct fleet *fleet;
	bool ready; /* the kernel has said INIT: the mount answers */
	int broken; /* errno of an answer that it did not take, or 0 */
	/* the open that was sent to look its name up again, until it has */
	uint64_t again;
	pid_t again_pid;
	size_t urgent; /* writes of the owner's that wait for their answer */
	struct parked_looked looked; /* ops_parked.c's */
};

extern const struct fuse_lowlevel_ops ops_table;

struct fleet *ops_fleet(fuse_req_t req);

/* The node of `ino`; answers ENOENT and returns false when it is gone. */
bool ops_get(fuse_req_t req, fuse_ino_t ino, struct node *n);

/* 0, or -EACCES, reported in `error`: only the owner may, and another asks. */
int ops_may(fuse_req_t req, const struct node *n);

/* Whether it cannot be opened by that number, with these flags of open(2), or
 * truncated: ESTALE lets the kernel look its name up again (alias.h). */
bool ops_look_again(
	fuse_req_t req, const struct node *n, fuse_ino_t ino, int flags);

/* Notifies the pollers of that file. */
void ops_notify(void *session, struct handle *h);

/* What the kernel caches of a node, and for how long. */
void ops_entry(const struct node *n, struct fuse_entry_param *out);
/* The same, by a certain number of it. */
void ops_entry_by(
	const struct node *n, uint64_t number, struct fuse_entry_param *out);

/* ops_open.c, ops_dir.c; the signatures are libfuse's */
void ops_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void ops_create(fuse_req_t req, fuse_ino_t dir, const char *name, mode_t mode,
	struct fuse_file_info *fi);
void ops_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	struct fuse_file_info *fi);
void ops_write(fuse_req_t req, fuse_ino_t ino, const char *data, size_t size,
	off_t off, struct fuse_file_info *fi);
void ops_poll(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi,
	struct fuse_pollhandle *ph);
void ops_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void ops_flush(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void ops_fsync(fuse_req_t req, fuse_ino_t ino, int datasync,
	struct fuse_file_info *fi);
/* A name, or why it has no name. */
void ops_reply_entry(fuse_req_t req, int ret, const struct node *n);

/* Looks a name up, once what stands in the directory is known. */
void ops_walk(fuse_req_t req, fuse_ino_t dir, const char *name);
void ops_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void ops_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	struct fuse_file_info *fi);
void ops_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	struct fuse_file_info *fi);
void ops_releasedir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);

#endif
