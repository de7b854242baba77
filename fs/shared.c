/* SPDX-License-Identifier: MIT */
#include "shared.h"

#include <stdlib.h>

struct shared *shared_new(struct ack_buf *text)
{
	struct shared *s = malloc(sizeof(*s));

	if (!s)
		return NULL;
	*s = (struct shared){.readers = 1, .text = *text};
	*text = (struct ack_buf){.max = s->text.max, .secret = s->text.secret};
	return s;
}

bool shared_says(const struct shared *s, const struct ack_buf *text)
{
	return ack_buf_same(&s->text, text);
}

void shared_leave(struct shared *s)
{
	if (!s || --s->readers)
		return;
	ack_buf_release(&s->text);
	free(s);
}
