/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>

#include "actions/draft.h"
#include "base/error.h"
#include "fuse/alias.h"
#include "fuse/handle.h"
#include "model/address.h"
#include "model/kind.h"
#include "model/moved.h"
#include "model/object.h"
#include "model/scratch.h"
#include "params/params.h"
#include "tree/files.h"
#include "fuse/transfer.h"

int transfer_truncate(const struct node *n, off_t size)
{
	struct handle *h;
	int ret;

	if (n->scratch) {
		if (size < 0 || (size_t)size > SCRATCH_BYTES)
			return -EFBIG;
		while (n->scratch->text.len < (size_t)size &&
			!n->scratch->text.failed)
			ack_buf_putc(&n->scratch->text, '\0');
		if (ack_buf_status(&n->scratch->text))
			return -ENOMEM;
		n->scratch->text.len = (size_t)size;
		if (n->scratch->text.data)
			n->scratch->text.data[size] = '\0';
		return 0;
	}
	ret = handle_open(n, O_WRONLY, NULL, &h);
	if (ret)
		return ret;
	ret = handle_truncate(h, size);
	handle_release(h);
	return ret;
}

static int write_from(
	const struct node *from, const struct node *to, struct ack_error *e)
{
	const struct ack_buf *text = &from->scratch->text;
	int ret;

	if (to->param)
		ret = object_write(to->object, node_param_row(to),
			ack_buf_text(text), text->len, e);
	else if (to->file->flags & NODE_GATHER)
		ret = to->file->store(
			to->object, ack_buf_text(text), text->len, NULL, e);
	else
		return ack_error_set(e, EPERM, node_name(to),
			"this file cannot be replaced; ackfs writes it");
	if (ret == -EAGAIN)
		ret = ack_error_set(e, EINVAL, node_name(to),
			"the text is not complete; close every [ and {");
	return ret;
}

int transfer_refused(const struct node *n, struct ack_error *e)
{
	if (e->err == EINVAL)
		e->err = EPERM;
	return node_fail(n, e);
}

/* A value that a rename took the name of, or request.json, is still there. */
static void show_again(const struct node *n)
{
	if (n->file || object_value(n->object, node_param_row(n), NULL))
		object_hide(n->object, n->row, false);
}

static int make_scratch(struct object *o, const char *name,
	struct scratch **out, struct ack_error *e)
{
	*out = scratch_create(o, name);
	if (*out)
		return 0;
	return ack_error_set(e, ENOSPC, NULL,
		"a directory holds at most %d scratch files", SCRATCH_FILES);
}

static int may_leave(const struct node *from, struct ack_error *e)
{
	if (from->param)
		return object_row_editable(
			from->object, node_param_row(from), e);
	return object_editable(from->object, node_name(from), e);
}

/* A backup: tools rename a file before they make it anew. */
static int back_up(const struct node *from, const struct node *to,
	const char *name, struct ack_error *e)
{
	struct scratch *s;
	int ret = may_leave(from, e);

	if (!ret && to->scratch)
		scratch_unlink(from->object, to->scratch);
	if (!ret)
		ret = make_scratch(from->object, name, &s, e);
	if (ret)
		return ret;
	/* nobody reads a secret back */
	if (!node_is_secret(from))
		node_text(from, &s->text);
	if (ack_buf_status(&s->text) ||
		alias_rename(from, NODE_SCRATCH + s->slot)) {
		scratch_unlink(from->object, s);
		return ack_error_memory(e, name);
	}
	object_touch_row(from->object, from->row);
	object_hide(from->object, from->row, true);
	return 0;
}

static int place(
	const struct node *from, const struct node *to, struct ack_error *e)
{
	int ret;

	object_show_fixed(from->object);
	ret = write_from(from, to, e);
	if (ret) {
		show_again(to);
		return ret;
	}
	alias_unlink(from->object, to->row);
	moved_replace(from->object, from->row, to->row);
	scratch_unlink(from->object, from->scratch);
	return 0;
}

int transfer_rename(
	const struct node *from, const struct node *dir, const char *name)
{
	const struct ack_table *table = from->object->kind->table;
	ACK_UNSET struct ack_error e;
	struct node to;
	int ret = node_lookup(dir, name, &to);
	int row = ack_table_find(table, name);
	bool aside = (ret || to.scratch) && scratch_name(table, name);

	ack_error_clear(&e);
	/* what rm took the name of is still a place to write to */
	if (ret && to.file && to.object && object_hidden(to.object, to.row))
		ret = 0;
	if (ret && row >= 0)
		ret = node_get(dir->fleet,
			node_ino(dir->object->serial,
				NODE_PARAMS + (unsigned)row),
			&to);
	if (from->scratch && aside) {
		scratch_rename(dir->object, from->scratch, name);
		return 0;
	}
	if (from->scratch && !ret)
		ret = place(from, &to, &e);
	else if (from->scratch)
		ret = ack_error_set(&e, EPERM, NULL,
			"%s is not a parameter; schema/ lists them", name);
	else if (aside && (from->param || node_has(from, NODE_GATHER)))
		ret = back_up(from, &to, name, &e);
	else
		ret = ack_error_set(&e, EPERM, NULL,
			"%s cannot be renamed: files are named after what they "
			"hold",
			node_name(from));
	return ret ? transfer_refused(from, &e) : 0;
}
