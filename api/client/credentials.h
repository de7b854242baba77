/* SPDX-License-Identifier: MIT */
/* A set of keys, and where it came from (SERVICE.md, Key sources). */
#ifndef ACK_CREDENTIALS_H
#define ACK_CREDENTIALS_H

#include <stdint.h>

struct ack_buf;

struct ack_credentials {
	char *key_id, *key_secret;
	char *token;      /* NULL: a long-lived key */
	int64_t expires;  /* time(2) on this machine; 0: never, or unknown */
	unsigned again;   /* then: seconds after which to ask again; 0: not */
	char source[192]; /* "environment", "profile default (AK) of …" */
	/*
	 * The same as long as the keys come from one place, whichever they are:
	 * the role, the profile …; the key ID for the environment, which is no
	 * place. Where no STS can be asked, it stands for the account.
	 */
	char identity[192];
	/* What the profile says besides, or "". */
	char region[64], endpoint[256], endpoint_type[16];
	char warning[256]; /* a file that others can read, or "" */
};

/*
 * Copies keys over those in *c. An empty token counts as none. -ENOENT with a
 * reason in `why`, which quotes nothing, when a key is missing or cannot be
 * one; -ENOMEM.
 */
int ack_credentials_take(struct ack_credentials *c, const char *key_id,
	const char *key_secret, const char *token, struct ack_buf *why);

/* The same with the keys of others. */
int ack_credentials_copy(
	struct ack_credentials *to, const struct ack_credentials *from);

/*
 * Sets when they expire, from ISO 8601 in UTC ("2026-01-02T03:04:05Z", with or
 * without a fraction; NULL or "" or another form: unknown). `date` is the time
 * of the source, seconds since 1970, or 0: its clock counts, not ours.
 */
void ack_credentials_expire(
	struct ack_credentials *c, const char *text, int64_t date);

/* Moves them; *from is empty afterwards. */
void ack_credentials_move(
	struct ack_credentials *to, struct ack_credentials *from);

/* Wipes and frees. */
void ack_credentials_release(struct ack_credentials *c);

/* The key ID for people: first and last four characters. */
void ack_key_id_mask(const char *key_id, char out[32]);

/* The time left for people: ", expires in 52 min", or "" for ever. */
void ack_credentials_left(int64_t expires, char out[64]);

#endif
