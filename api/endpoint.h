/* SPDX-License-Identifier: MIT */
/* Which host to speak to (ack-api.md 4). */
#ifndef ACK_ENDPOINT_H
#define ACK_ENDPOINT_H

#include "params.h"

struct ack_error;

struct ack_endpoint {
	char url[320];	 /* scheme://host[:port], no path, no final slash */
	char host[256];	 /* host[:port] as the Host header has it */
	char region[64]; /* region ID, [a-z0-9-] */
	enum ack_form form;
	char why[160]; /* why this form, a sentence for `status` */
};

/* True for a well-formed region ID. */
int ack_region_valid(const char *region);

/*
 * From a region, or from the URL of an endpoint together with a region.
 * `form` is -1 for the default: nodepools for hosts under aliyuncs.com,
 * classic elsewhere. 0 or -EINVAL.
 */
int ack_endpoint_init(struct ack_endpoint *ep, const char *url,
	const char *region, int form, struct ack_error *e);

#endif
