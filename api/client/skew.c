/* SPDX-License-Identifier: MIT */
#include "client/skew.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

/* Seconds; an answer may have been under way for some. */
#define TOLERANCE 60

/* The year 2100: no clock is there, and what is computed with it fits. */
#define LAST 4102444800

static bool apart(int64_t a, int64_t b)
{
	return a - b > TOLERANCE || b - a > TOLERANCE;
}

static bool is_date(int64_t date)
{
	return date && date <= LAST;
}

bool ack_skew_learn(
	int64_t *offset, int64_t signed_at, int64_t date, int64_t now)
{
	if (!is_date(date) || !apart(date, signed_at))
		return false;
	*offset = date - now;
	return true;
}

void ack_skew_explain(struct ack_error *e, int64_t date, int64_t now)
{
	int64_t behind = date - now;
	ACK_UNSET struct ack_error failure;

	ack_error_copy(&failure, e);
	if (!is_date(date) || !apart(date, now))
		return;
	ack_error_set(e, EKEYREJECTED, NULL,
		"this machine's clock is %" PRId64 " s %s the service's: %s",
		behind > 0 ? behind : -behind,
		ack_text(behind > 0 ? "behind" : "ahead of"), failure.message);
	memcpy(failure.message, e->message, sizeof(failure.message));
	failure.err = EKEYREJECTED;
	ack_error_copy(e, &failure);
}
