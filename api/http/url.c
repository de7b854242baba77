/* SPDX-License-Identifier: MIT */
#include "http/url.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

static bool is_loopback(const char *name)
{
	char inner[sizeof(((struct ack_url *)0)->name)];
	struct in6_addr six;
	struct in_addr four;
	size_t len = strlen(name);

	if (strcmp(name, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, name, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (name[0] != '[')
		return false;
	snprintf(inner, sizeof(inner), "%.*s", (int)(len - 2), name + 1);
	return inet_pton(AF_INET6, inner, &six) == 1 &&
	       memcmp(&six, &in6addr_loopback, sizeof(six)) == 0;
}

/* Labels of letters, digits and dashes, or an IPv6 address in brackets. */
static bool name_valid(const char *name)
{
	size_t len = strlen(name);

	if (name[0] == '[') {
		char inner[INET6_ADDRSTRLEN];
		struct in6_addr six;

		if (len < 4 || len > sizeof(inner) || name[len - 1] != ']')
			return false;
		snprintf(
			inner, sizeof(inner), "%.*s", (int)(len - 2), name + 1);
		return inet_pton(AF_INET6, inner, &six) == 1;
	}
	for (size_t i = 0; i < len; i++) {
		char before = i ? name[i - 1] : '.';

		if (name[i] == '.'
				? before == '.'
				: !is_alnum(name[i]) && !strchr("-_", name[i]))
			return false;
	}
	return len > 0;
}

/* The number of digits of a port from 1 to 65535, or 0. */
static size_t port_scan(const char *text, unsigned *port)
{
	size_t n = strspn(text, "0123456789");

	*port = 0;
	if (n == 0 || n > 5)
		return 0;
	for (size_t i = 0; i < n; i++)
		*port = *port * 10 + (unsigned)(text[i] - '0');
	return *port >= 1 && *port <= 65535 ? n : 0;
}

int ack_url_parse(const char *url, struct ack_url *u, struct ack_error *e)
{
	unsigned port;
	const char *p;

	*u = (struct ack_url){.https = strncasecmp(url, "https://", 8) == 0};
	if (!u->https && strncasecmp(url, "http://", 7) != 0)
		return ack_error_set(e, EINVAL, NULL,
			"a URL begins with https:// or http://");
	p = url + (u->https ? 8 : 7);

	size_t authority = strcspn(p, "/?#");
	if (memchr(p, '@', authority))
		return ack_error_set(e, EINVAL, NULL,
			"a URL must not hold a user name or password");
	size_t len = *p == '[' ? strcspn(p, "]") + 1 : strcspn(p, ":/?#");
	if (len > authority || len >= sizeof(u->name))
		len = 0;
	for (size_t i = 0; i < len; i++)
		u->name[i] = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] + 32)
							: p[i];
	if (!name_valid(u->name))
		return ack_error_set(e, EINVAL, NULL,
			"the host of the URL is not a name or address");
	strcpy(u->host, u->name);
	if (p[len] == ':') {
		size_t digits = port_scan(p + len + 1, &port);

		if (digits == 0)
			return ack_error_set(e, EINVAL, NULL,
				"the port of the URL must be 1 to 65535");
		if (port != (u->https ? 443 : 80))
			snprintf(u->host, sizeof(u->host), "%.249s:%u", u->name,
				port);
		len += 1 + digits;
	}
	if (len != authority)
		return ack_error_set(e, EINVAL, NULL,
			"the host of the URL is not a name or address");
	u->rest = p + authority;
	u->loopback = is_loopback(u->name);
	return 0;
}
