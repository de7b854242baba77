/* SPDX-License-Identifier: MIT */
#include "sandbox/router.h"

#include <string.h>

#include "base/length.h"
#include "sandbox/exchange.h"

static const struct route routes[] = {
#define ROW(action, call, purpose, method, path, ...) \
	{method, path, action, call},
/* what may follow the path takes the place of the dots, with a comma for where
 * nothing does */
#define ACK_CALL(action, kind, ...) ROW(#action, call_##action, __VA_ARGS__, )
#define ACK_STS_CALL(...)
#include "client/calls.def"
#undef ACK_CALL
#undef ROW
#define ROUTE(...) {__VA_ARGS__},
#include "sandbox/routes.def"
#undef ROUTE
};

static bool matches(struct exchange *x, const char *pattern)
{
	const char *path = ack_buf_text(&x->target.path);
	size_t nargs = 0;

	while (*pattern) {
		if (strncmp(pattern, "{}", 2) != 0) {
			if (*path++ != *pattern++)
				return false;
			continue;
		}
		size_t len = strcspn(path, "/");
		if (len == 0 || target_decode(path, len, x->args[nargs++],
					sizeof(x->args[0])) < 0)
			return false;
		path += len;
		pattern += 2;
	}
	return *path == '\0';
}

const struct route *route_find(struct exchange *x)
{
	for (size_t i = 0; i < LENGTH(routes); i++)
		if (strcmp(routes[i].method, x->method) == 0 &&
			matches(x, routes[i].path))
			return &routes[i];
	return NULL;
}

bool route_check(struct exchange *x)
{
	const char *action = exchange_header(x, "x-acs-action");

	if (!x->route)
		answer_gateway(x, 404, "InvalidApi.NotFound",
			"The sandbox has no call %s %s.", x->method,
			ack_buf_text(&x->target.path));
	else if (action && strcmp(action, x->route->action) != 0)
		answer_gateway(x, 404, "InvalidApi.NotFound",
			"%s %s is %s, but x-acs-action says %s.", x->method,
			ack_buf_text(&x->target.path), x->route->action,
			action);
	else
		return true;
	return false;
}
