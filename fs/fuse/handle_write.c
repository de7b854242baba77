/* SPDX-License-Identifier: MIT */
/*
 * What happens to a text on its way into a value. It is judged whole at
 * every write(2), because only an error of write(2) reaches every program:
 * shells lose those of close(2).
 */
#include <errno.h>

#include "actions/draft.h"
#include "actions/errand.h"
#include "actions/order.h"
#include "base/error.h"
#include "fuse/handle.h"
#include "fuse/transfer.h"
#include "model/object.h"
#include "model/scratch.h"
#include "params/params.h"
#include "params/types.h"
#include "tree/files.h"

/* Programs flush what they write in blocks of these bytes or multiples. */
#define BLOCK 4096

/* What the text becomes when `data` lands at `off`. */
static int overlay(const struct ack_buf *old, const char *data, size_t len,
	off_t off, struct ack_buf *out)
{
	size_t at = (size_t)off;

	if (off < 0 || at > out->max || len > out->max - at)
		return -EFBIG;
	ack_buf_put(out, ack_buf_text(old), at < old->len ? at : old->len);
	while (out->len < at)
		ack_buf_putc(out, '\0');
	ack_buf_put(out, data, len);
	if (old->len > out->len)
		ack_buf_put(out, old->data + out->len, old->len - out->len);
	return ack_buf_status(out);
}

static int remember(struct handle *h, const struct node *n)
{
	if (h->has_before)
		return 0;
	h->has_before = !ack_values_copy(&h->before, object_written(n->object));
	return h->has_before ? 0 : -ENOMEM;
}

static void forget(struct handle *h)
{
	ack_values_release(&h->before);
	h->has_before = h->written = false;
}

static int64_t last_set(const struct node *n)
{
	return n->param ? ack_values_time(
				  object_written(n->object), node_param_row(n))
			: 0;
}

/* What another descriptor has put in place since is the old value from then
 * on, and O_APPEND is at its end. */
static void notice(struct handle *h, const struct node *n)
{
	if (h->seen == last_set(n))
		return;
	h->seen = last_set(n);
	forget(h);
	if (!h->appending || h->unfinished || h->truncated)
		return;
	handle_renew(h, n);
	h->gathered = false;
}

/* What is being sent, or was, stays as it is. */
static bool may_undo(const struct handle *h, const struct node *n)
{
	ACK_UNSET struct ack_error e;

	if (handle_too_late(h, n, &e))
		return false;
	return n->param ? !object_row_editable(n->object, node_param_row(n), &e)
			: !object_editable(n->object, node_name(n), &e);
}

int handle_undo(struct handle *h, const struct node *n, struct ack_error *e)
{
	unsigned row = node_param_row(n);
	const char *text;

	notice(h, n);
	if (!h->written || !may_undo(h, n))
		return 0;
	if (!n->param)
		return object_restore(n->object, &h->before, e);
	/* what was not an edit before is not one again */
	text = object_exists(n->object) && !ack_values_time(&h->before, row)
		       ? ack_values_get(&n->object->values, row, NULL)
		       : ack_values_get(&h->before, row, NULL);
	return object_put(n->object, row, text, e);
}

/*
 * A program's buffer may end anywhere. Where it can only have ended because
 * it was full, the last line is not judged yet, and all before it are.
 */
static bool cut_by_buffer(const struct node *n, const struct ack_buf *text)
{
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	ACK_UNSET struct ack_error e;
	size_t len = text->len;
	int ret;

	if (!n->param->type->list || !len || len >= ACK_VALUE_MAX ||
		len % BLOCK || text->data[len - 1] == '\n')
		return false;
	while (len && text->data[len - 1] != '\n')
		len--;
	ret = ack_param_parse(n->param, text->data, len, &canon, &e);
	ack_buf_release(&canon);
	return !ret || ret == -EAGAIN;
}

static int store(const struct node *n, const struct ack_buf *text,
	struct waiter *w, struct ack_error *e)
{
	int ret;

	if (!n->param)
		return n->file->store(
			n->object, ack_buf_text(text), text->len, w, e);
	ret = object_write(
		n->object, node_param_row(n), ack_buf_text(text), text->len, e);
	return ret == -EINVAL && cut_by_buffer(n, text) ? -EAGAIN : ret;
}

/* A commit before it is closed must not send the old value. */
static void set_unfinished(
	struct handle *h, const struct node *n, bool unfinished)
{
	if (unfinished || h->unfinished)
		object_cut(n->object, n->row, unfinished);
	h->unfinished = unfinished;
}

/* The old value stays. */
static int refuse(struct handle *h, const struct node *n, struct ack_error *e)
{
	ACK_UNSET struct ack_error undone;

	h->failed = true;
	set_unfinished(h, n, false);
	if (handle_undo(h, n, &undone))
		ack_error_copy(e, &undone);
	h->seen = last_set(n);
	return node_fail(n, e);
}

/* Takes over `text` (emptied) unless it is refused. */
static int take(struct handle *h, const struct node *n, struct ack_buf *text,
	struct waiter *w, struct ack_error *e)
{
	int ret = handle_too_late(h, n, e);

	if (ret)
		return ret;
	if (remember(h, n))
		return ack_error_memory(e, node_name(n));
	ret = store(n, text, w, e);
	if (ret && ret != -EAGAIN)
		return ret;
	set_unfinished(h, n, ret);
	if (!ret) {
		h->written = true;
		h->truncated = false;
		h->seen = last_set(n);
	}
	handle_clear(h);
	ack_buf_release(&h->text);
	h->text = *text;
	h->gathered = true;
	*text = (struct ack_buf)ACK_BUF_INIT(h->text.max);
	return 0;
}

static int write_scratch(struct handle *h, struct scratch *s, const char *data,
	size_t len, off_t off)
{
	struct ack_buf text = ACK_BUF_INIT(SCRATCH_BYTES);
	int ret = overlay(&s->text, data, len,
		h->appending ? (off_t)s->text.len : off, &text);

	if (ret) {
		ack_buf_release(&text);
		return ret;
	}
	ack_buf_release(&s->text);
	s->text = text;
	s->changed = time_now_ns();
	return 0;
}

/*
 * Programs that a write(2) has failed in try it once more: cat does, with
 * read(2) and write(2) where sendfile(2) or copy_file_range(2) failed, and with
 * the same bytes. That is no second order; and what follows one that was taken
 * is one only where it says something.
 */
static int write_order(struct handle *h, const struct node *n, const char *data,
	size_t len, struct waiter *w)
{
	ACK_UNSET struct ack_error e;
	const char *word = data;
	size_t size = len;
	int ret;

	order_trim(&word, &size);
	if (h->refused || (h->written && !size))
		return h->refused;
	ack_error_clear(&e);
	ret = n->file->errand ? errand_order(n->object, n->file->errand, data,
					len, w, &e)
			      : n->file->store(n->object, data, len, w, &e);
	if (ret < 0)
		node_fail(n, &e);
	if (ret != NODE_LATER)
		handle_written(h, ret);
	return ret;
}

void handle_written(struct handle *h, int err)
{
	struct node n;

	if (node_get(h->fleet, h->ino, &n) || !handle_is_order(&n))
		return;
	/* the order goes on where a signal has ended the wait for it */
	if (err && err != -EINTR)
		h->refused = err;
	else
		h->written = true;
}

static bool is_list(const struct node *n)
{
	return n->param && n->param->type->list;
}

/* What lands on `old` is judged, and taken over. */
static int put_text(struct handle *h, const struct node *n,
	const struct ack_buf *old, const char *data, size_t len, off_t off,
	struct waiter *w, struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(h->text.max);
	int ret;

	text.secret = h->text.secret;
	ret = overlay(
		old, data, len, h->appending ? (off_t)old->len : off, &text);
	if (ret == -EFBIG)
		ack_error_set(e, EFBIG, node_name(n), "at most %zu bytes fit",
			text.max);
	else if (ret)
		ack_error_memory(e, node_name(n));
	else
		ret = take(h, n, &text, w, e);
	ack_buf_release(&text);
	return ret;
}

/* At its start a scalar or a request.json begins anew, as in sysfs, so that
 * one that is shorter is not judged with the end of the old one. */
int handle_write(struct handle *h, const char *data, size_t len, off_t off,
	struct waiter *w)
{
	const struct ack_buf none = ACK_BUF_INIT(0), *old;
	ACK_UNSET struct ack_error e;
	struct node n;
	bool first;
	int ret = node_get(h->fleet, h->ino, &n);

	if (ret)
		return ret;
	if (n.scratch)
		return write_scratch(h, n.scratch, data, len, off);
	ack_error_clear(&e);
	if (len)
		object_show_fixed(n.object);
	if (handle_is_order(&n))
		return write_order(h, &n, data, len, w);
	if (object_hidden(n.object, n.row))
		return -ENOENT;
	first = !off && !h->appending;
	if (h->failed && !first &&
		(is_list(&n) || (!h->gathered && handle_text(h)->len)))
		return -EINVAL;
	notice(h, &n);
	old = first && !is_list(&n) ? &none : handle_text(h);
	ret = put_text(h, &n, old, data, len, off, w, &e);
	/* the tail of the old list is no line that anybody wrote */
	if (ret == -EINVAL && first && old->len > len)
		ret = put_text(h, &n, &none, data, len, off, w, &e);
	if (ret)
		return refuse(h, &n, &e);
	h->failed &= !first;
	return 0;
}

int handle_truncate(struct handle *h, off_t size)
{
	struct ack_buf text = ACK_BUF_INIT(h->text.max);
	ACK_UNSET struct ack_error e;
	struct node n;
	int ret = node_get(h->fleet, h->ino, &n);

	if (ret)
		return ret;
	text.secret = h->text.secret;
	if (handle_is_order(&n))
		return 0;
	if (n.scratch)
		return transfer_truncate(&n, size);
	if (object_hidden(n.object, n.row))
		return -ENOENT;
	if (!h->writing)
		return -EINVAL;
	/* also of one that reads as nothing: a secret, or what another
	 * descriptor has set since */
	if (size == 0) {
		handle_clear(h);
		forget(h);
		h->truncated = true;
		set_unfinished(h, &n, false);
		return 0;
	}
	/* part of a text that nobody wrote would become a value */
	if (h->failed)
		return -EINVAL;
	/* a size that is set before its text comes is no text yet */
	if (h->truncated && !handle_text(h)->len && (size_t)size <= h->text.max)
		return 0;
	if ((size_t)size == handle_text(h)->len)
		return 0;
	notice(h, &n);
	if ((size_t)size > handle_text(h)->len)
		ret = ack_error_set(&e,
			(size_t)size > h->text.max ? EFBIG : EINVAL,
			node_name(&n),
			"a value cannot be made longer than "
			"what was written");
	else
		ack_buf_put(&text, handle_text(h)->data, (size_t)size);
	if (!ret)
		ret = take(h, &n, &text, NULL, &e);
	ack_buf_release(&text);
	return ret ? refuse(h, &n, &e) : 0;
}
