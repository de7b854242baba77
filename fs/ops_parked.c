/* SPDX-License-Identifier: MIT */
#include "ops_parked.h"

#include <errno.h>
#include <stdlib.h>

#include "fleet.h"
#include "node.h"
#include "signals.h"

/* A signal is to be heard of within 100 ms. */
#define AGAIN_MS 50

static struct ack_events *events_of(const struct parked *p)
{
	return ops_fleet(p->req)->events;
}

static void parked_done(struct waiter *w, int err)
{
	struct parked *p = (struct parked *)w;

	p->over = true;
	p->err = err;
	if (p->inside)
		return;
	fuse_req_interrupt_func(p->req, NULL, NULL);
	ack_timer_cancel(events_of(p), &p->again);
	p->reply(p, err);
}

static void end_wait(struct parked *p)
{
	waiter_leave(&p->waiter);
	ack_timer_cancel(events_of(p), &p->again);
	p->reply(p, -EINTR);
}

/*
 * The kernel tells of the first signal only. When that one is none to end the
 * wait, another may be, later; what is gone was for another thread.
 */
static void look_again(void *arg)
{
	struct parked *p = arg;

	if (signals_of(p->waiter.pid) == SIGNALS_END)
		end_wait(p);
	else
		ack_timer_set(events_of(p), &p->again, AGAIN_MS);
}

/* Without a signal the kernel has a reason of its own: to suspend the machine,
 * each has to let go. */
static void parked_interrupted(fuse_req_t req, void *data)
{
	struct parked *p = data;

	(void)req;
	if (signals_of(p->waiter.pid) != SIGNALS_IDLE) {
		end_wait(p);
		return;
	}
	p->interrupted = true;
	ack_timer_set(events_of(p), &p->again, AGAIN_MS);
}

struct parked *parked_new(
	fuse_req_t req, void (*reply)(struct parked *p, int err))
{
	const struct fuse_ctx *caller = fuse_req_ctx(req);
	/* malloc(3) keeps small pieces at hand, for which calloc(3) does not
	 * look */
	struct parked *p = malloc(sizeof(*p));

	if (!p) {
		fuse_reply_err(req, ENOMEM);
		return NULL;
	}
	*p = (struct parked){.waiter = {.done = parked_done,
				     .uid = caller->uid,
				     .pid = caller->pid},
		.req = req,
		.reply = reply,
		.inside = true};
	p->again.fire = look_again;
	p->again.arg = p;
	return p;
}

void parked_enter(struct parked *p)
{
	p->inside = true;
	p->over = false;
}

void parked_settle(struct parked *p, int ret)
{
	p->inside = false;
	if (ret != NODE_LATER || p->over)
		p->reply(p, p->over ? p->err : ret);
	else if (p->interrupted)
		/* fuse_req_interrupt_func() would call at once, and still use
		 * the request after an answer */
		ack_timer_set(events_of(p), &p->again, AGAIN_MS);
	else
		fuse_req_interrupt_func(p->req, parked_interrupted, p);
}
