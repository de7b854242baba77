/* SPDX-License-Identifier: MIT */
/*
 * Where the keys come from: a table of sources tried in the order of the
 * official SDKs (ack-api.md 5.1). A source that does not apply or fails is
 * skipped; when none serves, the error lists every one and why.
 */
#ifndef ACK_CREDENTIALS_H
#define ACK_CREDENTIALS_H

#include <stdbool.h>

struct ack_error;

struct ack_credentials {
	char *key_id, *key_secret;
	char *token;	  /* NULL: a long-lived key */
	char source[160]; /* "environment", "profile default (AK) of …" */
	char region[64];  /* what the source itself says, or "" */
	char warning[256]; /* a file that others can read, or "" */
};

struct ack_credential_options {
	const char *profile; /* NULL: as the environment or the file says */
};

/*
 * Loads the first that serves. 0, or -ENOKEY with `e` listing the sources
 * tried; secrets never stand in it. Release what it filled in.
 */
int ack_credentials_load(struct ack_credentials *c,
	const struct ack_credential_options *o, struct ack_error *e);

/* Wipes and frees. */
void ack_credentials_release(struct ack_credentials *c);

/* The key ID for people: first and last four characters. */
void ack_key_id_mask(const char *key_id, char out[32]);

#endif
