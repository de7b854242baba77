/* SPDX-License-Identifier: MIT */
/* The way of every request: verified, delayed, executed, answered. */
#include "sandbox/clock.h"
#include "sandbox/control.h"
#include "sandbox/exchange.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

#include <string.h>

/* False: it has its answer already, and nothing further may happen. */
static bool arrive(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();

	if (ack_uuid(x->request_id) < 0) {
		answer_broken(x);
		return false;
	}
	int rc = target_parse(&x->target, x->uri);
	if (rc == 0)
		x->route = route_find(x);
	/* What steers the sandbox is not part of the service. */
	if (x->route && !x->route->action) {
		if (x->too_large)
			answer_gateway(x, 413, "RequestTooLarge",
				"The body is larger than 1 MiB.");
		else if (control_check(s, x))
			x->route->call(s, x);
		return false;
	}
	if (requests_add(&s->requests, x, now) < 0) {
		answer_broken(x);
		return false;
	}
	if (x->too_large) {
		answer_gateway(x, 413, "RequestTooLarge",
			"The body is larger than 1 MiB, or there are more than "
			"%d headers.",
			EXCHANGE_HEADERS_MAX);
		return false;
	}
	if (rc < 0) {
		answer_gateway(x, 400, "InvalidParameter.Format",
			"The request line is malformed.");
		return false;
	}
	return route_check(x) && verify_request(&s->verifier, x, now);
}

static bool play(struct sandbox *s, struct exchange *x, enum fault_moment m)
{
	const struct fault *f = faults_take(&s->faults, m, x);

	if (f)
		fault_play(f, x);
	return f != NULL;
}

static void execute(struct sandbox *s, struct exchange *x)
{
	play(s, x, FAULT_SPELLING);
	if (play(s, x, FAULT_INSTEAD))
		return;
	x->executed = true;
	x->route->call(s, x);
	play(s, x, FAULT_ANSWER);
}

static enum verdict finish(struct sandbox *s, struct exchange *x)
{
	requests_end(&s->requests, x);
	x->wait_ms = -1;
	return x->verdict;
}

static bool must_wait(
	struct sandbox *s, struct exchange *x, enum fault_moment m)
{
	x->wait_ms = 0;
	play(s, x, m);
	return x->wait_ms > 0;
}

enum verdict sandbox_conduct(struct sandbox *s, struct exchange *x)
{
	switch (x->progress) {
	case EXCHANGE_ARRIVED:
		x->progress = EXCHANGE_ENDING;
		if (!arrive(s, x))
			break;
		x->progress = EXCHANGE_READY;
		if (must_wait(s, x, FAULT_ARRIVAL))
			return EXCHANGE_WAIT;
		/* fall through */
	case EXCHANGE_READY:
		execute(s, x);
		x->progress = EXCHANGE_ENDING;
		if (must_wait(s, x, FAULT_END))
			return EXCHANGE_WAIT;
		/* fall through */
	case EXCHANGE_ENDING:
		break;
	}
	return finish(s, x);
}
