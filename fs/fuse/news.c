/* SPDX-License-Identifier: MIT */
#include "fuse/news.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cloud/rest.h"
#include "cloud/story.h"
#include "fuse/handle.h"
#include "fuse/opened.h"
#include "model/address.h"
#include "model/fleet.h"
#include "model/object.h"
#include "tree/files.h"
#include "tree/node.h"

/* A reader who does not read loses the oldest lines; a guest, who may have many
 * of them, sooner. */
#define STREAM_MAX       65536
#define STREAM_MAX_GUEST 4096

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
	if (text->len + line->len + 1 >
		(h->guest ? STREAM_MAX_GUEST : STREAM_MAX)) {
		h->gone += (off_t)h->taken;
		ack_buf_clear(text);
		h->taken = 0;
	}
	ack_buf_printf(text, "%s\n", ack_buf_text(line));
}

/* A node pool of o is named. */
static void put_line(
	struct handle *h, const struct object *o, const struct object *about)
{
	struct ack_buf line = ACK_BUF_INIT(sizeof(h->line) - 1);

	if (about != o)
		ack_buf_printf(&line, "nodepools/%s ", about->name);
	story_line(about, &line);
	add_line(h, &line);
	ack_buf_release(&line);
}

/* Where anything came to a bad end, the last line is about that. */
static void end(struct handle *h, const struct object *o)
{
	const struct object *bad = rest_bad(o);

	put_line(h, o, bad ? bad : o);
	h->ended = true;
	h->bad = bad;
}

/* A node pool that rested all the time is no news. */
static bool is_news(const struct object *o, const struct object *about)
{
	return about == o || !story_at_rest(about) || story_progressing(about);
}

static void tell(struct handle *h, struct object *o, const struct object *about)
{
	if (h->ended)
		return;
	if (is_news(o, about))
		put_line(h, o, about);
	if (rest_settled(o))
		end(h, o);
	if (h->taken < h->text.len || h->ended)
		waiters_wake(&h->readers, 0);
}

static struct handle *first_watch(const struct object *o)
{
	return opened_first(&o->fleet->opened, node_ino(o->serial, ROW_WATCH));
}

void news_watch(struct object *o, const struct object *about)
{
	struct handle *h = first_watch(o), *next;

	for (; h; h = next) {
		next = h->older;
		tell(h, o, about);
	}
}

bool news_watched(const struct object *o)
{
	return first_watch(o);
}

void news_open(struct handle *h, struct object *o)
{
	rest_look(o);
	tell(h, o, o);
}

int news_wait(struct handle *h, struct waiter *w)
{
	if (h->taken < h->text.len)
		return 0;
	if (h->ended)
		return h->bad ? -EREMOTEIO : 0;
	if (w->impatient)
		return -EAGAIN;
	waiter_wait(w, &h->readers);
	return NODE_LATER;
}

void news_stop(struct fleet *f)
{
	struct handle *h;

	LIST_FOREACH (h, &f->handles, entry) {
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
	struct handle *h;

	LIST_FOREACH (h, &o->fleet->handles, entry)
		if (h->ino >= first && h->ino < last) {
			h->ended = h->stale = true;
			/* it was to wait for the end */
			h->bad |= h->deferred && rest_bad(o);
			read_last(h);
			o->fleet->notify(o->fleet->session, h);
			waiters_wake(&h->readers, 0);
		}
}

/* The one that was opened first is the last in the list. */
int64_t news_heard(const struct object *o)
{
	uint64_t ino = node_ino(o->serial, ROW_EVENTS);
	const struct handle *h = opened_first(&o->fleet->opened, ino);

	while (h && h->older)
		h = h->older;
	return h ? ack_now_ms() - h->opened : -1;
}

bool news_polled(const struct fleet *f)
{
	const struct handle *h = LIST_FIRST(&f->handles);

	while (h && !h->poll)
		h = LIST_NEXT(h, entry);
	return h;
}
