/* SPDX-License-Identifier: MIT */
#include "alias.h"

#include <fcntl.h>

#include "buf.h"
#include "files.h"
#include "fleet.h"
#include "handle.h"

#define ALIASES (1u << (64 - NODE_INO_BITS))

/* The one that was opened last through that alias; by what is refused here all
 * others there are like it. */
static const struct handle *last(const struct node *n, unsigned alias)
{
	const struct handle *h = opened_first(&n->fleet->opened, n->ino);

	while (h && h->alias != alias)
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

bool alias_clashes(const struct node *n, unsigned alias, int flags)
{
	bool reading = (flags & O_ACCMODE) != O_WRONLY, clash;
	bool writing = (flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC;
	const struct handle *h = last(n, alias);

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

unsigned alias_free(const struct node *n)
{
	uint64_t used[ALIASES / 64] = {0};
	unsigned alias = 0;

	for (const struct handle *h = opened_first(&n->fleet->opened, n->ino);
		h; h = h->older)
		used[h->alias / 64] |= 1ull << h->alias % 64;
	while (alias < ALIASES - 1 && used[alias / 64] >> alias % 64 & 1)
		alias++;
	return alias;
}

unsigned alias_choose(const struct node *n, int64_t size)
{
	const struct handle *h = last(n, 0);

	return h && (h->left || alias_size(n, 0, size) != size) ? alias_free(n)
								: 0;
}

int64_t alias_size(const struct node *n, unsigned alias, int64_t file)
{
	const struct handle *h = last(n, alias);

	return h && h->reading && !h->waiting && !n->scratch &&
			       !node_has(n, NODE_GROWS)
		       ? (int64_t)handle_length(h)
		       : file;
}

bool alias_alone(const struct handle *h)
{
	const struct handle *o = opened_first(&h->fleet->opened, h->ino);

	while (o &&
		(o == h || o->alias != h->alias || !o->reading || o->waiting))
		o = o->older;
	return !o;
}
