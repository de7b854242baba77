/* SPDX-License-Identifier: MIT */
#include "fuse/handle.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "actions/draft.h"
#include "base/error.h"
#include "cloud/follow.h"
#include "cloud/story.h"
#include "fuse/news.h"
#include "fuse/opened.h"
#include "fuse/shared.h"
#include "model/fleet.h"
#include "model/guest.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/scratch.h"
#include "params/params.h"
#include "params/types.h"
#include "state/saved.h"
#include "tree/access.h"
#include "tree/fetch.h"
#include "tree/files.h"

/* A value and its line end; request.json may hold many values. */
#define PARAM_MAX (ACK_VALUE_MAX + 2)
#define BODY_MAX  (1u << 20)
#define FETCH_MAX (32u << 20)
/* A word, or what a check has found. */
#define DEFERRED_MAX 65536

int node_fail(const struct node *n, const struct ack_error *e)
{
	if (node_is_live(n) && !handle_is_order(n))
		object_fail_live(n->object, e);
	else if (n->object)
		object_fail(n->object, e);
	else
		fleet_fail(n->fleet, e);
	return -e->err;
}

bool handle_is_order(const struct node *n)
{
	return n->file && n->file->flags & NODE_ACT;
}

static int may_write(const struct node *n, struct ack_error *e)
{
	if (n->scratch)
		return 0;
	/* what cannot change may be written as it is */
	if (n->object && (n->param || n->file->flags & NODE_GATHER))
		return object_editable(n->object, node_name(n), e);
	if (handle_is_order(n))
		return n->file->opened ? n->file->opened(n->object, e) : 0;
	return ack_error_set(e, EPERM, node_name(n),
		"this file is read-only; ackfs writes it");
}

/* 0 or -ENOMEM. */
static int enlist(struct handle *h, const struct node *n)
{
	h->ino = h->number = n->ino;
	h->fleet = n->fleet;
	if (opened_add(&n->fleet->opened, h))
		return -ENOMEM;
	h->opened = ack_now_ms();
	LIST_INSERT_HEAD(&n->fleet->handles, h, entry);
	return 0;
}

/* NULL when memory is short. */
static struct handle *handle_new(const struct node *n)
{
	struct handle *h = malloc(sizeof(*h));

	if (!h)
		return NULL;
	*h = (struct handle){0};
	if (!enlist(h, n))
		return h;
	free(h);
	return NULL;
}

static size_t most(const struct node *n)
{
	if (node_fetch(n))
		return FETCH_MAX;
	return n->param ? PARAM_MAX : BODY_MAX;
}

static int begin_wait(
	const struct node *n, struct waiter *w, struct ack_error *e)
{
	if (w && w->impatient && node_fetch(n) && node_waits_long(n))
		return -EAGAIN;
	return node_fetch(n) ? fetch_begin(n, w, e)
			     : n->file->wait(n->object, w, e);
}

/* What it reads, and what a write goes on from. */
static int begin_text(struct handle *h, const struct node *n, int flags,
	struct waiter *w, struct ack_error *e)
{
	if (n->scratch) {
		n->scratch->links++;
		if (flags & O_TRUNC)
			ack_buf_clear(&n->scratch->text);
	} else if (flags & O_TRUNC) {
		h->truncated = true;
	} else if (node_fetch(n) || (n->file && n->file->wait)) {
		return begin_wait(n, w, e);
	} else if (node_has(n, NODE_STREAM)) {
		news_open(h, n->object);
	} else if (!handle_is_order(n)) {
		node_text(n, &h->text);
		/* who follows a file has begun to look */
		if (node_has(n, NODE_GROWS) && story_of(n->object))
			follow_soon(n->fleet);
	}
	return 0;
}

int handle_open(
	const struct node *n, int flags, struct waiter *w, struct handle **out)
{
	struct guest *guest = NULL;
	struct handle *h;
	ACK_UNSET struct ack_error e;
	bool writing = (flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC;
	int ret;

	ret = writing ? may_write(n, &e) : 0;
	if (ret)
		return node_fail(n, &e);
	ret = w ? guest_enter(n->fleet, w->uid, GUEST_FILES, &guest) : 0;
	if (ret)
		return ret;
	h = handle_new(n);
	if (!h) {
		guest_leave(guest, GUEST_FILES);
		ack_error_memory(&e, NULL);
		return node_fail(n, &e);
	}
	h->guest = guest;
	h->writing = writing;
	h->reading = (flags & O_ACCMODE) != O_WRONLY;
	h->of_draft = n->object && !object_exists(n->object);
	h->appending = flags & O_APPEND;
	h->guarded = access_alone(n);
	h->silent = handle_is_order(n) || (n->param && node_is_secret(n));
	ack_buf_init(&h->text, most(n));
	h->text.secret = node_is_secret(n);
	if (n->param && n->object)
		h->seen = ack_values_time(
			object_written(n->object), node_param_row(n));
	ack_error_clear(&e);
	ret = begin_text(h, n, flags, w, &e);
	h->waiting = ret == NODE_LATER;
	*out = h;
	if (h->waiting)
		return ret;
	if (!ret)
		ret = handle_opened(h, NULL);
	if (!ret)
		return 0;
	handle_release(h);
	return e.err ? node_fail(n, &e) : ret;
}

/* What it is to read is there once for all that have it open. A stream goes on
 * by itself. */
static int share(struct handle *h)
{
	const struct handle *o = opened_first(&h->fleet->opened, h->ino);

	if (ack_buf_status(&h->text) || !h->text.len || h->line[0])
		return ack_buf_status(&h->text);
	while (o && !o->shared)
		o = o->older;
	if (!o || !shared_says(o->shared, &h->text))
		return shared_new(&h->text, h->guest, &h->shared);
	h->shared = o->shared;
	h->shared->readers++;
	ack_buf_release(&h->text);
	return 0;
}

const struct ack_buf *handle_text(const struct handle *h)
{
	return h->shared ? &h->shared->text : &h->text;
}

size_t handle_length(const struct handle *h)
{
	if (h->silent)
		return 0;
	return h->deferred ? DEFERRED_MAX : handle_text(h)->len;
}

/* Another that reads the same is charged for it, where this one was. */
static void leave_shared(struct handle *h)
{
	struct handle *o = opened_first(&h->fleet->opened, h->ino);
	struct shared *s = h->shared;

	h->shared = NULL;
	if (!s)
		return;
	while (o && o->shared != s)
		o = o->older;
	shared_leave(s, h->guest, o ? o->guest : NULL);
}

void handle_clear(struct handle *h)
{
	leave_shared(h);
	ack_buf_clear(&h->text);
}

int handle_renew(struct handle *h, const struct node *n)
{
	struct ack_buf now = ACK_BUF_INIT(h->text.max);
	int ret;

	now.secret = h->text.secret;
	node_text(n, &now);
	if (ack_buf_same(&now, handle_text(h))) {
		ack_buf_release(&now);
		return 0;
	}
	handle_clear(h);
	ack_buf_release(&h->text);
	h->text = now;
	ret = share(h);
	if (ret)
		ack_buf_release(&h->text);
	h->renewed = true;
	return ret;
}

int handle_opened(struct handle *h, const struct ack_buf *answer)
{
	struct node n;

	h->waiting = false;
	if (answer)
		ack_buf_put(&h->text, ack_buf_text(answer), answer->len);
	else if (!node_get(h->fleet, h->ino, &n) && n.file && n.file->wait)
		ack_buf_printf(&h->text, "%s\n", object_state_word(n.object));
	return share(h);
}

void handle_defer(struct handle *h)
{
	h->waiting = false;
	h->deferred = true;
}

int handle_too_late(
	const struct handle *h, const struct node *n, struct ack_error *e)
{
	if (!h->of_draft || !object_exists(n->object))
		return 0;
	return ack_error_set(e, EPERM, node_name(n),
		"the draft became %s after this file was opened; open it again "
		"to edit that",
		kind_a_noun(n->object->kind));
}

bool handle_gathers(const struct node *n)
{
	return n->object &&
	       (n->param ? n->param->type->list || n->param->type->document
			 : node_has(n, NODE_GATHER));
}

static int ends_early(const struct node *n, struct ack_error *e)
{
	if (n->param && object_row_editable(n->object, node_param_row(n), e))
		return -e->err;
	return ack_error_set(e, EINVAL, node_name(n),
		"the text is not complete, so the old value stays; close every "
		"[ and {");
}

int handle_flush(const struct handle *h)
{
	ACK_UNSET struct ack_error e;
	struct node n;

	if (!h->unfinished || node_get(h->fleet, h->ino, &n) ||
		object_hidden(n.object, n.row))
		return 0;
	ends_early(&n, &e);
	return node_fail(&n, &e);
}

int handle_sync(struct handle *h, struct waiter *w)
{
	struct node n;
	int ret = handle_flush(h);

	if (ret || node_get(h->fleet, h->ino, &n) || !n.object)
		return ret;
	return saved_sync(n.object, w);
}

static void let_go(struct handle *h, const struct node *n)
{
	ACK_UNSET struct ack_error e;

	if (n->scratch) {
		scratch_put(n->object, n->scratch);
		return;
	}
	/* a close brings no name back */
	if (object_hidden(n->object, n->row))
		return;
	if (h->unfinished) {
		if (!handle_undo(h, n, &e))
			ends_early(n, &e);
		object_cut(n->object, n->row, true);
		node_fail(n, &e);
	} else if (node_has(n, NODE_GATHER) && h->truncated &&
		   !handle_text(h)->len) {
		object_cut(n->object, n->row, false);
	} else if (n->param && h->truncated && !h->failed &&
		   !handle_text(h)->len && !handle_too_late(h, n, &e)) {
		if (object_write(n->object, node_param_row(n), "", 0, &e))
			node_fail(n, &e);
	}
}

void handle_release(struct handle *h)
{
	struct node n;

	if (!node_get(h->fleet, h->ino, &n) && n.object)
		let_go(h, &n);
	waiters_wake(&h->readers, -EINTR);
	ack_values_release(&h->before);
	leave_shared(h);
	opened_remove(&h->fleet->opened, h);
	guest_leave(h->guest, GUEST_FILES);
	ack_buf_release(&h->text);
	LIST_REMOVE(h, entry);
	free(h);
}

size_t handle_size(const struct node *n)
{
	const struct handle *h = opened_first(&n->fleet->opened, n->ino);

	for (; h; h = h->older)
		if (!h->waiting)
			return handle_text(h)->len;
	return 0;
}

bool handle_stat(const struct fleet *f, uint64_t number, struct stat *st)
{
	const struct handle *h = LIST_FIRST(&f->handles);

	while (h && h->number != number)
		h = LIST_NEXT(h, entry);
	if (!h)
		return false;
	*st = (struct stat){.st_ino = h->ino,
		.st_mode = S_IFREG | 0444,
		.st_size = (off_t)handle_text(h)->len,
		.st_blksize = 4096};
	owner_stat(&f->owner, st);
	return true;
}

/* It goes on where it was read to; head(1) seeks back to the end of the line
 * that it wanted, and may read on from there. */
static int read_stream(struct handle *h, off_t off, size_t size,
	struct waiter *w, const char **data, size_t *len)
{
	size_t at = h->taken;
	int ret;

	if (off < h->gone + (off_t)at)
		at = off > h->gone ? (size_t)(off - h->gone) : 0;
	ret = at < h->taken ? 0 : news_wait(h, w);
	if (ret)
		return ret;
	*data = ack_buf_text(&h->text) + at;
	*len = h->text.len - at;
	if (*len > size)
		*len = size;
	if (h->taken < at + *len)
		h->taken = at + *len;
	return 0;
}

bool handle_is_stream(const struct handle *h)
{
	unsigned row = h->ino & ((1u << NODE_ROW_BITS) - 1);

	return row < node_nfiles && node_files[row].flags & NODE_STREAM;
}

/* What the open would have waited for. */
static int wait_for_text(
	struct handle *h, const struct node *n, struct waiter *w)
{
	ACK_UNSET struct ack_error e;
	int ret;

	ack_error_clear(&e);
	/* an answer is there only while it wakes the waiter */
	ret = w->answer ? 0 : begin_wait(n, w, &e);
	if (ret)
		return ret < 0 && e.err ? node_fail(n, &e) : ret;
	/* the kernel gets no size here: it may hold the page for this read
	 */
	h->deferred = false;
	return handle_opened(h, w->answer);
}

int handle_read(struct handle *h, off_t off, size_t size, struct waiter *w,
	const char **data, size_t *len)
{
	const struct ack_buf *text;
	struct node n = {0};
	int ret;

	*len = 0;
	if (h->silent)
		return 0;
	if (!node_get(h->fleet, h->ino, &n)) {
		ret = h->deferred ? wait_for_text(h, &n, w) : 0;
		if (ret)
			return ret;
		if (node_has(&n, NODE_STREAM))
			return read_stream(h, off, size, w, data, len);
		/* poll(2) users read from the start again after news, as of
		 * sysfs */
		if (node_has(&n, NODE_GROWS) ||
			(node_has(&n, NODE_NEWS) && !off))
			ret = handle_renew(h, &n);
		h->stale = false;
		if (ret)
			return ret;
	} else if (h->ended && handle_is_stream(h)) {
		return read_stream(h, off, size, w, data, len);
	} else if (h->deferred && h->bad) {
		return -EREMOTEIO;
	}
	text = n.scratch ? &n.scratch->text : handle_text(h);
	if (off < 0 || (size_t)off >= text->len)
		return 0;
	*data = text->data + off;
	*len = text->len - (size_t)off;
	if (*len > size)
		*len = size;
	return 0;
}

bool handle_has_pages(const struct handle *h)
{
	unsigned row = h->ino & ((1u << NODE_ROW_BITS) - 1);

	return !handle_is_stream(h) &&
	       (!h->renewed || h->writing || row >= node_nfiles ||
		       node_files[row].flags & NODE_GROWS);
}

unsigned handle_poll(const struct handle *h)
{
	struct node n;

	if (node_get(h->fleet, h->ino, &n))
		return POLLERR | POLLHUP;
	if (node_has(&n, NODE_STREAM) && h->taken >= h->text.len && !h->ended)
		return 0;
	return POLLIN | POLLOUT | (h->stale ? POLLPRI | POLLERR : 0u);
}
