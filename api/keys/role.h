/* SPDX-License-Identifier: MIT */
/* A RAM role to assume, and the STS that gives its keys. */
#ifndef ACK_ROLE_H
#define ACK_ROLE_H

#include <stdbool.h>
#include <stdint.h>

struct ack_buf;

#define ACK_ROLE_SECONDS     3600 /* of its keys' life, by default */
#define ACK_ROLE_SECONDS_MIN 900  /* as the SDKs have it */

/* Texts are ours, NULL when not given. */
struct ack_role {
	char *arn, *session, *external_id, *policy;
	char *sts_endpoint, *sts_region;
	bool vpc;        /* the STS within the VPC */
	int64_t seconds; /* 0: ACK_ROLE_SECONDS */
};

/*
 * Whether it may be asked for: false with a reason in `why`. Gives a session
 * without a name its own: "ackfs", or ALIBABA_CLOUD_ROLE_SESSION_NAME.
 */
bool ack_role_check(struct ack_role *r, struct ack_buf *why);

/*
 * The URL of the STS (SERVICE.md, Security Token Service), without a final
 * slash: the profile's sts_endpoint, ALIBABA_CLOUD_STS_ENDPOINT (which also the
 * RRSA webhook of ACK sets in a pod), its spelling ALIBABACLOUD_STS_ENDPOINT;
 * else by the region, sts_region or ALIBABA_CLOUD_STS_REGION,
 * sts.<region>.aliyuncs.com, or sts-vpc with
 * ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED; else sts.aliyuncs.com. A host without a
 * scheme is spoken to by https.
 */
void ack_role_sts(const struct ack_role *r, struct ack_buf *url);

/* A copy of `text` into one of its texts; "" and NULL are none. */
int ack_role_set(char **field, const char *text);

void ack_role_release(struct ack_role *r);

#endif
