/* SPDX-License-Identifier: MIT */
#include "keys/source.h"

#include <stdio.h>

#include "base/variable.h"
#include "keys/inquiry.h"
#include "keys/sts.h"

void ack_source_oidc(struct ack_inquiry *q)
{
	const char *arn = ACK_VARIABLE(
		"ALIBABA_CLOUD_ROLE_ARN", "ALIBABACLOUD_ROLE_ARN");
	const char *provider = ACK_VARIABLE("ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
		"ALIBABACLOUD_OIDC_PROVIDER_ARN");
	const char *file = ACK_VARIABLE("ALIBABA_CLOUD_OIDC_TOKEN_FILE",
		"ALIBABACLOUD_OIDC_TOKEN_FILE");
	struct ack_role role = {.arn = NULL};

	if (!arn || !provider || !file) {
		ack_buf_printf(&q->why, "ALIBABA_CLOUD_%s is not set",
			!arn        ? "ROLE_ARN"
			: !provider ? "OIDC_PROVIDER_ARN"
				    : "OIDC_TOKEN_FILE");
		ack_inquiry_failed(q);
		return;
	}
	snprintf(q->keys.source, sizeof(q->keys.source), "OIDC, role %.160s",
		arn);
	if (ack_role_set(&role.arn, arn) == 0) {
		ack_sts_assume_with_oidc(q, &role, provider, file);
	} else {
		q->why.failed = true;
		ack_inquiry_failed(q);
	}
	ack_role_release(&role);
}
