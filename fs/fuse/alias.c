/* SPDX-License-Identifier: MIT */
#include "fuse/alias.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/buf.h"
#include "fuse/handle.h"
#include "fuse/opened.h"
#include "model/address.h"
#include "model/fleet.h"
#include "model/moved.h"
#include "model/object.h"
#include "tree/files.h"

#define ALIASES (1u << (64 - NODE_INO_BITS))

/* The one that was opened last by that number; by what is refused here all
 * others there are like it. */
static const struct handle *last(const struct node *n, uint64_t number)
{
	const struct handle *h = opened_first(&n->fleet->opened, n->ino);

	while (h && h->number != number)
		h = h->older;
	return h;
}

/* What is fetched, and what changes by itself, is another text each time. */
static bool reads_same(const struct handle *h, const struct node *n)
{
	struct ack_buf now = ACK_BUF_INIT(h->text.max);
	bool same;

	if (h->waiting ||
		(node_has(n, NODE_FLEETING) && !node_has(n, NODE_GROWS)))
		return h->waiting;
	node_text(n, &now);
	same = ack_buf_same(&now, handle_text(h));
	ack_buf_release(&now);
	return same;
}

bool alias_clashes(const struct node *n, uint64_t number, int flags)
{
	bool reading = (flags & O_ACCMODE) != O_WRONLY, clash;
	bool writing = (flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC;
	const struct handle *h = last(n, number);

	/* of a stream read(2) alone reads; what is an order reads as nothing */
	if (!h || n->scratch || handle_is_order(n) || node_has(n, NODE_STREAM))
		return false;
	clash = (reading && h->writing) || (writing && h->reading) ||
		(reading && h->reading && !reads_same(h, n));
	if (clash)
		for (struct handle *o = opened_first(&n->fleet->opened, n->ino);
			o; o = o->older)
			o->left = true;
	return clash;
}

static void use(uint64_t *used, const struct node *n, uint64_t number)
{
	unsigned alias = alias_of(number);

	if (alias_ino(number) == n->ino)
		used[alias / 64] |= 1ull << alias % 64;
}

uint64_t alias_free(const struct node *n)
{
	uint64_t used[ALIASES / 64] = {0};
	const struct handle *h = opened_first(&n->fleet->opened, n->ino);
	const struct moved *m = n->object ? n->object->moved : NULL;
	unsigned alias = 0;

	for (; h; h = h->older)
		use(used, n, h->number);
	for (; m; m = m->next)
		use(used, n, m->number);
	while (alias < ALIASES - 1 && used[alias / 64] >> alias % 64 & 1)
		alias++;
	return alias_number(n->ino, alias);
}

uint64_t alias_choose(const struct node *n, int64_t size)
{
	const struct handle *h = last(n, n->ino);

	if ((h && (h->left || alias_size(n, n->ino, size) != size)) ||
		(n->object && moved_row(n->object, n->ino)))
		return alias_free(n);
	return n->ino;
}

int64_t alias_size(const struct node *n, uint64_t number, int64_t file)
{
	const struct handle *h = last(n, number);

	return h && h->reading && !h->waiting && !n->scratch &&
			       !node_has(n, NODE_GROWS)
		       ? (int64_t)handle_length(h)
		       : file;
}

/* The number that the kernel has is the one that it was given last, or the
 * first, which it keeps. */
int alias_rename(const struct node *n, unsigned row)
{
	struct stat st;
	uint64_t number;
	int ret;

	node_stat(n, handle_size(n), &st);
	number = alias_choose(n, st.st_size);
	ret = moved_lead(n->object, number, row);
	if (!ret && number != n->ino && !moved_row(n->object, n->ino))
		ret = moved_lead(n->object, n->ino, row);
	if (ret)
		alias_unlink(n->object, row);
	else
		moved_replace(n->object, n->row, row);
	return ret;
}

/* Who has it open by that number asks for it by that. */
static bool is_open(const struct object *o, const struct moved *m)
{
	const struct handle *h = opened_first(
		&o->fleet->opened, node_ino(o->serial, m->row));

	while (h && h->number != m->number)
		h = h->older;
	return h;
}

void alias_unlink(struct object *o, unsigned row)
{
	moved_unlink(o, row, is_open);
}

bool alias_alone(const struct handle *h)
{
	const struct handle *o = opened_first(&h->fleet->opened, h->ino);

	while (o &&
		(o == h || o->number != h->number || !o->reading || o->waiting))
		o = o->older;
	return !o;
}
