/* SPDX-License-Identifier: MIT */
/*
 * Timers are a pairing heap that lives in the timers themselves: setting one
 * cannot fail.
 */
#include "base/event.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"

/* What waits least must not keep all else waiting for ever. */
#define BREATH 64
#define BATCH  64

int ack_events_init(struct ack_events *ev, struct ack_error *e)
{
	*ev = (struct ack_events){.epoll = epoll_create1(EPOLL_CLOEXEC)};
	if (ev->epoll < 0)
		return ack_error_set(e, errno, NULL,
			"cannot wait for events: %s", strerror(errno));
	return 0;
}

void ack_events_release(struct ack_events *ev)
{
	while (ev->first)
		ack_timer_cancel(ev, ev->first);
	if (ev->epoll >= 0)
		close(ev->epoll);
	ev->epoll = -1;
}

/* Events of `w` that were fetched but not delivered: it may be freed now. */
static void forget_pending(struct ack_events *ev, const struct ack_watch *w)
{
	for (int i = 0; i < ev->nbatch; i++) {
		if (ev->batch[i].data.ptr == w)
			ev->batch[i].data.ptr = NULL;
	}
}

int ack_watch_set(struct ack_events *ev, struct ack_watch *w, uint32_t wants)
{
	struct epoll_event what = {.events = wants, .data.ptr = w};

	if (wants == w->wants)
		return 0;
	if (wants == 0) {
		forget_pending(ev, w);
		w->wants = 0;
		/* A descriptor that is closed already has left by itself. */
		if (epoll_ctl(ev->epoll, EPOLL_CTL_DEL, w->fd, NULL) < 0 &&
			errno != EBADF && errno != ENOENT)
			return -errno;
		return 0;
	}
	int op = w->wants ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
	int rc = epoll_ctl(ev->epoll, op, w->fd, &what);
	/* Closed and opened again behind our back, under the same number. */
	if (rc < 0 && op == EPOLL_CTL_MOD && errno == ENOENT)
		rc = epoll_ctl(ev->epoll, EPOLL_CTL_ADD, w->fd, &what);
	if (rc < 0)
		return -errno;
	w->wants = wants;
	return 0;
}

static struct ack_timer *meld(struct ack_timer *a, struct ack_timer *b)
{
	if (!a || !b)
		return a ? a : b;
	if (b->due < a->due || (b->due == a->due && b->order < a->order)) {
		struct ack_timer *swap = a;

		a = b;
		b = swap;
	}
	b->next = a->child;
	if (b->next)
		b->next->link = &b->next;
	b->link = &a->child;
	a->child = b;
	a->next = NULL;
	return a;
}

/* Melds siblings by twos, then the results from the last to the first. */
static struct ack_timer *meld_all(struct ack_timer *t)
{
	struct ack_timer *pairs = NULL, *all = NULL;

	while (t) {
		struct ack_timer *a = t, *b = a->next;

		t = b ? b->next : NULL;
		a->next = NULL;
		if (b)
			b->next = NULL;
		a = meld(a, b);
		a->next = pairs;
		pairs = a;
	}
	while (pairs) {
		struct ack_timer *rest = pairs->next;

		pairs->next = NULL;
		all = meld(all, pairs);
		pairs = rest;
	}
	return all;
}

static void put_first(struct ack_events *ev, struct ack_timer *t)
{
	ev->first = t;
	if (t)
		t->link = &ev->first;
}

void ack_timer_cancel(struct ack_events *ev, struct ack_timer *t)
{
	if (!t->link)
		return;
	*t->link = t->next;
	if (t->next)
		t->next->link = t->link;
	struct ack_timer *children = meld_all(t->child);
	t->child = t->next = NULL;
	t->link = NULL;
	put_first(ev, meld(ev->first, children));
}

void ack_timer_set(struct ack_events *ev, struct ack_timer *t, int64_t ms)
{
	ack_timer_cancel(ev, t);
	ev->now = ack_now_ms();
	t->due = ev->now + (ms > 0 ? ms : 0);
	t->order = ev->order++;
	put_first(ev, meld(ev->first, t));
}

/* How long epoll may wait: for ever (-1) without a timer. */
static int patience(const struct ack_events *ev)
{
	if (!ev->first)
		return -1;
	int64_t ms = ev->first->due - ev->now;
	if (ms < 0)
		return 0;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

void ack_events_breathe(struct ack_events *ev)
{
	int n = 0;

	while (ev->first_of_all && n++ < BREATH &&
		ev->first_of_all(ev->first_arg))
		;
}

static void deliver(struct ack_events *ev, struct epoll_event *batch, int n)
{
	ev->batch = batch;
	ev->nbatch = n;
	for (int i = 0; i < n; i++) {
		const struct ack_watch *w = batch[i].data.ptr;

		if (!w)
			continue;
		/* Its owner may have lost interest since it was fetched. */
		uint32_t what = batch[i].events &
				(w->wants | EPOLLERR | EPOLLHUP);
		if (!what)
			continue;
		/* it may free itself */
		bool first = w->arg == ev->first_arg;
		w->ready(w->arg, what);
		if (!first)
			ack_events_breathe(ev);
	}
	ev->batch = NULL;
	ev->nbatch = 0;
}

int ack_events_turn(struct ack_events *ev)
{
	ACK_UNSET struct epoll_event batch[BATCH];

	int ms = patience(ev);
	int n = epoll_wait(ev->epoll, batch, BATCH, ms);
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	deliver(ev, batch, n);

	/* A timer set from here on waits for the next turn. */
	uint64_t limit = ev->order;
	ev->now = ev->first ? ack_now_ms() : 0;
	/* the wait itself has measured the time, where a clock stands still */
	if (!n && ms > 0 && ms < INT_MAX && ev->now < ev->first->due)
		ev->now = ev->first->due;
	while (ev->first && ev->first->due <= ev->now &&
		ev->first->order < limit) {
		struct ack_timer *t = ev->first;

		ack_timer_cancel(ev, t);
		t->fire(t->arg);
		ack_events_breathe(ev);
	}
	return 0;
}

int64_t ack_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}
