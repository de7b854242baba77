/* SPDX-License-Identifier: MIT */
#include "sandbox/wait.h"

#include <stddef.h>
#include <sys/epoll.h>

void wait_cancel(struct wait *w)
{
	if (!w->link)
		return;
	ack_timer_cancel(w->events, &w->timer);
	ack_watch_set(w->events, &w->gone, 0);
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
	w->link = NULL;
}

static void time_over(void *arg)
{
	struct wait *w = arg;

	wait_cancel(w);
	w->over(w->arg, false);
}

static void client_left(void *arg, uint32_t what)
{
	struct wait *w = arg;

	(void)what;
	wait_cancel(w);
	w->over(w->arg, true);
}

void wait_begin(struct wait *w, struct wait **list, struct ack_events *ev,
	int64_t ms, int fd)
{
	w->events = ev;
	w->next = *list;
	if (w->next)
		w->next->link = &w->next;
	w->link = list;
	*list = w;
	w->timer.fire = time_over;
	w->timer.arg = w;
	w->gone = (struct ack_watch){fd, client_left, w, 0};
	if (ms >= 0) {
		ack_timer_set(ev, &w->timer, ms);
	} else if (ack_watch_set(ev, &w->gone, EPOLLRDHUP) < 0) {
		/* Unwatched it would stay for ever: look again in a while. */
		w->gone.wants = 0;
		ack_timer_set(ev, &w->timer, 60000);
	}
}

void wait_end_all(struct wait **list)
{
	while (*list)
		client_left(*list, 0);
}
