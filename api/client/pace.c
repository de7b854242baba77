/* SPDX-License-Identifier: MIT */
#include "client/pace.h"

/* Rounding must not make a full token look like less than one. */
#define WHOLE 0.999999
/* Turns of others for one of the patient. */
#define OTHERS 3

static void refill(struct ack_pace *p)
{
	int64_t now = ack_now_ms();

	p->tokens += (double)(now - p->since) * p->per_ms;
	if (p->tokens > p->most)
		p->tokens = p->most;
	p->since = now;
}

static void wait_for_next(struct ack_pace *p)
{
	double ms = (1 - p->tokens) / p->per_ms;

	ack_timer_set(p->events, &p->timer, ms > 1 ? (int64_t)(ms + 1) : 1);
}

/* Whose turn it is; NULL: nobody waits. */
static struct ack_pace_turn *first(const struct ack_pace *p)
{
	struct ack_pace_turn *patient = TAILQ_FIRST(&p->queues[true]);
	struct ack_pace_turn *t = TAILQ_FIRST(&p->queues[false]);

	return !t || (patient && p->before >= OTHERS) ? patient : t;
}

static void next(void *arg)
{
	struct ack_pace *p = arg;
	struct ack_pace_turn *t;

	refill(p);
	while (p->tokens >= WHOLE && (t = first(p))) {
		ack_pace_leave(p, t);
		p->tokens -= 1;
		p->before = t->patient ? 0 : p->before + 1;
		t->come(t->arg);
	}
	if (first(p))
		wait_for_next(p);
}

void ack_pace_init(struct ack_pace *p, struct ack_events *ev, double qps)
{
	*p = (struct ack_pace){
		.events = ev,
		.per_ms = qps / 1000,
		.tokens = qps * 2 < 1 ? 1 : qps * 2,
		.most = qps * 2 < 1 ? 1 : qps * 2,
		.since = ack_now_ms(),
		.timer = {.fire = next, .arg = p},
	};
	TAILQ_INIT(&p->queues[false]);
	TAILQ_INIT(&p->queues[true]);
}

void ack_pace_release(struct ack_pace *p)
{
	if (p->events)
		ack_timer_cancel(p->events, &p->timer);
}

bool ack_pace_ask(struct ack_pace *p, struct ack_pace_turn *t)
{
	if (p->per_ms <= 0)
		return true;
	refill(p);
	if (!first(p) && p->tokens >= WHOLE) {
		p->tokens -= 1;
		return true;
	}
	t->waiting = true;
	TAILQ_INSERT_TAIL(&p->queues[t->patient], t, others);
	if (!p->timer.link)
		wait_for_next(p);
	return false;
}

void ack_pace_leave(struct ack_pace *p, struct ack_pace_turn *t)
{
	if (t->waiting)
		TAILQ_REMOVE(&p->queues[t->patient], t, others);
	t->waiting = false;
}
