/* SPDX-License-Identifier: MIT */
/* What a reader of an open file gets: its text, news, its size. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/error.h"
#include "fuse/handle.h"
#include "fuse/news.h"
#include "fuse/opened.h"
#include "model/fleet.h"
#include "model/object.h"
#include "model/scratch.h"
#include "tree/files.h"
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
	const struct handle *h = f->handles;

	while (h && h->number != number)
		h = h->next;
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
	ret = n->file->wait(n->object, w, &e);
	if (ret)
		return ret < 0 && e.err ? node_fail(n, &e) : ret;
	/* the kernel is told no size here: it may hold the page for this read
	 */
	h->deferred = false;
	ack_buf_printf(&h->text, "%s\n", object_state_word(n->object));
	return ack_buf_status(&h->text);
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
