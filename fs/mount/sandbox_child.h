/* SPDX-License-Identifier: MIT */
/* `ackfs sandbox`: ack-sandbox as a child that dies with the mount. */
#ifndef SANDBOX_CHILD_H
#define SANDBOX_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct ack_credentials;
struct ack_error;

struct sandbox {
	pid_t pid; /* 0: none */
	char url[64];
};

/*
 * Starts one that keeps its clusters in `state_dir`; `keys` gets its made-up
 * keys. `tell`: it keeps our stderr. 0 or a negative errno.
 */
int sandbox_start(struct sandbox *s, const char *state_dir, bool tell,
	struct ack_credentials *keys, struct ack_error *e);

/* Ends it and waits for its end. */
void sandbox_stop(struct sandbox *s);

#endif
