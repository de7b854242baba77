/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>

#include "object.h"
#include "draft.h"
#include "error.h"
#include "files.h"
#include "handle.h"
#include "kind.h"
#include "params.h"
#include "scratch.h"
#include "transfer.h"

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
			"the text ends too early; close every [ and {");
	return ret;
}

int transfer_rename(
	const struct node *from, const struct node *dir, const char *name)
{
	ACK_UNSET struct ack_error e;
	struct node to;
	int ret = node_lookup(dir, name, &to);
	int row = from->object ? ack_table_find(from->object->kind->table, name)
			       : -1;

	ack_error_clear(&e);
	/* what rm took the name of is still a place to write to */
	if (ret && to.file && to.object && object_hidden(to.object, to.row))
		ret = 0;
	if (ret && row >= 0)
		ret = node_get(dir->fleet,
			node_ino(dir->object->serial,
				NODE_PARAMS + (unsigned)row),
			&to);
	if (from->scratch && (ret || to.scratch)) {
		if (!scratch_name(from->object->kind->table, name))
			ret = ack_error_set(&e, EPERM, NULL,
				"%s is no parameter; schema/ lists them", name);
		else
			ret = 0;
		if (!ret)
			scratch_rename(dir->object, from->scratch, name);
	} else if (from->scratch) {
		ret = write_from(from, &to, &e);
		if (!ret)
			scratch_unlink(dir->object, from->scratch);
	} else if (from->param && (ret || to.scratch) &&
		   scratch_name(from->object->kind->table, name)) {
		return -EXDEV;
	} else {
		ret = ack_error_set(&e, EPERM, NULL,
			"%s cannot be renamed: files are named after what they "
			"hold",
			node_name(from));
	}
	return ret ? node_fail(from, &e) : 0;
}
