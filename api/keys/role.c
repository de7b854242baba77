/* SPDX-License-Identifier: MIT */
#include "keys/role.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/text.h"
#include "base/variable.h"

#define SESSION     "ackfs"
#define SESSION_MAX 64
#define ARN_MAX     512

int ack_role_set(char **field, const char *text)
{
	char *copy = text && *text ? strdup(text) : NULL;

	if (text && *text && !copy)
		return -ENOMEM;
	free(*field);
	*field = copy;
	return 0;
}

bool ack_role_check(struct ack_role *r, struct ack_buf *why)
{
	if (!r->session) {
		const char *name = ACK_VARIABLE(
			"ALIBABA_CLOUD_ROLE_SESSION_NAME");

		if (ack_role_set(&r->session, name ? name : SESSION) < 0) {
			why->failed = true;
			return false;
		}
	}
	if (!r->arn || strlen(r->arn) > ARN_MAX ||
		strncmp(r->arn, "acs:ram::", 9) != 0) {
		ack_buf_puts(why,
			ack_text(r->arn ? "the role ARN does not begin with "
					  "acs:ram::"
					: "the role ARN is not set"));
		return false;
	}
	size_t len = strlen(r->session);
	if (len < 2 || len > SESSION_MAX ||
		!ack_span_only(ack_span_of(r->session), ".@-_")) {
		ack_buf_puts(
			why, ack_text("the role session name is not 2 to 64 "
				      "letters, digits and .@-_"));
		return false;
	}
	if (r->seconds == 0)
		r->seconds = ACK_ROLE_SECONDS;
	if (r->seconds < ACK_ROLE_SECONDS_MIN) {
		ack_buf_printf(why,
			"the keys of a role live at least %d seconds",
			ACK_ROLE_SECONDS_MIN);
		return false;
	}
	return true;
}

void ack_role_sts(const struct ack_role *r, struct ack_buf *url)
{
	const char *host = r->sts_endpoint;
	const char *region = r->sts_region;
	bool vpc = r->vpc ||
		   ack_variable_true("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED");

	if (!host)
		host = ACK_VARIABLE("ALIBABA_CLOUD_STS_ENDPOINT",
			"ALIBABACLOUD_STS_ENDPOINT");
	if (!region)
		region = ACK_VARIABLE("ALIBABA_CLOUD_STS_REGION");
	if (host) {
		size_t len = strlen(host);

		while (len > 0 && host[len - 1] == '/')
			len--;
		ack_buf_puts(url, strstr(host, "://") ? "" : "https://");
		ack_buf_put(url, host, len);
	} else if (region) {
		ack_buf_printf(url, "https://sts%s.%s.aliyuncs.com",
			vpc ? "-vpc" : "", region);
	} else {
		ack_buf_puts(url, "https://sts.aliyuncs.com");
	}
}

void ack_role_release(struct ack_role *r)
{
	free(r->arn);
	free(r->session);
	free(r->external_id);
	free(r->policy);
	free(r->sts_endpoint);
	free(r->sts_region);
	*r = (struct ack_role){0};
}
