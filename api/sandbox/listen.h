/* SPDX-License-Identifier: MIT */
#ifndef SANDBOX_LISTEN_H
#define SANDBOX_LISTEN_H

struct ack_error;

/*
 * A listening, non-blocking socket on 127.0.0.1, or a negative errno; *port
 * becomes the one it got.
 */
int listen_loopback(int *port, struct ack_error *e);

/* Raises the limit of open files to what is allowed; returns it. */
unsigned listen_limit(void);

#endif
