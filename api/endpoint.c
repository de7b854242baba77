/* SPDX-License-Identifier: MIT */
#include "endpoint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "url.h"

#define CLOUD ".aliyuncs.com"

int ack_region_valid(const char *region)
{
	size_t len = strlen(region);

	return len >= 1 && len <= 32 && region[0] != '-' &&
	       region[len - 1] != '-' &&
	       strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static int in_cloud(const char *name)
{
	size_t len = strlen(name), tail = strlen(CLOUD);

	return len > tail && strcmp(name + len - tail, CLOUD) == 0;
}

int ack_endpoint_init(struct ack_endpoint *ep, const char *url,
	const char *region, int form, struct ack_error *e)
{
	char built[64];
	struct ack_url u;

	*ep = (struct ack_endpoint){0};
	if (!region || !*region)
		return ack_error_set(e, EINVAL, "region",
			"which region? Name it as the source, with -o region=, "
			"ALIBABA_CLOUD_REGION_ID or the profile");
	if (!ack_region_valid(region))
		return ack_error_set(e, EINVAL, "region",
			"a region is a word such as cn-beijing: letters, "
			"digits and dashes, at most 32");
	if (!url) {
		snprintf(built, sizeof(built), "https://cs.%s" CLOUD, region);
		url = built;
	}
	int err = ack_url_parse(url, &u, e);
	if (err)
		return err;
	if (strcmp(u.rest, "") != 0 && strcmp(u.rest, "/") != 0)
		return ack_error_set(e, EINVAL, NULL,
			"the URL of an endpoint ends with the host: it has "
			"no path and no query");

	snprintf(ep->region, sizeof(ep->region), "%s", region);
	snprintf(ep->host, sizeof(ep->host), "%s", u.host);
	snprintf(ep->url, sizeof(ep->url), "%s://%s",
		u.https ? "https" : "http", u.host);
	if (form == ACK_CLASSIC || form == ACK_NODEPOOLS) {
		ep->form = (enum ack_form)form;
		strcpy(ep->why, "asked for with -o body=");
	} else if (in_cloud(u.name)) {
		ep->form = ACK_NODEPOOLS;
		strcpy(ep->why, "the hosts of aliyuncs.com want the workers "
				"in nodepools");
	} else {
		ep->form = ACK_CLASSIC;
		strcpy(ep->why, "the default for endpoints outside "
				"aliyuncs.com");
	}
	return 0;
}
