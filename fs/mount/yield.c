/* SPDX-License-Identifier: MIT */
#include "mount/yield.h"

#include <stdlib.h>
#include <string.h>

/* After a request of the owner's the next may come within so many ms. */
#define GRACE_MS 5

/* So many are served each ms meanwhile, else so many in a turn of the loop. */
#define FEW  2
#define MANY 16

struct yielded {
	STAILQ_ENTRY(yielded) next;
	size_t len;
	uint64_t request[]; /* as the kernel aligns it */
};

static bool owner_works(const struct yield *y)
{
	return ack_now_ms() - y->owner_ms < GRACE_MS || y->urgent(y->arg);
}

static void forget(struct yielded *r)
{
	explicit_bzero(r->request, r->len);
	free(r);
}

static void serve_some(void *arg)
{
	struct yield *y = arg;
	struct yielded *r;
	int served = 0;

	while ((r = STAILQ_FIRST(&y->line)) &&
		served++ < (owner_works(y) ? FEW : MANY)) {
		STAILQ_REMOVE_HEAD(&y->line, next);
		y->serve(y->arg, r->request, r->len);
		forget(r);
		while (y->take(y->arg))
			;
	}
	if (r)
		ack_timer_set(y->events, &y->timer, owner_works(y));
}

void yield_begin(struct yield *y)
{
	STAILQ_INIT(&y->line);
	y->timer.fire = serve_some;
	y->timer.arg = y;
	y->owner_ms = ack_now_ms() - GRACE_MS;
}

void yield_to_owner(struct yield *y)
{
	y->owner_ms = ack_now_ms();
}

bool yield_add(struct yield *y, const void *request, size_t len)
{
	struct yielded *r = malloc(sizeof(*r) + len);

	if (!r)
		return false;
	r->len = len;
	memcpy(r->request, request, len);
	STAILQ_INSERT_TAIL(&y->line, r, next);
	if (!y->timer.link)
		ack_timer_set(y->events, &y->timer, owner_works(y));
	return true;
}

void yield_end(struct yield *y)
{
	struct yielded *r;

	ack_timer_cancel(y->events, &y->timer);
	while ((r = STAILQ_FIRST(&y->line))) {
		STAILQ_REMOVE_HEAD(&y->line, next);
		forget(r);
	}
}
