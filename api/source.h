/* SPDX-License-Identifier: MIT */
/*
 * One place where keys may be found. Sources that ask a server (OIDC, ECS
 * metadata, a credentials URI) would answer later: such a row starts its
 * transfers and the chain goes on from their callback.
 */
#ifndef ACK_SOURCE_H
#define ACK_SOURCE_H

struct ack_buf;
struct ack_credential_options;
struct ack_credentials;

struct ack_source {
	const char *name;
	/*
	 * 0 and *c filled, -ENOENT when it does not serve: `why` says the
	 * reason, never a secret. Or -ENOMEM.
	 */
	int (*load)(struct ack_credentials *c,
		const struct ack_credential_options *o, struct ack_buf *why);
};

/*
 * Copies what a source found. An empty token counts as none. -ENOENT with
 * the reason when a key is missing or cannot be one.
 */
int ack_credentials_take(struct ack_credentials *c, const char *key_id,
	const char *key_secret, const char *token, struct ack_buf *why);

/* The profiles of the CLI, ~/.aliyun/config.json (ack-api.md 5.2). */
int ack_source_cli(struct ack_credentials *c,
	const struct ack_credential_options *o, struct ack_buf *why);

#endif
