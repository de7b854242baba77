/* SPDX-License-Identifier: MIT */
/* Checks of one word, shared by the scalars and by the items of lists. */
#ifndef ACK_SCALARS_H
#define ACK_SCALARS_H

#include <stdint.h>

#include "base/span.h"

struct ack_buf;
struct ack_error;
struct ack_json;
struct ack_param;

/* Each: 0, or -EINVAL with the sentence. */
int ack_check_choice(
	const struct ack_param *p, struct ack_span word, struct ack_error *e);
int ack_check_id(
	const struct ack_param *p, struct ack_span id, struct ack_error *e);
int ack_check_integer(const struct ack_param *p, struct ack_span digits,
	int64_t min, int64_t max, struct ack_error *e);

/* Whether `word` is one of p->choices; true when there are none. */
bool ack_choice_known(const struct ack_param *p, struct ack_span word);

/* The wire() and unwire() of what is a string there as here. */
struct ack_json *ack_text_wire(const struct ack_param *p, const char *text);
int ack_text_unwire(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e);

#endif
