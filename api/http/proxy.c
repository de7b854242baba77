/* SPDX-License-Identifier: MIT */
#include "http/proxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"
#include "base/span.h"

/* In the order in which libcurl asks for them. */
static const char *const variables[] = {
	"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
static const char *const exceptions[] = {"no_proxy", "NO_PROXY"};

static const char *value(const char *name)
{
	const char *text = getenv(name);

	return text && *text ? text : NULL;
}

/* Whether an entry of no_proxy is the host, or a domain that it is in. */
static bool covers(struct ack_span entry, struct ack_span host)
{
	if (ack_span_is(entry, "*"))
		return true;
	if (ack_span_starts(entry, ".")) {
		entry.text++;
		entry.len--;
	}
	if (!entry.len || entry.len > host.len ||
		strncasecmp(host.text + host.len - entry.len, entry.text,
			entry.len) != 0)
		return false;
	return entry.len == host.len ||
	       host.text[host.len - entry.len - 1] == '.';
}

static bool is_excepted(const char *host)
{
	const char *list = value(exceptions[0]);
	struct ack_span rest, name = {host, strcspn(host, ":")};

	rest = ack_span_of(list ? list : value(exceptions[1]));
	while (rest.len > 0)
		if (covers(ack_span_cut(&rest, ", \t"), name))
			return true;
	return false;
}

bool ack_proxy_find(const char *host, struct ack_proxy *p)
{
	const char *text = NULL, *at;
	size_t len;

	for (size_t i = 0; !text && i < LENGTH(variables); i++) {
		p->variable = variables[i];
		text = value(variables[i]);
	}
	if (!text || is_excepted(host))
		return false;
	at = strstr(text, "://");
	text = at ? at + 3 : text;
	len = strcspn(text, "/");
	/* a user and a password may stand before the host */
	for (at = memchr(text, '@', len); at; at = memchr(text, '@', len)) {
		len -= (size_t)(at + 1 - text);
		text = at + 1;
	}
	snprintf(p->host, sizeof(p->host), "%.*s", (int)len, text);
	return true;
}
