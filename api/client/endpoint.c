/* SPDX-License-Identifier: MIT */
#include "client/endpoint.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/length.h"
#include "base/variable.h"
#include "http/url.h"
#include "params/nearest.h"

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

bool ack_endpoint_is_alibaba(const struct ack_endpoint *ep)
{
	char name[sizeof(ep->host)];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(ep->host, ":"),
		ep->host);
	return in_cloud(name);
}

/* As of 2026, for suggestions alone: there may be new ones. */
static const char *const regions[] = {"cn-qingdao", "cn-beijing",
	"cn-zhangjiakou", "cn-huhehaote", "cn-wulanchabu", "cn-hangzhou",
	"cn-shanghai", "cn-nanjing", "cn-fuzhou", "cn-wuhan-lr", "cn-shenzhen",
	"cn-heyuan", "cn-guangzhou", "cn-chengdu", "cn-hongkong",
	"ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2",
	"ap-southeast-3", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
	"ap-south-1", "us-east-1", "us-west-1", "na-south-1", "eu-west-1",
	"eu-central-1", "me-east-1", "me-central-1", "cn-hangzhou-finance",
	"cn-shanghai-finance-1", "cn-shenzhen-finance-1",
	"cn-beijing-finance-1", "cn-north-2-gov-1"};

const char *ack_region_meant(const char *region)
{
	struct ack_nearest n = ACK_NEAREST_INIT(region);

	for (size_t i = 0; i < LENGTH(regions); i++)
		ack_nearest_offer(&n, regions[i]);
	for (size_t i = 0; *n.best && n.distance > 0 && i < LENGTH(regions);
		i++)
		if (!strcmp(regions[i], n.best))
			return regions[i];
	return NULL;
}

static int check_region(const char *region, struct ack_error *e)
{
	if (!region || !*region)
		return ack_error_set(e, EINVAL, "region",
			"which region? Name it as the source, with -o region=, "
			"ALIBABA_CLOUD_REGION_ID or the profile");
	if (!ack_region_valid(region))
		return ack_error_set(e, EINVAL, "region",
			"a region is a word such as cn-beijing: letters, "
			"digits and dashes, at most 32");
	return 0;
}

static void choose_form(struct ack_endpoint *ep, const char *name, int form)
{
	if (form == ACK_CLASSIC || form == ACK_NODEPOOLS) {
		ep->form = (enum ack_form)form;
		strcpy(ep->why, "asked for with -o body=");
	} else if (in_cloud(name)) {
		ep->form = ACK_NODEPOOLS;
		strcpy(ep->why, "the hosts of aliyuncs.com want the workers "
				"in nodepools");
	} else {
		ep->form = ACK_CLASSIC;
		strcpy(ep->why, "the default for endpoints outside "
				"aliyuncs.com");
	}
}

int ack_endpoint_init(struct ack_endpoint *ep, const char *url,
	const char *region, int form, struct ack_error *e)
{
	char built[sizeof(ep->url)];
	struct ack_url u;

	*ep = (struct ack_endpoint){0};
	int err = check_region(region, e);
	if (err)
		return err;
	if (!url)
		snprintf(built, sizeof(built), "https://cs.%s" CLOUD, region);
	else if ((size_t)snprintf(built, sizeof(built), "%s%s",
			 strstr(url, "://") ? "" : "https://",
			 url) >= sizeof(built))
		return ack_error_set(
			e, EINVAL, NULL, "the URL of the endpoint is too long");
	err = ack_url_parse(built, &u, e);
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
	choose_form(ep, u.name, form);
	return 0;
}

/* One place that may name a URL or a type. */
struct voice {
	const char *url, *type, *name;
};

static struct voice environment(void)
{
	static const char *const names[] = {"ALIBABA_CLOUD_ENDPOINT_CS",
		"CS_ENDPOINT", "ALIBABA_CLOUD_ENDPOINT"};
	struct voice v = {.name = "environment"};

	for (size_t i = 0; !v.url && i < LENGTH(names); i++) {
		v.url = ACK_VARIABLE(names[i]);
		if (v.url)
			v.name = names[i];
	}
	v.type = ACK_VARIABLE("ALIBABA_CLOUD_ENDPOINT_TYPE",
		"ALIBABACLOUD_ENDPOINT_TYPE", "ALICLOUD_ENDPOINT_TYPE",
		"ENDPOINT_TYPE");
	return v;
}

static int by_type(char built[128], const char *type, const char *region,
	struct ack_error *e)
{
	bool vpc = strcasecmp(type, "vpc") == 0;

	if (!vpc && strcasecmp(type, "public") != 0)
		return ack_error_set(e, EINVAL, "endpoint_type",
			"the type of an endpoint is vpc or public");
	snprintf(built, 128, "https://cs%s.%s" CLOUD, vpc ? "-anony-vpc" : "",
		region);
	return 0;
}

int ack_endpoint_choose(struct ack_endpoint *ep,
	const struct ack_endpoint_rules *rules, const char *region,
	struct ack_error *e)
{
	const struct voice voices[] = {
		{rules->url, rules->type, "command line"},
		environment(),
		{rules->profile_url, rules->profile_type, "profile"},
	};
	char built[128];
	size_t i = 0, n = LENGTH(voices);

	*ep = (struct ack_endpoint){0};
	int err = check_region(region, e);
	if (err)
		return err;
	while (i < n && !(voices[i].url && *voices[i].url) &&
		!(voices[i].type && *voices[i].type))
		i++;
	if (i == n)
		return ack_endpoint_init(ep, NULL, region, rules->form, e);
	const char *url = voices[i].url;
	if (!url || !*url) {
		err = by_type(built, voices[i].type, region, e);
		url = built;
	}
	if (!err)
		err = ack_endpoint_init(ep, url, region, rules->form, e);
	if (!err)
		snprintf(ep->from, sizeof(ep->from), "%s", voices[i].name);
	return err;
}
