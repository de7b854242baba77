/* SPDX-License-Identifier: MIT */
/* The difference between this machine's clock and the service's. */
#ifndef ACK_SKEW_H
#define ACK_SKEW_H

#include <stdbool.h>
#include <stdint.h>

struct ack_error;

/*
 * `date` is the Date header of an answer (0: none) that refuses a request for
 * the date it was signed with, `signed_at`; `now` is this machine's. True,
 * and *offset is what has to be added to `now`, when they are so far apart
 * that another date may help.
 */
bool ack_skew_learn(
	int64_t *offset, int64_t signed_at, int64_t date, int64_t now);

/* Says in front of `e`'s sentence how far this machine's clock is off. */
void ack_skew_explain(struct ack_error *e, int64_t date, int64_t now);

#endif
