/* SPDX-License-Identifier: MIT */
/* Which call a request is: the table of all that the sandbox can do. */
#ifndef SANDBOX_ROUTER_H
#define SANDBOX_ROUTER_H

#include <stdbool.h>

struct exchange;
struct sandbox;

struct route {
	const char *method;
	const char *path, *action; /* as in calls.def and routes.def */
	void (*call)(struct sandbox *s, struct exchange *x);
};

/* The row of a request, and its x->args; NULL: it does not exist. */
const struct route *route_find(struct exchange *x);

/* True when it has a row, of the action it claims; else it is answered. */
bool route_check(struct exchange *x);

/* The calls, in files of what they are about. */
#define ACK_CALL(action, ...) \
	void call_##action(struct sandbox *s, struct exchange *x);
#define ACK_STS_CALL(...)
#include "client/calls.def"
#undef ACK_CALL
#define ROUTE(method, path, action, call) \
	void call(struct sandbox *s, struct exchange *x);
#include "sandbox/routes.def"
#undef ROUTE

#endif
