/* SPDX-License-Identifier: MIT */
/* The Security Token Service: temporary keys of a role (SERVICE.md, Security
 * Token Service). */
#ifndef ACK_STS_H
#define ACK_STS_H

struct ack_inquiry;
struct ack_role;

/*
 * AssumeRole, signed with the keys that the inquiry has; they are replaced by
 * those of the role, and its ARN becomes their identity. Ends in one found or
 * failed. The role is not needed any more when this returns.
 */
void ack_sts_assume(struct ack_inquiry *q, struct ack_role *role);

/*
 * AssumeRoleWithOIDC, unsigned: the token is the content of a file, which
 * rotates and so is read each time. The same otherwise.
 */
void ack_sts_assume_with_oidc(struct ack_inquiry *q, struct ack_role *role,
	const char *provider_arn, const char *token_file);

#endif
