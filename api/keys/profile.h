/* SPDX-License-Identifier: MIT */
/* A profile of the CLI, and the modes that it may have (SERVICE.md, Profiles).
 */
#ifndef ACK_PROFILE_H
#define ACK_PROFILE_H

struct ack_inquiry;
struct ack_json;

/* A profile of the file by its name, or NULL. */
const struct ack_json *ack_profile_find(
	const struct ack_json *root, const char *name);

/* Its mode in the usual spelling; AK when it names none, "unknown mode" when
 * the CLI has no such mode. */
const char *ack_profile_mode(const struct ack_json *profile);

/*
 * Asks for its keys: AK, StsToken, CloudSSO and OAuth (as the CLI cached
 * them) have them here, RamRoleArn and ChainableRamRoleArn assume a role with
 * those of this profile or another, EcsRamRole, OIDC, External and
 * CredentialsURI ask on. The role, the provider, the token file and the URI
 * may also stand in the environment, as for the SDKs. Any other mode fails with
 * a reason.
 */
void ack_profile_ask(struct ack_inquiry *q, const struct ack_json *root,
	const struct ack_json *profile);

#endif
