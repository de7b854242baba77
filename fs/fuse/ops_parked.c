/* SPDX-License-Identifier: MIT */
#include "fuse/ops_parked.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/fleet.h"
#include "tree/node.h"

/* A signal is to be heard of within 100 ms. */
#define AGAIN_MS 50

/* However many wait, looking at them takes no more than this of each time; the
 * others come first the next time. */
#define LOOK_MS 2

static void look_at_all(void *arg);

static void watch_signals(struct parked *p)
{
	struct ops *ops = fuse_req_userdata(p->req);
	struct parked_looked *l = &ops->looked;

	if (p->is_looked)
		return;
	if (!l->count++) {
		TAILQ_INIT(&l->all);
		l->timer.fire = look_at_all;
		l->timer.arg = ops;
		ack_timer_set(ops->fleet->events, &l->timer, AGAIN_MS);
	}
	p->is_looked = true;
	TAILQ_INSERT_TAIL(&l->all, p, looked);
}

static void unwatch_signals(struct parked *p)
{
	struct ops *ops = fuse_req_userdata(p->req);
	struct parked_looked *l = &ops->looked;

	if (!p->is_looked)
		return;
	p->is_looked = false;
	TAILQ_REMOVE(&l->all, p, looked);
	if (!--l->count)
		ack_timer_cancel(ops->fleet->events, &l->timer);
}

/* What waits no more. */
static void answer(struct parked *p, int err)
{
	struct ops *ops = fuse_req_userdata(p->req);

	guest_leave(p->guest, GUEST_WAITS);
	p->guest = NULL;
	ops->urgent -= p->is_urgent;
	p->is_urgent = false;
	p->reply(p, err);
}

static void parked_done(struct waiter *w, int err)
{
	struct parked *p = (struct parked *)w;

	p->over = true;
	p->err = err;
	if (p->inside)
		return;
	fuse_req_interrupt_func(p->req, NULL, NULL);
	unwatch_signals(p);
	answer(p, err);
}

/* What stops the caller ends its wait, too, unless it may go on later. */
static void end_wait(struct parked *p, enum signals why)
{
	waiter_leave(&p->waiter);
	unwatch_signals(p);
	answer(p, p->defers && why != SIGNALS_END ? NODE_LATER : -EINTR);
}

/*
 * The kernel reports the first signal only. When that one does not end the
 * wait, a later one may; what is gone was for another thread.
 */
static void look_at_all(void *arg)
{
	struct ops *ops = arg;
	struct parked_looked *l = &ops->looked;
	int64_t until = ack_now_ms() + LOOK_MS;
	enum signals why;
	struct parked *p;

	for (size_t n = l->count; n && l->count && ack_now_ms() < until; n--) {
		p = TAILQ_FIRST(&l->all);
		TAILQ_REMOVE(&l->all, p, looked);
		TAILQ_INSERT_TAIL(&l->all, p, looked);
		why = signals_of(p->waiter.pid);
		if (why == SIGNALS_END || why == SIGNALS_STOP)
			end_wait(p, why);
	}
	if (l->count)
		ack_timer_set(ops->fleet->events, &l->timer, AGAIN_MS);
}

/* Without a signal the kernel has another reason: who is traced or frozen,
 * and all when the machine is suspended, has to let go. */
static void parked_interrupted(fuse_req_t req, void *data)
{
	struct parked *p = data;

	enum signals why = signals_of(p->waiter.pid);

	(void)req;
	if (why != SIGNALS_IDLE) {
		end_wait(p, why);
		return;
	}
	p->interrupted = true;
	watch_signals(p);
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
	return p;
}

void parked_enter(struct parked *p)
{
	p->inside = true;
	p->over = false;
}

void parked_settle(struct parked *p, int ret)
{
	struct ops *ops = fuse_req_userdata(p->req);
	int enough;

	p->inside = false;
	if (ret == NODE_LATER && !p->over) {
		enough = guest_enter(
			ops->fleet, p->waiter.uid, GUEST_WAITS, &p->guest);
		if (enough) {
			waiter_leave(&p->waiter);
			ret = enough;
		} else if (p->urgent && !p->guest) {
			ops->urgent++;
			p->is_urgent = true;
		}
	}
	if (ret != NODE_LATER || p->over)
		p->reply(p, p->over ? p->err : ret);
	else if (p->interrupted)
		/* fuse_req_interrupt_func() would call at once, and still use
		 * the request after an answer */
		watch_signals(p);
	else
		fuse_req_interrupt_func(p->req, parked_interrupted, p);
}

#define BIT(signal) (UINT64_C(1) << ((signal)-1))
#define IDLE        (BIT(SIGCHLD) | BIT(SIGCONT) | BIT(SIGURG) | BIT(SIGWINCH))

#define STOP (BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU))

static bool find_mask(const char *status, const char *name, uint64_t *mask)
{
	const char *line = strstr(status, name);

	return line && sscanf(line + strlen(name), "%" SCNx64, mask) == 1;
}

enum signals signals_in(const char *status)
{
	uint64_t own, shared, blocked, pending;

	if (!find_mask(status, "\nSigPnd:", &own) ||
		!find_mask(status, "\nShdPnd:", &shared) ||
		!find_mask(status, "\nSigBlk:", &blocked))
		return SIGNALS_END;
	pending = (own | shared) & ~blocked;
	if (!pending)
		return SIGNALS_NONE;
	if (pending & ~(IDLE | STOP))
		return SIGNALS_END;
	return pending & STOP ? SIGNALS_STOP : SIGNALS_IDLE;
}

enum signals signals_of(pid_t thread)
{
	char path[64], status[4096];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return SIGNALS_END;
	len = read(fd, status, sizeof(status) - 1);
	close(fd);
	status[len > 0 ? len : 0] = '\0';
	return signals_in(status);
}
