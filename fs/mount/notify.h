/* SPDX-License-Identifier: MIT */
/*
 * Notifications to a service manager, sd_notify(3): a datagram to the socket
 * that $NOTIFY_SOCKET names. Without one nothing is sent, and nothing fails.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include "base/event.h"

struct notify {
	struct ack_events *events;
	struct ack_timer timer;
	int64_t every_ms; /* 0: nobody waits for signs of life */
};

/* The mount answers; `status` is what systemctl(1) shows. */
void notify_ready(const char *status);
void notify_stopping(void);

/* Why there is no mount: a positive errno and a sentence. */
void notify_failed(int err, const char *sentence);

/* Signs of life while the loop turns, as $WATCHDOG_USEC asks for. */
void notify_watch(struct notify *n, struct ack_events *events);
void notify_unwatch(struct notify *n);

/* Gives a descriptor to the manager, which hands it to the next program of
 * the service. 0 or a negative errno. */
int notify_store(int fd);

#endif
