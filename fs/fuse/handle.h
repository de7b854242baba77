/* SPDX-License-Identifier: MIT */
/*
 * An open file. It keeps the text it had when it was opened, and gathers
 * what is written to it; a bad text fails in the write that completes it,
 * and the value stays as it was.
 */
#ifndef HANDLE_H
#define HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "base/buf.h"
#include "model/waiter.h"
#include "params/values.h"
#include "tree/node.h"

struct ack_error;
struct guest;
struct shared;

struct handle {
	LIST_ENTRY(handle) entry;     /* among the open files of the fleet */
	struct handle *older, *newer; /* of those that have the same open */
	uint64_t ino; /* the node is looked up at each use: it may be gone */
	struct guest *guest; /* who opened it, or NULL: the owner */
	struct fleet *fleet;
	bool reading, writing, appending;
	bool left;       /* new opens go by another number */
	uint64_t number; /* the kernel's, by which it is open: alias.h */
	bool silent;     /* a secret's or an order's: it reads as nothing */
	bool guarded; /* for the owner alone, also by an inherited descriptor */
	bool of_draft;   /* what it was opened for, which it may be no more */
	bool truncated;  /* held back until something is written, or the end */
	bool written;    /* what is in place came through it */
	bool gathered;   /* its text did, and was not there before */
	bool failed;     /* a write was refused, and no whole text came since */
	bool unfinished; /* JSON that is not closed yet */
	int refused;     /* of an order: its errno; it is not given twice */
	struct shared *shared;    /* what it reads, with others; or NULL: */
	struct ack_buf text;      /* what is its own, as what is written */
	struct ack_values before; /* the draft before this handle's first */
	bool has_before;
	int64_t seen;   /* when the value was set that its text goes on from */
	int64_t opened; /* ack_now_ms() */
	bool waiting;   /* its text is still to come */
	bool deferred;  /* its first read waits for that */
	bool stale;     /* the file has changed since it was read; poll(2) */
	bool renewed;   /* its text is another than when it was opened */
	void *poll;     /* the session's: whom to notify */
	/* of a stream, which `text` gathers: */
	struct waiters readers;
	size_t taken;   /* bytes of it that were read */
	off_t gone;     /* bytes that were before it */
	bool ended;     /* nothing comes any more, */
	bool bad;       /* and it came to a bad end */
	char line[256]; /* the last one */
};

/*
 * `flags` as of open(2). 0; NODE_LATER when the text comes later: w->done says
 * how it ended, and then, or before if w leaves, handle_opened() or
 * handle_release() follow. Or a negative errno: EPERM (it cannot change any
 * more), EBUSY, ENOMEM, reported in `error`; EMFILE (a guest, by w->uid, has
 * enough), not reported.
 */
int handle_open(
	const struct node *n, int flags, struct waiter *w, struct handle **out);

/* The text has come; `answer` is NULL when the file itself has it. */
int handle_opened(struct handle *h, const struct ack_buf *answer);

/* The open ends before the text has come, which the first read waits for. */
void handle_defer(struct handle *h);

/*
 * The bytes at `off`: a pointer into the handle and their number, 0 at the
 * end. NODE_LATER while no byte can be read: w->done says when to ask again. Or
 * a negative errno.
 */
int handle_read(struct handle *h, off_t off, size_t size, struct waiter *w,
	const char **data, size_t *len);

/* splice(2), sendfile(2) and mmap(2) read by the size that the file was opened
 * with: whether its text is one that they can read. */
bool handle_has_pages(const struct handle *h);

/* What it reads as. */
const struct ack_buf *handle_text(const struct handle *h);

/* Its reads wait for news: there is no end to seek to. */
bool handle_is_stream(const struct handle *h);

/* How long that is; of what is still to come, more than it will be. */
size_t handle_length(const struct handle *h);

/* It reads as the node does now. 0, or a negative errno, and it reads as
 * nothing. */
int handle_renew(struct handle *h, const struct node *n);

/* It reads as nothing, and what is added is its own. */
void handle_clear(struct handle *h);

/* The length of the text that the file was opened with last; 0: it is not
 * open. */
size_t handle_size(const struct node *n);

/* The attributes of a file whose directory is gone while it is open; false:
 * it is not open. */
bool handle_stat(const struct fleet *f, uint64_t number, struct stat *st);

/* poll(2): what is ready, of POLLIN, POLLOUT, POLLPRI and POLLERR. */
unsigned handle_poll(const struct handle *h);

/* 0, NODE_LATER or a negative errno. */
int handle_write(struct handle *h, const char *data, size_t len, off_t off,
	struct waiter *w);

/* How a write ended that was answered later. */
void handle_written(struct handle *h, int err);

/* ftruncate(2): held back like O_TRUNC when size is 0. */
int handle_truncate(struct handle *h, off_t size);

/* truncate(2), without an open file. */
int node_truncate(const struct node *n, off_t size);

/* True for files such as commit, where each write is an order. */
bool handle_is_order(const struct node *n);

/* -EPERM: it was opened in a draft, and what it says of one must not become an
 * edit of what has been made since. */
int handle_too_late(
	const struct handle *h, const struct node *n, struct ack_error *e);

/* What this handle has put in place goes again. 0, or a negative errno. */
int handle_undo(struct handle *h, const struct node *n, struct ack_error *e);

/* Whether what is written to it may end too early, which only a close shows. */
bool handle_gathers(const struct node *n);

/* close(2) of one of its descriptors, of which others may go on. 0, or
 * -EINVAL: what was written so far ends too early. */
int handle_flush(const struct handle *h);

/* fsync(2): the draft is to survive a power loss. 0, -EINVAL as of a close, or
 * NODE_LATER: `w` is answered. */
int handle_sync(struct handle *h, struct waiter *w);

/* The last close. */
void handle_release(struct handle *h);

/* Reports the failure in the `error` of the right directory; returns -errno. */
int node_fail(const struct node *n, const struct ack_error *e);

#endif
