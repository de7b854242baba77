/* SPDX-License-Identifier: MIT */
/*
 * Keys that stay fresh (SERVICE.md, Renewing keys): found once, then asked for
 * again from the source that served, before they expire, when a file that they
 * came from changes, and when the service calls them expired. What is in use
 * stays in use until there are others.
 *
 * Temporary keys are renewed when a quarter of their life is left, or 15
 * minutes if that is less. A renewal that fails, or brings the same keys, is
 * tried again after a second, then ever later, up to a minute, with jitter.
 */
#ifndef ACK_KEYRING_H
#define ACK_KEYRING_H

#include <stdbool.h>

struct ack_credentials;
struct ack_error;
struct ack_events;
struct ack_http;
struct ack_keyring;

struct ack_keyring_config {
	struct ack_events *events;
	struct ack_http *http;
	const char *profile; /* as for an inquiry; outlives the keys */
	/* Others from now on; *c is the receiver's to move away. */
	void (*got)(void *arg, struct ack_credentials *c);
	/*
	 * No keys were found: those in use stay. Called once for any
	 * number of failures in a row, but always after ack_keyring_search()
	 * and an ack_keyring_renew() that returned true.
	 */
	void (*failed)(void *arg, const struct ack_error *e);
	void *arg;
};

/* NULL and `e` filled without memory. Asks nobody yet. */
struct ack_keyring *ack_keyring_new(
	const struct ack_keyring_config *config, struct ack_error *e);

/* Ends what is under way; no callback comes any more. NULL is fine. */
void ack_keyring_free(struct ack_keyring *k);

/*
 * Walks through all sources: the first thing to do, and what SIGHUP is for.
 * `got` or `failed` may be called before it returns.
 */
void ack_keyring_search(struct ack_keyring *k);

/*
 * To be called before the keys are used: looks whether a file has changed or
 * a renewal is overdue, as after a sleep of the machine. Keys that lie in
 * files only are there when it returns; others come when they come.
 */
void ack_keyring_check(struct ack_keyring *k);

/*
 * The service says that they have expired. True: `got` or `failed` will be
 * called (or `got` has been); false: there is no way to others.
 */
bool ack_keyring_renew(struct ack_keyring *k);

/* Whether somebody is being asked. */
bool ack_keyring_asking(const struct ack_keyring *k);

#endif
