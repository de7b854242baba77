/* SPDX-License-Identifier: MIT */
/*
 * The mount's keys: found when it starts, kept fresh, shown in `status`. Keys
 * of which it is not known whose they are sign nothing but that question; those
 * of another account sign nothing at all.
 */
#ifndef KEYS_H
#define KEYS_H

#include "base/error.h"
#include "client/credentials.h"

struct ack_client_config;
struct ack_http;
struct ack_keyring;
struct ack_whose;
struct fleet;

enum keys_standing {
	KEYS_USED,
	KEYS_DOUBTFUL, /* whose they are is not known yet */
	KEYS_REJECTED, /* they are of another account */
};

struct keys {
	struct fleet *fleet;
	struct ack_keyring *ring; /* NULL: they do not change (sandbox) */
	/* The newest, until they are used. Before there is a client, those of
	 * the start, or why there are none. */
	struct ack_credentials first;
	struct ack_error *error;
	/* What the profile of the first said besides, or "". */
	char region[64], endpoint[256], endpoint_type[16];

	struct ack_whose *whose; /* NULL: no STS can be asked */
	int book;                /* where keybook.h looks; the mount's */
	enum keys_standing standing;
	char account[FLEET_ACCOUNT]; /* of the newest, or "" */
	bool renewed; /* since the question was answered, for the sake of it */
	struct ack_error rejection;
	/* The mount has no account yet: may it be this one? 0, and it is. */
	int (*claim)(void *arg, const char *account, struct ack_error *e);
	void *claim_arg;

	/* Of those that are used: */
	char used[128];     /* key ID */
	char place[192];    /* identity */
	int64_t used_until; /* 0: nobody knows */
};

/*
 * Looks for keys and waits for the end of that, which the time limits of the
 * sources bound; k->first has them. `profile` outlives the keys, and so do
 * the fleet, whose events turn, and `http`. 0, -ENOKEY with what was tried,
 * or another negative errno.
 */
int keys_find(struct keys *k, struct fleet *fleet, struct ack_http *http,
	const char *profile, struct ack_error *e);

/*
 * Whose the first ones are: what the book says, else the STS, when there is
 * one and it answers soon; where no such service answers, the place that they
 * come from. k->account has it, or "" when it is not known yet. `config` as for
 * ack_whose_new(). 0, or a negative errno.
 */
int keys_judge(struct keys *k, const struct ack_client_config *config, int book,
	struct ack_error *e);

/* Hands k->first over to the fleet's client, as far as they may be used. */
void keys_use(struct keys *k);

/* On SIGHUP: looks everywhere again; the old ones stay until then. */
void keys_reload(struct keys *k);

void keys_release(struct keys *k);

/* For ack_client_config, with the keys as the argument. */
int keys_check(void *arg, struct ack_error *e);
bool keys_renew(void *arg);

#endif
