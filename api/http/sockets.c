/* SPDX-License-Identifier: MIT */
#include "http/sockets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/event.h"
#include "http/reserve.h"

/* Behind a pointer each, since the table moves when it grows. */
struct ack_socket {
	struct ack_watch watch;
	struct ack_sockets *table;
};

static void socket_ready(void *arg, uint32_t what)
{
	struct ack_socket *s = arg;

	s->table->ready(s->table->arg, s->watch.fd, what);
}

static int grow(struct ack_sockets *s, unsigned needed)
{
	unsigned size = s->size ? s->size : 64;

	while (size < needed)
		size *= 2;
	struct ack_socket **of = ack_reserve_realloc(
		s->of, size * sizeof(struct ack_socket *));
	if (!of)
		return -ENOMEM;
	memset(of + s->size, 0, (size - s->size) * sizeof(struct ack_socket *));
	s->of = of;
	s->size = size;
	return 0;
}

int ack_sockets_watch(struct ack_sockets *s, int fd, uint32_t wants)
{
	unsigned i = (unsigned)fd;

	if (wants == 0) {
		if (i >= s->size || !s->of[i])
			return 0;
		ack_watch_set(s->ev, &s->of[i]->watch, 0);
		ack_reserve_free(s->of[i]);
		s->of[i] = NULL;
		return 0;
	}
	if (i >= s->size && grow(s, i + 1) < 0)
		return -ENOMEM;
	if (!s->of[i]) {
		s->of[i] = ack_reserve_calloc(1, sizeof(*s->of[i]));
		if (!s->of[i])
			return -ENOMEM;
		s->of[i]->table = s;
		s->of[i]->watch.fd = fd;
		s->of[i]->watch.ready = socket_ready;
		s->of[i]->watch.arg = s->of[i];
	}
	return ack_watch_set(s->ev, &s->of[i]->watch, wants);
}

void ack_sockets_release(struct ack_sockets *s)
{
	for (unsigned i = 0; i < s->size; i++)
		ack_sockets_watch(s, (int)i, 0);
	ack_reserve_free(s->of);
	s->of = NULL;
	s->size = 0;
}
