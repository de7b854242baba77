/* SPDX-License-Identifier: MIT */
#include "fuse/shared.h"

#include <errno.h>
#include <stdlib.h>

#include "model/guest.h"

int shared_new(struct ack_buf *text, struct guest *reader, struct shared **out)
{
	struct shared *s = malloc(sizeof(*s));
	int ret = s ? guest_charge(reader, text->cap) : -ENOMEM;

	if (ret) {
		free(s);
		return ret;
	}
	*s = (struct shared){.readers = 1, .text = *text, .payer = reader};
	*text = (struct ack_buf){.max = s->text.max, .secret = s->text.secret};
	*out = s;
	return 0;
}

bool shared_says(const struct shared *s, const struct ack_buf *text)
{
	return ack_buf_same(&s->text, text);
}

void shared_leave(
	struct shared *s, const struct guest *reader, struct guest *heir)
{
	if (--s->readers) {
		if (s->payer != reader)
			return;
		guest_move(s->payer, heir, s->text.cap);
		s->payer = heir;
		return;
	}
	guest_refund(s->payer, s->text.cap);
	ack_buf_release(&s->text);
	free(s);
}
