/* SPDX-License-Identifier: MIT */
/* A request to ack-sandbox, from text: a line `METHOD TARGET`, headers, an
 * empty line, the body. */
#ifndef TALK_H
#define TALK_H

#include "fuzz.h"
#include "sandbox/exchange.h"

struct talk {
	struct exchange x;
	char *rest; /* where its headers stand */
};

/* `target` makes the text that is sent of the one that stands there; the
 * caller of malloc(3) is talk_begin(). NULL: they are the same. */
void talk_begin(struct talk *t, struct ack_span text,
	char *(*target)(struct ack_span s));
void talk_end(struct talk *t);

#endif
