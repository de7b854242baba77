/* SPDX-License-Identifier: MIT */
/* The mount's keys: found when it starts, kept fresh, told in `status`. */
#ifndef KEYS_H
#define KEYS_H

#include "credentials.h"

struct ack_error;
struct ack_http;
struct ack_keyring;
struct fleet;

struct keys {
	struct fleet *fleet;
	struct ack_keyring *ring; /* NULL: they do not change (sandbox) */
	/* Before there is a client, the first ones, or why there are none. */
	struct ack_credentials first;
	struct ack_error *error;
	/* What the profile of the first said besides, or "". */
	char region[64], endpoint[256], endpoint_type[16];
};

/*
 * Looks for keys and waits for the end of that, which the time limits of the
 * sources bound; k->first has them. `profile` outlives the keys, and so do
 * the fleet, whose events turn, and `http`. 0, -ENOKEY with what was tried,
 * or another negative errno.
 */
int keys_find(struct keys *k, struct fleet *fleet, struct ack_http *http,
	const char *profile, struct ack_error *e);

/* Hands k->first over to the fleet's client. */
void keys_use(struct keys *k);

/* On SIGHUP: looks everywhere again; the old ones stay until then. */
void keys_reload(struct keys *k);

void keys_release(struct keys *k);

/* For ack_client_config, with the keys as the argument. */
void keys_check(void *arg);
bool keys_renew(void *arg);

#endif
