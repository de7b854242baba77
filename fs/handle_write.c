/* SPDX-License-Identifier: MIT */
/*
 * What happens to a text on its way into a value. It is judged whole at
 * every write(2), because only an error of write(2) reaches every program:
 * shells lose those of close(2).
 */
#include <errno.h>

#include "object.h"
#include "draft.h"
#include "error.h"
#include "files.h"
#include "handle.h"
#include "params.h"
#include "scratch.h"
#include "transfer.h"
#include "types.h"

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

/* What is being sent, or was, stays as it is. */
static bool may_undo(const struct node *n)
{
	ACK_UNSET struct ack_error e;

	return n->param ? !object_row_editable(n->object, node_param_row(n), &e)
			: !object_editable(n->object, node_name(n), &e);
}

/* What this handle has put in place goes again. */
static int undo(struct handle *h, const struct node *n, struct ack_error *e)
{
	unsigned row = node_param_row(n);
	const char *text;

	if (!h->written || !may_undo(n))
		return 0;
	if (!n->param)
		return object_restore(n->object, &h->before, e);
	/* what was no edit before is none again */
	text = object_exists(n->object) && !ack_values_time(&h->before, row)
		       ? ack_values_get(&n->object->values, row, NULL)
		       : ack_values_get(&h->before, row, NULL);
	return object_put(n->object, row, text, e);
}

/*
 * A program's buffer may end anywhere. Where it can only have ended because
 * it was full, the last line is not judged yet.
 */
static bool cut_by_buffer(const struct node *n, const struct ack_buf *text)
{
	return n->param->type->list && text->len && text->len < ACK_VALUE_MAX &&
	       text->len % BLOCK == 0 && text->data[text->len - 1] != '\n';
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

/* Takes over `text` (emptied) unless it is refused. */
static int take(struct handle *h, const struct node *n, struct ack_buf *text,
	struct waiter *w, struct ack_error *e)
{
	ACK_UNSET struct ack_error undone;
	int ret = handle_too_late(h, n, e);

	if (ret)
		return ret;
	ret = remember(h, n);
	if (ret)
		return ack_error_set(e, ENOMEM, node_name(n), "out of memory");
	ret = store(n, text, w, e);
	h->unfinished = ret == -EAGAIN;
	if (ret && !h->unfinished) {
		if (!undo(h, n, &undone))
			return ret;
		*e = undone;
		return -undone.err;
	}
	h->written |= !ret;
	ack_buf_release(&h->text);
	h->text = *text;
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

/* Another descriptor may have put a value in place: O_APPEND is at its end. */
static void catch_up(struct handle *h, const struct node *n)
{
	if (!h->appending || !n->param || h->unfinished || h->truncated ||
		h->seen == ack_values_time(object_written(n->object),
				   node_param_row(n)))
		return;
	ack_buf_clear(&h->text);
	node_text(n, &h->text);
	ack_values_release(&h->before);
	h->has_before = h->written = false;
}

int handle_write(struct handle *h, const char *data, size_t len, off_t off,
	struct waiter *w)
{
	struct ack_buf text = ACK_BUF_INIT(h->text.max);
	ACK_UNSET struct ack_error e;
	struct node n;
	int ret = node_get(h->fleet, h->ino, &n);

	if (ret)
		return -ENOENT;
	if (n.scratch)
		return write_scratch(h, n.scratch, data, len, off);
	ack_error_clear(&e);
	if (handle_is_order(&n)) {
		ret = n.file->store(n.object, data, len, w, &e);
		return ret < 0 ? node_fail(&n, &e) : ret;
	}
	if (object_hidden(n.object, n.row))
		return -ENOENT;
	if (h->failed && n.param && n.param->type->list &&
		(off || h->appending))
		return -EINVAL;
	catch_up(h, &n);
	ret = overlay(&h->text, data, len,
		h->appending ? (off_t)h->text.len : off, &text);
	if (ret == -EFBIG)
		ack_error_set(&e, EFBIG, node_name(&n), "at most %zu bytes fit",
			text.max);
	else if (ret)
		ack_error_set(&e, ENOMEM, node_name(&n), "out of memory");
	else
		ret = take(h, &n, &text, w, &e);
	if (n.param)
		h->seen = ack_values_time(
			object_written(n.object), node_param_row(&n));
	h->failed |= ret < 0;
	ack_buf_release(&text);
	return ret < 0 ? node_fail(&n, &e) : ret;
}

int handle_truncate(struct handle *h, off_t size)
{
	struct ack_buf text = ACK_BUF_INIT(h->text.max);
	ACK_UNSET struct ack_error e;
	struct node n;
	int ret = node_get(h->fleet, h->ino, &n);

	if (ret)
		return -ENOENT;
	if (handle_is_order(&n))
		return 0;
	if (n.scratch)
		return transfer_truncate(&n, size);
	if ((size_t)size == h->text.len)
		return 0;
	if (!h->writing)
		return -EINVAL;
	if (size == 0) {
		ack_buf_clear(&h->text);
		h->truncated = true;
		h->written = h->unfinished = false;
		return 0;
	}
	if ((size_t)size > h->text.len)
		ret = ack_error_set(&e,
			(size_t)size > h->text.max ? EFBIG : EINVAL,
			node_name(&n),
			"a value cannot be made longer than "
			"what was written");
	else
		ack_buf_put(&text, h->text.data, (size_t)size);
	if (!ret)
		ret = take(h, &n, &text, NULL, &e);
	h->failed |= ret < 0;
	ack_buf_release(&text);
	return ret < 0 ? node_fail(&n, &e) : 0;
}
