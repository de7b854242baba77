/* SPDX-License-Identifier: MIT */
#include "news.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "files.h"
#include "fleet.h"
#include "handle.h"
#include "kind.h"
#include "node.h"
#include "object.h"
#include "story.h"

/* A reader who does not read loses the oldest lines. */
#define STREAM_MAX 65536

void news_of(struct object *o, unsigned row)
{
	uint64_t ino = node_ino(o->serial, row);

	struct handle *h = opened_first(&o->fleet->opened, ino);

	for (; h; h = h->older) {
		h->stale = true;
		o->fleet->notify(o->fleet->session, h);
	}
}

static void add_line(struct handle *h, const struct ack_buf *line)
{
	struct ack_buf *text = &h->text;
	size_t last = strlen(h->line);

	if (last == line->len && !memcmp(h->line, ack_buf_text(line), last))
		return;
	snprintf(h->line, sizeof(h->line), "%s", ack_buf_text(line));
	if (text->len + line->len + 1 > STREAM_MAX) {
		ack_buf_clear(text);
		h->taken = 0;
	}
	ack_buf_printf(text, "%s\n", ack_buf_text(line));
}

static void tell(struct handle *h, struct object *o)
{
	struct ack_buf line = ACK_BUF_INIT(sizeof(h->line) - 1);

	story_line(o, &line);
	add_line(h, &line);
	ack_buf_release(&line);
	h->ended |= kind_at_rest(o);
	if (h->taken < h->text.len || h->ended)
		waiters_wake(&h->readers, 0);
}

void news_watch(struct object *o)
{
	uint64_t ino = node_ino(o->serial, ROW_WATCH);
	struct handle *h = opened_first(&o->fleet->opened, ino), *next;

	for (; h; h = next) {
		next = h->older;
		tell(h, o);
	}
}

void news_open(struct handle *h, struct object *o)
{
	tell(h, o);
}

int news_wait(struct handle *h, struct waiter *w)
{
	if (h->taken < h->text.len || h->ended)
		return 0;
	if (w->impatient)
		return -EAGAIN;
	waiter_wait(w, &h->readers);
	return NODE_LATER;
}

void news_stop(struct fleet *f)
{
	for (struct handle *h = f->handles; h; h = h->next) {
		f->notify(f->session, h);
		waiters_wake(&h->readers, -EINTR);
	}
}

/* What there is to read when the directory is gone. */
static void read_last(struct handle *h)
{
	struct node n;

	if (node_get(h->fleet, h->ino, &n) || !node_has(&n, NODE_NEWS))
		return;
	handle_renew(h, &n);
}

void news_end(struct object *o)
{
	uint64_t first = node_ino(o->serial, 0);
	uint64_t last = node_ino(o->serial + 1, 0);

	for (struct handle *h = o->fleet->handles; h; h = h->next)
		if (h->ino >= first && h->ino < last) {
			h->ended = h->stale = true;
			read_last(h);
			o->fleet->notify(o->fleet->session, h);
			waiters_wake(&h->readers, 0);
		}
}
