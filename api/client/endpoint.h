/* SPDX-License-Identifier: MIT */
/* Which host to speak to (SERVICE.md, Endpoints). */
#ifndef ACK_ENDPOINT_H
#define ACK_ENDPOINT_H

#include <stdbool.h>

#include "params/params.h"

struct ack_error;

struct ack_endpoint {
	char url[320];   /* scheme://host[:port], no path, no final slash */
	char host[256];  /* host[:port] as the Host header has it */
	char region[64]; /* region ID, [a-z0-9-] */
	enum ack_form form;
	char why[160]; /* why this form, a sentence for `status` */
	char from[64]; /* who named the host, for `status`; "": the rule */
};

/* What is given besides the region; texts may be NULL or "". */
struct ack_endpoint_rules {
	const char *url;  /* of the command line */
	const char *type; /* endpoint_type= of the command line */
	const char *profile_url, *profile_type;
	int form; /* as for ack_endpoint_init() */
};

/* True for the hosts of Alibaba Cloud itself, under aliyuncs.com. */
bool ack_endpoint_is_alibaba(const struct ack_endpoint *ep);

/* True for a well-formed region ID. */
int ack_region_valid(const char *region);

/* The region that is probably meant by one that is not known here, which may
 * be a new one; NULL: it is known, or nothing is near. */
const char *ack_region_meant(const char *region);

/*
 * From a region, or from the URL of an endpoint together with a region; a host
 * alone is spoken to by https. `form` is -1 for the default: nodepools for
 * hosts under aliyuncs.com, classic elsewhere. 0 or -EINVAL.
 */
int ack_endpoint_init(struct ack_endpoint *ep, const char *url,
	const char *region, int form, struct ack_error *e);

/*
 * The same by the rules, for any region, also for another than the mount's.
 * The first of these that says something decides, a URL before a type:
 * the command line; the environment (ALIBABA_CLOUD_ENDPOINT_CS, CS_ENDPOINT,
 * ALIBABA_CLOUD_ENDPOINT; ALIBABA_CLOUD_ENDPOINT_TYPE and the CLI's other
 * names for it); the profile. A type is `vpc`, which means
 * cs-anony-vpc.<region>.aliyuncs.com (older documents say cs-vpc.<region>; name
 * that with endpoint= where it is needed), or `public`, cs.<region>.
 * 0 or -EINVAL.
 */
int ack_endpoint_choose(struct ack_endpoint *ep,
	const struct ack_endpoint_rules *rules, const char *region,
	struct ack_error *e);

#endif
