/* SPDX-License-Identifier: MIT */
/* Watches for descriptors that belong to a library, found by number. */
#ifndef ACK_SOCKETS_H
#define ACK_SOCKETS_H

#include <stdint.h>

struct ack_events;
struct ack_socket;

struct ack_sockets {
	struct ack_events *ev;
	struct ack_socket **of; /* by descriptor */
	unsigned size;
	void (*ready)(void *arg, int fd, uint32_t what);
	void *arg;
};

/* Watches, watches for something else, or with `wants` 0 forgets. 0 or a
 * negative errno. */
int ack_sockets_watch(struct ack_sockets *s, int fd, uint32_t wants);

void ack_sockets_release(struct ack_sockets *s);

#endif
