/* SPDX-License-Identifier: MIT */
/*
 * Whose keys they are: the account that an STS names (GetCallerIdentity, which
 * needs no permission). The question has a client for itself, so that nothing
 * else is signed with keys before it is answered.
 */
#ifndef ACK_WHOSE_H
#define ACK_WHOSE_H

#include <stdbool.h>

struct ack_buf;
struct ack_client_config;
struct ack_credentials;
struct ack_error;
struct ack_whose;

#define ACK_ACCOUNT_MAX 32

/* The number of an account: digits. */
bool ack_account_valid(const char *text);

/* What people read: the number, or the place of the keys that stands for it
 * where no STS is known; "": not known yet. */
void ack_account_text(const char *account, struct ack_buf *out);

/* -EKEYREJECTED: "these keys belong to account 1, this mount to account 2;
 * mount again". */
int ack_account_differs(struct ack_error *e, const char *what,
	const char *account, const char *other, const char *other_account,
	const char *advice);

/* The answer, or "" and `e` says why there is none. */
typedef void (*ack_whose_fn)(
	void *arg, const char *account, const struct ack_error *e);

/* `config` as for a client, whose endpoint is the STS; who keeps its keys
 * fresh is not asked. NULL and `e` filled without memory. */
struct ack_whose *ack_whose_new(const struct ack_client_config *config,
	ack_whose_fn done, void *arg, struct ack_error *e);

/* Not from inside of `done`; NULL is fine. */
void ack_whose_free(struct ack_whose *w);

/*
 * Asks about a copy of these keys; an earlier question ends without an answer.
 * 0, or a negative errno and `e` filled: then there is no answer either.
 */
int ack_whose_ask(struct ack_whose *w, const struct ack_credentials *keys,
	struct ack_error *e);

bool ack_whose_asking(const struct ack_whose *w);

#endif
