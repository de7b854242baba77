/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "cluster.h"
#include "draft.h"
#include "error.h"
#include "files.h"
#include "fleet.h"
#include "handle.h"
#include "params.h"
#include "saved.h"
#include "scratch.h"
#include "types.h"

/* A value and its line end; request.json may hold many values. */
#define PARAM_MAX (ACK_VALUE_MAX + 2)
#define BODY_MAX  (1u << 20)

int node_fail(const struct node *n, const struct ack_error *e)
{
	if (n->cluster)
		cluster_fail(n->cluster, e);
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
	if (n->cluster && (n->param || n->file->flags & NODE_GATHER))
		return cluster_editable(n->cluster, node_name(n), e);
	if (handle_is_order(n))
		return n->file->opened ? n->file->opened(n->cluster, e) : 0;
	return ack_error_set(e, EPERM, node_name(n),
		"this file is only read; ackfs writes it");
}

int handle_open(const struct node *n, int flags, struct handle **out)
{
	struct handle *h = NULL;
	struct ack_error e;
	bool writing = (flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC;
	int ret = 0;

	if ((flags & O_ACCMODE) != O_WRONLY && !(node_mode(n) & 0400))
		ret = ack_error_set(&e, EACCES, node_name(n),
			"this file is only written, never read back");
	if (!ret && writing)
		ret = may_write(n, &e);
	if (!ret) {
		h = calloc(1, sizeof(*h));
		if (!h)
			ret = ack_error_set(&e, ENOMEM, NULL, "out of memory");
	}
	if (ret)
		return node_fail(n, &e);
	h->ino = n->ino;
	h->fleet = n->fleet;
	h->next = n->fleet->handles;
	h->link = &n->fleet->handles;
	if (h->next)
		h->next->link = &h->next;
	*h->link = h;
	h->writing = writing;
	h->appending = flags & O_APPEND;
	ack_buf_init(&h->text, n->param ? PARAM_MAX : BODY_MAX);
	if (n->scratch) {
		n->scratch->links++;
		if (flags & O_TRUNC)
			ack_buf_clear(&n->scratch->text);
	} else if (flags & O_TRUNC) {
		h->truncated = true;
	} else if (!handle_is_order(n)) {
		node_text(n, &h->text);
	}
	if (n->param && n->cluster)
		h->seen = ack_values_time(
			&n->cluster->values, node_param_row(n));
	if (ack_buf_status(&h->text)) {
		handle_release(h);
		return -ENOMEM;
	}
	*out = h;
	return 0;
}

size_t handle_read(
	const struct handle *h, off_t off, size_t size, const char **data)
{
	const struct ack_buf *text = &h->text;
	struct node n;

	if (!node_get(h->fleet, h->ino, &n) && n.scratch)
		text = &n.scratch->text;
	if (off < 0 || (size_t)off >= text->len)
		return 0;
	*data = text->data + off;
	return size < text->len - (size_t)off ? size : text->len - (size_t)off;
}

int handle_sync(struct handle *h)
{
	struct ack_error e;
	struct node n;
	int ret = node_get(h->fleet, h->ino, &n);

	if (ret || !n.cluster)
		return 0;
	ret = saved_sync(n.cluster, &e);
	return ret ? node_fail(&n, &e) : 0;
}

static void let_go(struct handle *h, const struct node *n)
{
	struct ack_error e;

	if (n->scratch) {
		scratch_put(n->cluster, n->scratch);
	} else if (h->unfinished) {
		ack_error_set(&e, EINVAL, node_name(n),
			"what was written ends too early, so the old value "
			"stays; close every [ and {");
		node_fail(n, &e);
	} else if (n->param && h->truncated && !h->written && !h->failed &&
		   !h->text.len && !cluster_editable(n->cluster, NULL, &e)) {
		if (cluster_put(n->cluster, node_param_row(n), NULL, &e))
			node_fail(n, &e);
	}
}

void handle_release(struct handle *h)
{
	struct node n;

	if (!node_get(h->fleet, h->ino, &n) && n.cluster)
		let_go(h, &n);
	ack_values_release(&h->before);
	ack_buf_release(&h->text);
	*h->link = h->next;
	if (h->next)
		h->next->link = h->link;
	free(h);
}
