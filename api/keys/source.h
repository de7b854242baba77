/* SPDX-License-Identifier: MIT */
/*
 * The places where keys may be found, one file each, in the order of the
 * official SDKs (SERVICE.md, Key sources). A source is asked by `ask`, which
 * ends in exactly one ack_inquiry_found() or ack_inquiry_failed(), at once or
 * from a callback of the loop; in between it may fill in q->keys and q->roles.
 */
#ifndef ACK_SOURCE_H
#define ACK_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct ack_inquiry;

struct ack_source {
	const char *name;  /* for people, in the list of what was tried */
	bool has_profiles; /* asked also when a profile was named */
	void (*ask)(struct ack_inquiry *q);
};

extern const struct ack_source ack_sources[];
extern const size_t ack_sources_count;

/*
 * ALIBABA_CLOUD_ACCESS_KEY_ID, …_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN; then
 * the CLI's other names for them and Terraform's.
 */
void ack_source_environment(struct ack_inquiry *q);

/*
 * systemd's $CREDENTIALS_DIRECTORY (LoadCredential=): the files access_key_id,
 * access_key_secret and, for temporary keys, security_token. Second: who sets
 * the environment by hand means it, but a unit's own keys go before whatever
 * the machine offers.
 */
void ack_source_directory(struct ack_inquiry *q);

/* AssumeRoleWithOIDC as a pod's environment says, for RRSA (SERVICE.md,
 * Security Token Service). */
void ack_source_oidc(struct ack_inquiry *q);

/* The profiles of the CLI, ~/.aliyun/config.json (SERVICE.md, Profiles). */
void ack_source_cli(struct ack_inquiry *q);

/* ~/.alibabacloud/credentials (SERVICE.md, Credentials file). */
void ack_source_ini(struct ack_inquiry *q);

/* The role of the ECS instance (SERVICE.md, Metadata). */
void ack_source_metadata(struct ack_inquiry *q);

/* ALIBABA_CLOUD_CREDENTIALS_URI (SERVICE.md, Security Token Service). */
void ack_source_uri(struct ack_inquiry *q);

/*
 * What profiles name. The texts are copied; each ends in one found or failed.
 * `role` is the name of the instance's role, NULL or "": ask for it.
 */
void ack_metadata_ask(struct ack_inquiry *q, const char *role);
void ack_uri_ask(struct ack_inquiry *q, const char *uri);
void ack_external_ask(struct ack_inquiry *q, const char *process_command);

#endif
